"""X10: variables are dataflow. A node sees the writes of its ancestors, whoever finished first."""

from __future__ import annotations

import pytest

from tests.engine.virtual import SLEEP, graph, plan_of, play, sleeping
from wireloom.graph.problems import InvalidWorkflow


def expression(text: str) -> dict:
    return {"type": "transform", "config": {"expression": text}}


def condition(text: str) -> dict:
    return {"type": "condition", "config": {"expression": text}}


def write(value: str, name: str = "x", reducer: str | None = None) -> dict:
    return {"type": "set_variable", "config": {"name": name, "value": value, "reducer": reducer}}


def test_x10_a_node_sees_the_last_write_before_it():
    document = graph(
        {"a": write("1"), "b": write("vars.x + 1"), "after": expression("vars.x")}, "a > b", "b > after"
    )

    assert play(document).output == 2


def test_x10_a_write_on_a_branch_not_taken_did_not_happen():
    document = graph(
        {"a": write("1"), "gate": condition("false"), "b": write("2"), "after": expression("vars.x")},
        "a > gate",
        "gate.true > b",
        "gate.false > after",
        "b > after",
    )

    assert play(document).output == 1


@pytest.mark.parametrize(("on_error", "seen"), [("route", 1), ("continue", 5)])
def test_x10_a_write_that_failed_is_none_unless_it_goes_on_with_its_default(on_error, seen):
    broken = {**write("1 / 0"), "policy": {"on_error": on_error, "default": 5}}
    document = graph(
        {"a": write("1"), "b": broken, "after": expression("vars.x")}, "a > b", "b > after", "b.error > after"
    )

    assert play(document).output == seen


def test_x10_what_does_not_come_before_a_node_is_not_seen():
    document = graph(
        {"quick": write("9"), "slow": sleeping(5), "reader": expression("vars.x")},
        "slow > reader",
        settings={"variables": {"x": 0}},
    )

    assert play(document, None, SLEEP).output["reader"] == 0


@pytest.mark.parametrize(
    ("reducer", "values", "declared", "together"),
    [
        ("append", ("1", "2"), [0], [0, 1, 2]),
        ("append", ("[1]", "2"), None, [[1], 2]),
        ("sum", ("1", "2.5"), 10, 13.5),
        ("merge", ('{"a": 1, "c": 1}', '{"b": 2, "c": 2}'), {"z": 0}, {"z": 0, "a": 1, "c": 2, "b": 2}),
        ("last_by_order", ("1", "2"), 0, 2),
    ],
)
@pytest.mark.parametrize("later", ["a", "b"])
def test_x10_reducers_bring_writes_together_in_the_graphs_order_whoever_finished_first(
    reducer, values, declared, together, later
):
    document = graph(
        {
            "wait_a": sleeping(5 if later == "a" else 1),
            "wait_b": sleeping(5 if later == "b" else 1),
            "a": write(values[0], reducer=reducer),
            "b": write(values[1], reducer=reducer),
            "after": expression("vars.x"),
        },
        "wait_a > a",
        "wait_b > b",
        "a > after",
        "b > after",
        settings={"variables": {"x": declared} if declared is not None else {}},
    )

    assert play(document, None, SLEEP).output == together


def test_x10_after_a_split_the_writes_of_all_items_are_seen_in_item_order():
    document = graph(
        {
            "split": {"type": "split", "config": {"items": "input"}},
            "slow": {"type": "sleep", "config": {"behaviour": "1"}},
            "note": write("item", reducer="append"),
            "own": expression("vars.x"),
            "join": {"type": "join", "config": {"mode": "collect"}},
            "after": expression("[nodes.join, vars.x]"),
        },
        "split > slow",
        "slow > note",
        "note > own",
        "own > join",
        "join > after",
    )

    ran = play(document, list(range(12)), SLEEP)

    assert ran.output == [[[n] for n in range(12)], list(range(12))]


def test_x10_in_a_loop_the_writes_of_earlier_passes_are_seen():
    document = graph(
        {
            "add": write("vars.x + iteration"),
            "enough": condition("vars.x >= 6"),
            "after": expression("vars.x"),
        },
        "add > enough",
        "enough.true > after",
        "enough.false > add ~9",
        settings={"variables": {"x": 0}},
    )

    assert play(document).output == 6


def test_x10_a_loop_appends_once_a_pass():
    document = graph(
        {
            "add": write("iteration", reducer="append"),
            "enough": condition("iteration == 3"),
            "after": expression("vars.x"),
        },
        "add > enough",
        "enough.true > after",
        "enough.false > add ~9",
    )

    assert play(document).output == [1, 2, 3]


@pytest.mark.parametrize(
    ("document", "problems"),
    [
        (graph({"a": write("1"), "b": write("2")}), [("conflicting_writes", "b", "reducer")]),
        (
            graph({"a": write("1", reducer="sum"), "b": write("2", reducer="append")}),
            [("conflicting_writes", "b", "reducer")],
        ),
        (
            graph({"split": {"type": "split", "config": {"items": "[1]"}}, "a": write("item")}, "split > a"),
            [("conflicting_writes", "a", "reducer")],
        ),
        (graph({"a": write("1", name="Not a name")}), [("invalid_config", "a", "name")]),
        (graph({"a": expression("vars.x")}), [("unknown_reference", "a", "expression")]),
        (graph({"a": write("1"), "b": expression("vars.x")}), [("unknown_reference", "b", "expression")]),
    ],
)
def test_what_depends_on_a_clock_is_refused_when_saved(document, problems):
    with pytest.raises(InvalidWorkflow) as caught:
        plan_of(document)

    assert [(one.code, one.node, one.field) for one in caught.value.problems] == problems
