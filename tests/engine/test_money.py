"""X13: money. A call reserves its worst price, waits while others may give back, and fails only when it never fits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest

from tests.engine.virtual import graph, virtually
from tests.stubs.executors import executor_on
from tests.stubs.provider import Script, StubProvider
from wireloom import Node, Result, Workflow
from wireloom.engine.budget import Budget
from wireloom.engine.errors import BudgetExceeded

#: gpt-4o-mini, US dollars a token.
INPUT, OUTPUT = 0.15e-6, 0.6e-6
#: What the stub says that one answer took.
CALL = 12 * INPUT + 7 * OUTPUT


class Purse:
    """A budget of 10, and what was spent."""

    def __init__(self) -> None:
        self.spent = 0.0
        self.budget = Budget(10.0, lambda: self.spent)
        self.held = 0.0
        self.most_held = 0.0

    async def call(self, worst: float, cost: float, seconds: float = 1.0) -> None:
        async with self.budget.reserved(worst):
            self.held += worst
            self.most_held = max(self.most_held, self.held + self.spent)
            await asyncio.sleep(seconds)
            self.held -= worst
            self.spent += cost


def test_x13_a_reservation_waits_while_others_may_be_given_back():
    async def spend() -> Purse:
        purse = Purse()
        await asyncio.gather(*(purse.call(worst=4, cost=1) for _ in range(6)))
        return purse

    purse = virtually(spend())

    assert (purse.spent, purse.most_held <= 10) == (6, True)


def test_x13_it_fails_only_when_it_can_never_fit():
    async def spend() -> tuple[float, list[Any]]:
        purse = Purse()
        outcomes = await asyncio.gather(
            purse.call(6, 6), purse.call(5, 5), purse.call(4, 4), return_exceptions=True
        )
        return purse.spent, [type(one) for one in outcomes]

    spent, outcomes = virtually(spend())

    assert (spent, outcomes) == (10, [type(None), BudgetExceeded, type(None)])


def test_x13_what_can_never_fit_fails_at_once():
    async def spend() -> None:
        with pytest.raises(BudgetExceeded):
            await Purse().call(10.01, 0)

    virtually(spend())


def test_x13_a_call_that_is_cut_short_gives_back_what_it_held():
    async def spend() -> float:
        purse = Purse()
        first = asyncio.ensure_future(purse.call(9, 9, seconds=100))
        second = asyncio.ensure_future(purse.call(9, 2))
        await asyncio.sleep(1)
        first.cancel()
        await second
        return purse.spent

    assert virtually(spend()) == 2


@pytest.fixture
async def stub() -> AsyncIterator[StubProvider]:
    async with StubProvider() as provider:
        yield provider


async def run(stub: StubProvider, workflow: Workflow | dict[str, Any]) -> Result:
    async with executor_on(stub) as executor:
        return await executor.run_async(workflow)


def agents(count: int, budget: float | None, *, chained: bool = True, **config: Any) -> dict[str, Any]:
    agent = {
        "type": "agent",
        "config": {"model": "openai/gpt-4o-mini", "prompt": "x", "max_tokens": 100, **config},
    }
    names = [f"a{n}" for n in range(count)]
    edges = [f"{one} > {two}" for one, two in pairwise(names)] if chained else []
    return graph(
        dict.fromkeys(names, agent), *edges, settings={"max_cost_usd": budget} if budget is not None else {}
    )


async def test_x13_a_run_within_its_budget_ends_as_without_one(stub):
    result = await run(stub, agents(3, 0.01))

    assert (result.status, result.usage.cost_usd) == ("succeeded", pytest.approx(3 * CALL))


async def test_x13_the_call_that_could_go_beyond_the_budget_is_not_made(stub):
    worst = 100 * OUTPUT + 75 * INPUT  # of a prompt of one letter
    document = agents(5, 1.5 * CALL + worst)
    for edge in document["edges"]:
        edge["context"] = False

    result = await run(stub, document)

    assert (result.error["code"], result.error["node"], len(stub.calls)) == ("budget_exceeded", "a2", 2)
    assert result.usage.cost_usd == pytest.approx(2 * CALL)


async def test_x13_agents_side_by_side_never_spend_more_together(stub):
    stub.otherwise = Script(usage={"prompt_tokens": 12, "completion_tokens": 100}, delay_s=0.05)
    worst = 100 * OUTPUT + 100 * INPUT

    result = await run(stub, agents(10, 4 * worst, chained=False))

    assert (result.status, result.error["code"]) == ("failed", "budget_exceeded")
    assert result.usage.cost_usd <= 4 * worst
    assert 3 <= len(stub.calls) <= 6


async def test_x3_a_spent_budget_is_never_routed(stub):
    document = agents(1, 0.0)
    document["nodes"][0]["policy"] = {"on_error": "continue", "default": "none"}

    assert (await run(stub, document)).error["code"] == "budget_exceeded"


async def test_x13_a_model_of_unknown_price_is_refused_under_a_budget_and_costs_null_without(stub):
    refused = await run(stub, agents(1, 1.0, model="openai/nobody-knows"))
    free = await run(stub, agents(1, None, model="openai/nobody-knows"))

    assert (refused.error["code"], len(stub.calls)) == ("price_unknown", 1)
    assert (free.status, free.usage.cost_usd) == ("succeeded", None)


async def test_x13_an_agent_may_have_a_budget_of_its_own(stub):
    wish = {"name": "nothing", "arguments": "{}"}
    stub.scripts.extend(
        Script("", tool_calls=({"id": "c", **wish, "arguments": f'{{"n": {n}}}'},), finish="tool_calls")
        for n in range(9)
    )
    document = agents(1, None, limits={"max_cost_usd": 3 * CALL + 60e-6})

    document["nodes"][0]["config"]["output_schema"] = {"type": "object"}
    result = await run(stub, document)

    assert (result.error["code"], 1 <= len(stub.calls) < 9) == ("budget_exceeded", True)


async def test_x13_a_workflow_inside_has_its_budget_within_the_one_around(stub):
    inner = Workflow("Inner", settings={"max_cost_usd": 0.0})
    inner.add_node(Node.agent("Ask", "x", model="openai/gpt-4o-mini", max_tokens=10))
    outer = Workflow("Outer", settings={"max_cost_usd": 1.0})
    outer.add_node(Node.subworkflow("Inside", inner, on_error="continue", default="too dear"))

    result = await run(stub, outer)

    assert (result.status, result.output, stub.calls) == ("succeeded", "too dear", [])
