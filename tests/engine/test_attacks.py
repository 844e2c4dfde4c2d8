"""Workflows made to break the executor: deep, wide, endless, or cancelled in the middle of anything."""

from __future__ import annotations

import asyncio
import dataclasses
import time
from random import Random
from typing import Any

import pytest

from tests.engine.checks import check_history
from tests.engine.documents import random_workflow
from tests.engine.simulated import SHAKY, world_of
from tests.engine.virtual import SLEEP, Ran, drive, graph, made_up, plan_of, play, sleeping, virtually
from wireloom.engine.events import Event
from wireloom.engine.execution import Execution
from wireloom.engine.plan import Plan
from wireloom.graph.problems import InvalidWorkflow
from wireloom.nodes.subworkflow import SUBWORKFLOW

COLLECT = {"type": "join", "config": {"mode": "collect"}}
FIRST = {"type": "join", "config": {"mode": "first", "cancel_losers": True}}


def expression(text: str) -> dict[str, Any]:
    return {"type": "transform", "config": {"expression": text}}


def condition(text: str) -> dict[str, Any]:
    return {"type": "condition", "config": {"expression": text}}


def split(items: str, policy: str = "fail", most: int = 10) -> dict[str, Any]:
    return {"type": "split", "config": {"items": items, "on_item_error": policy, "max_concurrency": most}}


# -- a node that cancels itself


async def _cancel_itself(config: Any, inputs: Any, services: Any) -> None:
    raise asyncio.CancelledError


def _cancel_at_once(config: Any, inputs: Any) -> None:
    raise asyncio.CancelledError


def _cancel_while_waiting(config: Any, inputs: Any, services: Any) -> None:
    raise asyncio.CancelledError


CANCELLERS = [
    made_up("cancels", _cancel_itself),
    made_up("cancels", _cancel_at_once, flow="inline"),
    made_up("cancels", _cancel_while_waiting, flow="wait"),
]


@pytest.mark.parametrize("kind", CANCELLERS, ids=lambda kind: kind.flow)
@pytest.mark.parametrize("where", ["the run", "an item", "a loop", "a sub-workflow"])
def test_a_node_that_cancels_itself_has_failed_wherever_it_stands(kind, where):
    bad = {"type": "cancels"}
    documents = {
        "the run": graph({"bad": bad, "after": "output"}, "bad > after"),
        "an item": graph(
            {"split": split("[1, 2]"), "bad": bad, "join": COLLECT}, "split > bad", "bad > join"
        ),
        "a loop": graph(
            {"bad": bad, "turn": condition("false")}, "bad > turn", "turn.false > bad ~3"
        ),
        "a sub-workflow": graph({"in": {"type": "subworkflow", "config": {"workflow": "inner"}}}),
    }  # fmt: skip

    plan = plan_of(documents[where], kind, workflows={"inner": graph({"bad": bad})})
    ran = virtually(drive(plan))

    check_history(ran.events)
    error = ran.execution.state.error
    assert (ran.outcome.status, error["code"], error["message"]) == (
        "failed", "error", "'bad' cancelled itself.",
    )  # fmt: skip


def test_a_workflow_whose_input_cancels_itself_has_failed():
    kind = dataclasses.replace(SUBWORKFLOW, name="nested", run=_cancel_at_once)
    document = graph({"in": {"type": "nested", "config": {"workflow": "inner"}}})

    ran = virtually(drive(plan_of(document, kind, workflows={"inner": graph({"a": "output"})})))

    check_history(ran.events)
    assert ran.execution.state.error["message"] == "'in' cancelled itself."


# -- stopped in the middle of anything


@pytest.mark.parametrize("seed", range(60))
def test_x19_a_run_with_regions_may_be_cancelled_at_every_single_event(seed):
    drawn = random_workflow(Random(seed), ends_by_clock=True)
    try:
        plan = plan_of(drawn.document, SHAKY, workflows=drawn.workflows)
    except InvalidWorkflow:
        return
    whole = virtually(drive(plan, {"n": 2}, world=world_of(seed, 1)))
    for place in range(1, len(whole.events), 1 + len(whole.events) // 25):
        ran = virtually(_cancelled_at(plan, seed, place))
        check_history(ran.events)
        left = {one.type for one in ran.events[place:]}
        assert ran.outcome.status == "cancelled" or left <= {"step.skipped", "run.failed"}, place


async def _cancelled_at(plan: Plan, seed: int, place: int) -> Ran:
    running: list[Execution] = []

    def listener(event: Event) -> None:
        if event.seq == place and running:
            running[0].cancel()

    return await drive(
        plan,
        {"n": 2},
        world=world_of(seed, 1),
        listener=listener,
        spoil=running.append,
    )


# -- failures at each level


@pytest.mark.parametrize("outer", ["fail", "null", "drop"])
@pytest.mark.parametrize("inner", ["fail", "null", "drop"])
def test_x6_a_failed_item_goes_as_far_as_its_split_lets_it(outer, inner):
    document = graph(
        {
            "rows": split("[[1, 0], [2]]", outer),
            "cells": split("item", inner),
            "work": expression("2 / item"),
            "row": COLLECT,
            "table": COLLECT,
        },
        "rows > cells",
        "cells > work",
        "work > row",
        "row > table",
    )

    ran = play(document)

    check_history(ran.events)
    expected = {
        "null": ("succeeded", [[2, None], [1]]),
        "drop": ("succeeded", [[2], [1]]),
        "fail": {"fail": ("failed", None), "null": ("succeeded", [None, [1]]), "drop": ("succeeded", [[1]])},
    }[inner]
    assert (ran.outcome.status, ran.output) == (expected[outer] if isinstance(expected, dict) else expected)


# -- races in regions


def test_x7_in_each_item_the_losers_of_its_own_race_are_stopped():
    document = graph(
        {
            "split": split("[1, 2]"),
            "fast": sleeping(1),
            "slow": sleeping(50),
            "race": FIRST,
            "join": COLLECT,
        },
        "split > fast",
        "split > slow",
        "fast > race",
        "slow > race",
        "race > join",
    )

    ran = play(document, None, SLEEP)

    check_history(ran.events)
    assert ran.output == ["1", "1"]
    assert ran.times("step.cancelled") == [("slow:0", 1), ("slow:1", 1)]


def test_x7_in_each_pass_the_losers_of_its_own_race_are_stopped():
    document = graph(
        {
            "head": expression("iteration"),
            "fast": sleeping(1),
            "slow": sleeping(50),
            "race": FIRST,
            "turn": condition("iteration == 2"),
            "after": "output",
        },
        "head > fast",
        "head > slow",
        "fast > race",
        "slow > race",
        "race > turn",
        "turn.false > head ~5",
        "turn.true > after",
    )

    ran = play(document, None, SLEEP)

    check_history(ran.events)
    assert (ran.output, ran.times("step.cancelled")) == ("1", [("slow", 1), ("slow~2", 2)])


def test_x7_a_split_that_lost_in_an_item_is_stopped_with_all_its_items():
    document = graph(
        {
            "rows": split("[1, 2]"),
            "fast": sleeping(1),
            "cells": split("[1, 2, 3]", most=2),
            "work": sleeping(50),
            "row": COLLECT,
            "race": FIRST,
            "table": COLLECT,
        },
        "rows > fast",
        "rows > cells",
        "cells > work",
        "work > row",
        "fast > race",
        "row > race",
        "race > table",
    )

    ran = play(document, None, SLEEP)

    check_history(ran.events)
    assert ran.output == ["1", "1"]
    assert sorted(ran.times("step.cancelled")) == [
        (f"work:{row}:{cell}", 1) for row in (0, 1) for cell in (0, 1)
    ]


# -- deep


def test_twenty_splits_in_each_other_are_done_and_no_recursion_ends_it():
    names = [f"s{n}" for n in range(20)]
    document = graph(
        {
            **{name: split("[1, 2]" if n < 3 else "[index]") for n, name in enumerate(names)},
            "work": sleeping(1),
            **{f"j{n}": COLLECT for n in range(20)},
        },
        *(f"{one} > {two}" for one, two in zip([*names, "work"], [*names[1:], "work", "j0"], strict=False)),
        *(f"j{n} > j{n + 1}" for n in range(19)),
    )

    ran = play(document, None, SLEEP)

    check_history(ran.events)
    assert ran.outcome.status == "succeeded"
    assert sum(key.startswith("work:") for key in ran.steps) == 8


def test_workflows_five_deep_with_regions_in_each_are_done():
    def around(slug: str) -> dict[str, Any]:
        return graph(
            {
                "split": split("[1, 2]"),
                "in": {"type": "subworkflow", "config": {"workflow": slug}},
                "turn": condition("iteration == 2"),
                "join": COLLECT,
            },
            "split > in",
            "in > turn",
            "turn.false > in ~3",
            "turn.true > join",
        )

    workflows = {f"w{n}": around(f"w{n + 1}") for n in range(1, 5)} | {"w5": graph({"work": sleeping(1)})}
    ran = virtually(drive(plan_of(around("w1"), SLEEP, workflows=workflows)))

    check_history(ran.events)
    assert ran.error_code == "step_limit"  # 4 ** 5 times the innermost: more than a run may repeat

    ran = virtually(
        drive(plan_of(around("w1") | {"settings": {"max_steps": 100_000}}, SLEEP, workflows=workflows))
    )

    check_history(ran.events)
    assert ran.outcome.status == "succeeded"
    assert sum(key.endswith(".work") for key in ran.steps) == 4**5


# -- large, on real time

SIZE = 10_000


def chain() -> dict[str, Any]:
    return graph(
        {f"n{n}": "output" if n == SIZE - 1 else expression("1") for n in range(SIZE)},
        *(f"n{n} > n{n + 1}" for n in range(SIZE - 1)),
    )


def wide() -> dict[str, Any]:
    middle = [f"n{n}" for n in range(SIZE - 2)]
    return graph(
        {
            "first": "input",
            **{name: expression("1") for name in middle},
            "last": {"type": "join", "config": {"mode": "all"}},
        },
        *(f"first > {name}" for name in middle),
        *(f"{name} > last" for name in middle),
    )


def looped() -> dict[str, Any]:
    return graph(
        {"count": expression("iteration"), "turn": condition(f"iteration == {SIZE // 2}"), "after": "output"},
        "count > turn",
        f"turn.false > count ~{SIZE // 2}",
        "turn.true > after",
        settings={"max_steps": 2 * SIZE},
    )


def split_up() -> dict[str, Any]:
    return graph(
        {"split": split("input", most=1000), "work": expression("item"), "join": COLLECT},
        "split > work",
        "work > join",
    )


@pytest.mark.parametrize("shape", [chain, wide, looped, split_up], ids=lambda shape: shape.__name__)
def test_ten_thousand_steps_take_less_than_ten_seconds(shape):
    plan = plan_of(shape())
    began = time.process_time()

    ran = asyncio.run(drive(plan, list(range(SIZE))))

    spent = time.process_time() - began
    print(
        f"{shape.__name__}: {spent / len(ran.steps) * 1e6:.0f} µs of CPU for each of {len(ran.steps)} steps"
    )
    check_history(ran.events)
    assert ran.outcome.status == "succeeded"
    assert len(ran.steps) >= SIZE
    assert spent < 10


def test_x18_ten_thousand_items_that_wait_in_an_item_are_not_looked_through_each_time():
    document = graph(
        {
            "rows": split("[1]"),
            "cells": split("input"),
            "rest": {"type": "delay", "config": {"duration_s": 10}},
            "row": COLLECT,
            "table": COLLECT,
        },
        "rows > cells",
        "cells > rest",
        "rest > row",
        "row > table",
    )
    began = time.process_time()

    ran = play(document, list(range(SIZE)))

    assert ran.output == [list(range(SIZE))]
    assert time.process_time() - began < 10
