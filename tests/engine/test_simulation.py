"""Hundreds of seeded runs of random graphs, on virtual time: whatever the order, what RUNS.md promises holds.

A failure names its seed; `simulate(seed)` plays it again.
"""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from tests.engine.test_recovery import check_history, recover
from tests.engine.virtual import Busy, World, drive, graph, made_up, plan_of, virtually
from wireloom.engine.errors import StepError
from wireloom.engine.limits import Limits
from wireloom.engine.node_io import Output
from wireloom.engine.services import ChatRequest, Message

SEEDS_A_TEST = 25


def random_document(chance: Random) -> dict:
    """A graph of up to 18 nodes of every kind, whose edges lead from earlier to later ones."""
    names = [f"n{i}" for i in range(chance.randint(3, 18))]
    nodes, edges = {}, []
    for place, name in enumerate(names):
        nodes[name] = _node(chance, name)
        for source in chance.sample(names[:place], min(place, chance.choice([0, 1, 1, 2, 3]))):
            edges.append(f"{source}.{chance.choice(_ports(nodes[source]))} > {name}")
    settings = {"max_concurrency": chance.choice([1, 2, 50])}
    return graph(nodes, *dict.fromkeys(edges), settings=settings)


def _node(chance: Random, name: str) -> dict:
    kind = chance.choice(["transform", "condition", "join", "agent", "agent", "delay", "shaky", "output"])
    config = {
        "transform": {"expression": f"['{name}', input.n]"},
        "condition": {"expression": f"input.n % {chance.randint(2, 3)} == 0"},
        "join": {"mode": chance.choice(["all", "any"])},
        "agent": {"prompt": f"{name} {{{{ input.n }}}}"},
        "delay": {"duration_s": chance.choice([0, 3, 500])},
        "shaky": {"behaviour": name},
        "output": {},
    }[kind]
    policy = {"max_attempts": 20}
    if kind == "shaky":
        policy |= {"on_error": chance.choice(["route", "continue"]), "default": f"default of {name}"}
    return {"type": kind, "config": config, "policy": policy}


def _ports(node: dict) -> list[str]:
    if node["type"] == "condition":
        return ["true", "false"]
    return ["out", "error"] if node["policy"].get("on_error") == "route" else ["out"]


async def _shake(config, inputs, services):
    """Fails or not by its name alone, so that every order of completion sees the same."""
    await services.llm.complete(_question(config.behaviour))
    if Random(config.behaviour).random() < 0.5:
        raise StepError(f"{config.behaviour} shook")
    return Output(config.behaviour)


def _question(text):
    return ChatRequest("m", (Message("user", text),))


SHAKY = made_up("shaky", _shake)


def world_of(seed: int, order: int) -> World:
    """A model whose latencies and passing failures follow from `order`, and whose answers do not."""
    chance = Random(f"{seed}.{order}")
    failures: dict[str, int] = {}

    async def answer(request):
        text = request.messages[-1].content
        await asyncio.sleep(chance.choice([0, 0.1, 1, 7]))
        failures[text] = failures.get(text, 0) + 1
        # Not for the shaky: how often they tried stands in the error that they route.
        if " " in text and failures[text] <= 2 and chance.random() < 0.3:
            raise Busy(retry_after=chance.choice([None, 4]))
        return f"answer to {text[-20:]}"

    return World(answer, seed=order, limits=Limits({"agent": chance.choice([1, 3, 64])}))


def essence(ran):
    return (
        ran.outcome,
        ran.output,
        ran.steps,
        {key: step.value for key, step in ran.execution.state.steps.items()},
    )


def simulate(seed: int) -> None:
    chance = Random(seed)
    plan = plan_of(random_document(chance), SHAKY)
    run_input = {"n": chance.randint(0, 11)}

    first = virtually(drive(plan, run_input, world=world_of(seed, 1)))
    second = virtually(drive(plan, run_input, world=world_of(seed, 2)))

    assert first.outcome.status == "succeeded", first.execution.state.error
    for ran in (first, second):
        check_history(ran.events)
    assert essence(second) == essence(first)

    cut = chance.randint(1, len(first.events))
    again = virtually(recover(plan, first.events[:cut], world=world_of(seed, 3)))
    check_history(again.events)
    assert essence(again) == essence(first), f"cut after event {cut}"


@pytest.mark.parametrize("beginning", range(0, 300, SEEDS_A_TEST))
def test_any_order_of_completion_and_any_crash_give_the_same_output_and_the_same_steps(beginning):
    for seed in range(beginning, beginning + SEEDS_A_TEST):
        try:
            simulate(seed)
        except BaseException as error:
            error.add_note(f"seed {seed}")
            raise


@pytest.mark.parametrize("beginning", range(0, 100, SEEDS_A_TEST))
def test_a_cancellation_at_any_moment_ends_every_step_once(beginning):
    for seed in range(beginning, beginning + SEEDS_A_TEST):
        chance = Random(seed)
        plan = plan_of(random_document(chance), SHAKY)
        moment = chance.uniform(0, 20)

        async def cancel(execution, moment=moment):
            await asyncio.sleep(moment)
            execution.cancel()

        ran = virtually(drive(plan, {"n": 1}, world=world_of(seed, 1), meanwhile=cancel))
        assert ran.outcome.status in ("cancelled", "succeeded"), f"seed {seed}"
        check_history(ran.events)
