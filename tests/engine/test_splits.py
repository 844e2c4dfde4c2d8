"""X6: splits and the joins that collect them."""

from __future__ import annotations

import pytest

from tests.engine.virtual import SLEEP, graph, play, sleeping


def expression(text: str, **policy: object) -> dict:
    return {"type": "transform", "config": {"expression": text}, "policy": policy}


def condition(text: str) -> dict:
    return {"type": "condition", "config": {"expression": text}}


def split(items: str = "input", **more: object) -> dict:
    return {"type": "split", "config": {"items": items, **more}}


COLLECT = {"type": "join", "config": {"mode": "collect"}}


def each(work: dict, **options: object) -> dict:
    return graph(
        {"split": split(**options), "work": work, "join": COLLECT},
        "split > work",
        "work > join",
    )


def test_x6_each_item_is_done_and_the_join_gives_the_outputs_in_item_order():
    ran = play(each(expression("item * 10 + index")), [3, 1, 2])

    assert ran.output == [30, 11, 22]
    assert list(ran.steps) == ["split", "work:0", "work:1", "work:2", "join"]


def test_x6_an_edge_from_the_split_carries_the_item():
    assert play(each({"type": "output"}), ["a", "b"]).execution.state.steps["join"].value == ["a", "b"]


def test_x6_an_object_is_done_entry_by_entry():
    ran = play(each(expression('item.key + "=" + string(item.value)')), {"a": 1, "b": 2})

    assert ran.output == ["a=1", "b=2"]


def test_x6_an_empty_list_gives_an_empty_list():
    ran = play(each(expression("item")), [])

    assert (ran.output, ran.steps) == ([], {"split": "succeeded", "join": "succeeded"})


def test_x6_no_more_items_than_allowed_are_under_way_and_order_is_kept():
    document = each({"type": "sleep", "config": {"behaviour": "2"}}, max_concurrency=2)

    ran = play(document, [0, 0, 0, 0, 0], SLEEP)

    assert ran.times("step.started") == [
        ("split", 0), ("work:0", 0), ("work:1", 0), ("work:2", 2), ("work:3", 2), ("work:4", 4), ("join", 6),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("policy", "status", "output"),
    [("fail", "failed", None), ("null", "succeeded", [2, None, 0.5]), ("drop", "succeeded", [2, 0.5])],
)
def test_x6_a_failed_item_fails_the_run_or_leaves_null_or_is_dropped(policy, status, output):
    ran = play(each(expression("2.0 / item"), on_item_error=policy), [1, 0, 4])

    assert (ran.outcome.status, ran.output) == (status, output)


def test_x6_a_failed_item_skips_by_name_what_depends_on_it_in_that_item_alone():
    document = graph(
        {
            "split": split(on_item_error="null"),
            "work": expression("1 / item"),
            "then": expression("nodes.work"),
            "join": COLLECT,
        },
        "split > work",
        "work > then",
        "then > join",
    )

    ran = play(document, [0, 1])

    assert ran.steps == {
        "split": "succeeded", "work:0": "failed", "work:1": "succeeded", "then:0": "skipped",
        "then:1": "succeeded", "join": "succeeded",
    }  # fmt: skip
    assert ran.execution.state.steps["then:0"].error["code"] == "upstream_failed"


def test_x6_with_fail_the_other_items_are_stopped():
    document = graph(
        {
            "split": split(),
            "gate": condition("item == 1"),
            "bad": expression("1 / 0"),
            "slow": sleeping(60),
            "join": COLLECT,
        },
        "split > gate",
        "gate.true > bad",
        "gate.false > slow",
        "bad > join",
        "slow > join",
    )

    ran = play(document, [0, 1], SLEEP)

    assert (ran.outcome.status, ran.error_code) == ("failed", "expression_error")
    assert (ran.steps["slow:0"], ran.times("step.cancelled")) == (
        "cancelled",
        [("slow:0", 0)],
    )


def test_x6_an_item_whose_branch_ends_elsewhere_is_left_out():
    document = graph(
        {"split": split(), "big": condition("item > 1"), "work": expression("item"), "join": COLLECT},
        "split > big",
        "big.true > work",
        "work > join",
    )

    assert play(document, [1, 2, 3]).output == [2, 3]


def test_x6_several_live_edges_of_one_item_make_an_object():
    document = graph(
        {"split": split(), "a": expression("item"), "b": expression("item * 2"), "join": COLLECT},
        "split > a",
        "split > b",
        "a > join",
        "b > join",
    )

    assert play(document, [1, 2]).output == [{"a": 1, "b": 2}, {"a": 2, "b": 4}]


def test_x6_edges_from_outside_carry_the_same_value_for_each_item():
    document = graph(
        {"rate": expression("3"), "split": split(), "work": expression("nodes.rate * item"), "join": COLLECT},
        "rate > work",
        "split > work",
        "work > join",
    )

    ran = play(document, [1, 2])

    assert ran.output == [3, 6]


def test_x9_after_a_split_its_nodes_are_lists():
    document = graph(
        {
            "split": split(),
            "work": expression("item + 1"),
            "join": COLLECT,
            "after": expression("nodes.work"),
        },
        "split > work",
        "work > join",
        "join > after",
    )

    assert play(document, [1, 2]).output == [2, 3]


def test_x6_splits_stand_in_each_other():
    document = graph(
        {
            "rows": split(),
            "cells": split("item"),
            "work": expression("item * 2"),
            "row": COLLECT,
            "table": COLLECT,
        },
        "rows > cells",
        "cells > work",
        "work > row",
        "row > table",
    )

    ran = play(document, [[1, 2], [], [3]])

    assert ran.output == [[2, 4], [], [6]]
    assert [key for key in ran.steps if key.startswith("work")] == ["work:0:0", "work:0:1", "work:2:0"]


def test_x8_a_loop_in_an_item_and_a_split_in_a_pass_have_different_keys():
    in_item = graph(
        {
            "split": split(),
            "judge": {"type": "condition", "config": {"expression": "iteration == 2"}},
            "join": COLLECT,
        },
        "split > judge",
        "judge.false > judge ~3",
        "judge.true > join",
    )
    in_pass = graph(
        {
            "head": expression("iteration"),
            "split": split("[1]"),
            "judge": expression("item"),
            "join": COLLECT,
            "enough": condition("iteration == 2"),
        },
        "head > split",
        "split > judge",
        "judge > join",
        "join > enough",
        "enough.false > head ~3",
    )

    assert "judge:0~2" in play(in_item, [5]).steps
    assert "judge~2:0" in play(in_pass).steps


def test_x6_a_split_that_is_skipped_has_each_node_behind_it_skipped_once():
    document = graph(
        {"gate": condition("false"), "split": split("[1, 2]"), "work": expression("item"), "join": COLLECT},
        "gate.true > split",
        "split > work",
        "work > join",
    )

    assert play(document).steps == {
        "gate": "succeeded", "split": "skipped", "work": "skipped", "join": "skipped",
    }  # fmt: skip


def test_x6_a_split_may_end_without_a_join():
    document = graph({"split": split(), "work": expression("item")}, "split > work")

    ran = play(document, [1, 2])

    assert (ran.outcome.status, ran.output) == ("succeeded", [1, 2])


def test_a_split_wired_straight_to_its_join_gives_its_items():
    assert play(graph({"split": split(), "join": COLLECT}, "split > join"), [1, 2]).output == [1, 2]


def test_x6_a_join_wired_to_its_split_alone_waits_for_the_items_all_the_same():
    document = graph({"split": split(), "work": sleeping(1), "join": COLLECT}, "split > work", "split > join")

    ran = play(document, [7, 8], SLEEP)

    assert ran.output == {"work": ["1", "1"], "join": [7, 8]}
    assert ran.times("step.started")[-1] == ("join", 1)


@pytest.mark.parametrize(
    ("given", "code"), [("text", "type_mismatch"), (5, "type_mismatch"), (True, "type_mismatch")]
)
def test_a_split_of_what_is_no_list_fails_at_its_node(given, code):
    ran = play(each(expression("item")), given)

    assert (ran.error_code, ran.execution.state.error["node"]) == (code, "split")


def test_a_split_of_a_million_items_fails_at_its_node():
    ran = play(each(expression("item")), [0] * 1_000_000)

    assert (ran.error_code, ran.execution.state.error["node"]) == ("step_limit", "split")


def test_x18_an_item_that_waits_gives_its_place_to_another():
    document = each({"type": "delay", "config": {"duration_s": 10}}, max_concurrency=1)

    ran = play(document, [1, 2, 3])

    assert ran.times("step.waiting") == [("work:0", 0), ("work:1", 0), ("work:2", 0)]
    assert ran.output == [1, 2, 3]


def test_x18_items_that_have_waited_go_on_no_more_at_a_time_than_allowed():
    document = graph(
        {
            "split": split(max_concurrency=2),
            "rest": {"type": "delay", "config": {"duration_s": 10}},
            "work": sleeping(5),
            "join": COLLECT,
        },
        "split > rest",
        "rest > work",
        "work > join",
    )

    ran = play(document, [1, 2, 3, 4, 5], SLEEP)

    began = [at for key, at in ran.times("step.started") if key.startswith("work")]
    assert began == [10, 10, 15, 15, 20]


def test_x18_an_item_whose_last_step_waited_needs_no_place_to_end():
    document = graph(
        {
            "split": split("[20, 10]", max_concurrency=1),
            "long": {"type": "condition", "config": {"expression": "item == 20"}},
            "rest": {"type": "delay", "config": {"duration_s": 10}},
            "work": sleeping(30),
            "pause": {"type": "delay", "config": {"duration_s": 20}},
            "join": COLLECT,
        },
        "split > long",
        "long.true > rest",
        "rest > work",
        "work > join",
        "long.false > pause",
        "pause > join",
    )

    ran = play(document, None, SLEEP)

    assert ran.output == ["30", 10]
    assert ran.times("step.succeeded")[-3:] == [("pause:1", 20), ("work:0", 40), ("join", 40)]


def test_x6_ten_thousand_items_need_no_recursion():
    ran = play(each(expression("item"), max_concurrency=1000), list(range(10_000)))

    assert ran.output == list(range(10_000))


def test_x11_a_failure_outside_ends_a_split_under_way():
    document = graph(
        {
            "split": split(max_concurrency=1),
            "slow": sleeping(5),
            "join": COLLECT,
            "wait": sleeping(2),
            "bad": expression("1 / 0"),
        },
        "split > slow",
        "slow > join",
        "wait > bad",
    )

    ran = play(document, [1, 2], SLEEP)

    assert (ran.outcome.status, ran.steps) == (
        "failed",
        {"split": "succeeded", "wait": "succeeded", "slow:0": "succeeded", "bad": "failed"},
    )


def half_failing(policy: str, **more: dict) -> dict:
    """In each item one branch fails at 1 s and another gives its value at once."""
    return graph(
        {
            "split": split("[1, 2]", on_item_error=policy),
            "quick": {"type": "set_variable", "config": {"name": "x", "value": "item", "reducer": "append"}},
            "slow": sleeping(1),
            "bad": expression("1 / (item - 1)"),
            "join": COLLECT,
            "after": expression("[nodes.join, nodes.quick, vars.x]"),
            **more,
        },
        "split > quick",
        "split > slow",
        "slow > bad",
        "quick > join",
        "bad > join",
        "join > after",
    )


@pytest.mark.parametrize(
    ("policy", "seen"),
    [
        ("null", [[None, {"quick": 2, "bad": 1}], [None, 2], [2]]),
        ("drop", [[{"quick": 2, "bad": 1}], [2], [2]]),
    ],
)
def test_x16_what_a_failed_item_had_come_to_by_chance_is_not_seen(policy, seen):
    assert play(half_failing(policy), None, SLEEP).output == seen


def test_x11_what_waits_for_a_split_with_a_dropped_item_was_not_reached_when_something_else_fails():
    document = graph(
        {
            "split": split("[0, 1]", on_item_error="drop", max_concurrency=2),
            "slow": sleeping(5),
            "work": expression("1 / item"),
            "later": expression("nodes.work"),
            "join": COLLECT,
            "wait": sleeping(2),
            "bad": expression("1 / 0"),
        },
        "split > slow",
        "split > work",
        "slow > later",
        "work > later",
        "later > join",
        "wait > bad",
    )

    assert play(document, None, SLEEP).steps == {
        "split": "succeeded",
        "wait": "succeeded",
        "slow:0": "succeeded",
        "work:0": "failed",
        "later:0": "skipped",
        "slow:1": "succeeded",
        "work:1": "succeeded",
        "bad": "failed",
    }
