"""The executor beside a second reading of RUNS.md: a small interpreter, which must come to the same."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.engine.checks import check_agreement, check_bounds, check_history
from tests.engine.documents import random_workflow
from tests.engine.interpreter import interpret
from tests.engine.simulated import SHAKY, answer_to, world_of
from tests.engine.virtual import drive, graph, plan_of, virtually
from wireloom.graph.document import parse
from wireloom.graph.problems import InvalidWorkflow

CHANCE = st.randoms(use_true_random=False)
NUMBERS = st.integers(0, 5)
ORDERS = st.lists(st.integers(0, 10_000), min_size=2, max_size=2)


def compare(chance: Random, number: int, orders: list[int]) -> None:
    """Draw a workflow, and have both do it; the executor in several orders of completion."""
    drawn = random_workflow(chance)
    try:
        plan = plan_of(drawn.document, SHAKY, workflows=drawn.workflows)
    except InvalidWorkflow:
        assume(False)
    workflows = {slug: parse(one) for slug, one in drawn.workflows.items()}
    book = interpret(parse(drawn.document), {"n": number}, workflows=workflows, answer=answer_to)
    assume(not book.ambiguous)
    for order in orders:
        ran = virtually(drive(plan, {"n": number}, world=world_of(0, order)))
        check_history(ran.events)
        check_bounds(ran)
        check_agreement(ran, book)


@given(CHANCE, NUMBERS, ORDERS)
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_executor_does_what_the_interpreter_reads_in_the_rules(chance, number, orders):
    compare(chance, number, orders)


@pytest.mark.prove
@given(CHANCE, NUMBERS, ORDERS)
@settings(max_examples=4_000, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_executor_does_what_the_interpreter_reads_in_the_rules_at_length(chance, number, orders):
    compare(chance, number, orders)


def test_the_interpreter_reads_the_rules_as_they_are_written():
    """One workflow done by hand, so that both cannot be wrong in the same way: X5, X6, X8, X10, X12."""
    document = graph(
        {
            "rows": {"type": "split", "config": {"items": "[[1, 2], [0]]", "on_item_error": "null"}},
            "cells": {"type": "split", "config": {"items": "item"}},
            "note": {
                "type": "set_variable",
                "config": {"name": "seen", "value": "item", "reducer": "append"},
            },
            "share": {"type": "transform", "config": {"expression": "6 / item"}},
            "row": {"type": "join", "config": {"mode": "collect"}},
            "table": {"type": "join", "config": {"mode": "collect"}},
            "turn": {"type": "condition", "config": {"expression": "iteration == 2"}},
            "out": {"type": "output", "config": {"value": "[nodes.table, nodes.share, vars.seen]"}},
        },
        "rows > cells",
        "cells > note",
        "note > share",
        "share > row",
        "row > table",
        "table > turn",
        "turn.false > turn ~3",
        "turn.true > out",
    )

    book = interpret(parse(document), {}, workflows={}, answer=answer_to)

    assert (book.status, book.output) == ("succeeded", [[[6, 3], None], [[6, 3], None], [1, 2]])
    assert {key: step.status for key, step in book.steps.items() if step.certain} == dict.fromkeys(
        ["rows", "cells:0", "note:0:0", "share:0:0", "note:0:1", "share:0:1", "row:0", "table", "turn", "turn~2", "out"],
        "succeeded",
    )  # fmt: skip
    assert {key: step.status for key, step in book.steps.items() if not step.certain} == {
        "cells:1": "succeeded", "note:1:0": "succeeded", "share:1:0": "failed",
    }  # fmt: skip
    assert book.blocked == {"row:1"}
