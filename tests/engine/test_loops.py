"""X5: loops. Passes are counted from 1, and end by their condition, at `exhausted`, or as a failure."""

from __future__ import annotations

import pytest

from tests.engine.virtual import SLEEP, World, graph, play, sleeping


def expression(text: str) -> dict:
    return {"type": "transform", "config": {"expression": text}}


def condition(text: str) -> dict:
    return {"type": "condition", "config": {"expression": text}}


COUNT = expression("iteration")


def counting(turns: str, limit: int = 10, *more: str, **settings: object) -> dict:
    return graph(
        {"count": COUNT, "enough": condition(turns), "after": "output"},
        "count > enough",
        "enough.true > after",
        f"enough.false > count ~{limit}",
        *more,
        settings=settings,
    )


def test_x5_a_loop_goes_round_until_its_edge_back_is_dead():
    ran = play(counting("nodes.count >= 3"))

    assert ran.output == 3
    assert list(ran.steps) == ["count", "enough", "count~2", "enough~2", "count~3", "enough~3", "after"]


def test_x5_a_loop_that_turns_at_once_has_one_pass():
    assert play(counting("true")).steps == {"count": "succeeded", "enough": "succeeded", "after": "succeeded"}


def test_x5_at_the_limit_the_exhausted_port_carries_the_loop_edges_value():
    document = graph(
        {"count": COUNT, "enough": condition("false"), "after": "output", "spent": "output"},
        "count > enough",
        "enough.true > after",
        "enough.false > count ~5",
        "enough.exhausted > spent",
    )

    ran = play(document)

    assert [key for key in ran.steps if key.startswith("count")] == [
        "count",
        *(f"count~{n}" for n in range(2, 6)),
    ]
    assert (ran.output, ran.steps["after"]) == ({"spent": 5}, "skipped")


def test_x5_at_the_limit_without_an_exhausted_port_the_run_fails_and_names_the_loops_source():
    ran = play(counting("false", 4))

    assert (ran.outcome.status, ran.execution.state.error) == (
        "failed",
        {
            "code": "loop_exhausted",
            "message": "The loop back from 'enough' was still wanted after 4 passes.",
            "node": "enough",
            "attempts": 0,
        },
    )


def test_x5_the_smallest_limit_of_the_edges_into_one_node_holds():
    document = graph(
        {"count": COUNT, "one": condition("false"), "two": condition("false"), "spent": "output"},
        "count > one",
        "count > two",
        "one.false > count ~7",
        "two.false > count ~3",
        "one.exhausted > spent",
    )

    assert play(document).output == 3


def test_x5_in_the_first_pass_what_comes_round_the_loop_is_null_and_then_the_last_pass():
    document = graph(
        {
            "draft": expression('nodes.judge == null ? "first" : nodes.judge + "+"'),
            "judge": expression("nodes.draft"),
            "enough": condition("iteration == 3"),
            "after": "output",
        },
        "draft > judge",
        "judge > enough",
        "enough.true > after",
        "enough.false > draft ~9",
    )

    assert play(document).output == "first++"


def test_x5_edges_from_outside_keep_their_values_in_every_pass():
    document = graph(
        {
            "topic": expression('"tides"'),
            "count": expression("nodes.topic + string(iteration)"),
            "enough": condition("iteration == 2"),
            "after": "output",
        },
        "topic > count",
        "topic > enough",
        "count > enough",
        "enough.true > after",
        "enough.false > count ~9",
    )

    ran = play(document)

    assert ran.output == {"topic": "tides", "count": "tides2"}
    assert ran.execution.state.steps["enough~2"].value == {"topic": "tides", "count": "tides2"}


def test_x5_a_live_loop_edge_reaches_the_head_like_any_other():
    document = graph(
        {
            "start": expression("0"),
            "count": "output",
            "enough": condition("iteration == 3"),
            "after": "output",
        },
        "start > count",
        "count > enough",
        "enough.true > after",
        "enough.false > count ~9",
    )

    steps = play(document).execution.state.steps

    assert [steps[key].value for key in ("count", "count~2")] == [0, {"start": 0, "enough": 0}]


def test_x5_a_node_may_loop_on_itself():
    document = graph(
        {"try": {"type": "condition", "config": {"expression": "iteration == 4"}}, "after": "output"},
        "try.false > try ~9",
        "try.true > after",
    )

    assert list(play(document, 7).steps) == ["try", "try~2", "try~3", "try~4", "after"]


def test_x5_loops_stand_in_each_other_and_keys_tell_their_passes_apart():
    document = graph(
        {
            "outer": expression("iteration"),
            "inner": expression("iteration"),
            "again": condition("iteration == 2"),
            "done": condition("iteration == 2"),
            "after": "output",
        },
        "outer > inner",
        "inner > again",
        "again.false > inner ~5",
        "again.true > done",
        "done.false > outer ~5",
        "done.true > after",
    )

    ran = play(document)

    assert [key for key in ran.steps if key.startswith("inner")] == [
        "inner",
        "inner~1~2",
        "inner~2~1",
        "inner~2~2",
    ]


def test_x5_a_loop_that_is_not_entered_has_each_node_skipped_once():
    document = graph(
        {"gate": condition("false"), "count": COUNT, "enough": condition("false"), "after": "output"},
        "gate.true > count",
        "count > enough",
        "enough.false > count ~5",
        "enough.true > after",
    )

    assert play(document).steps == {
        "gate": "succeeded", "count": "skipped", "enough": "skipped", "after": "skipped",
    }  # fmt: skip


def test_x4_what_follows_a_loop_starts_only_when_the_loop_ends():
    document = graph(
        {"work": sleeping(1), "enough": condition("iteration == 3"), "early": sleeping(1), "after": "output"},
        "work > enough",
        "work > early",
        "enough.true > after",
        "enough.false > work ~9",
    )

    ran = play(document, None, SLEEP)

    assert sorted(ran.times("step.started")[-2:]) == [("after", 3), ("early", 3)]


def test_x5_a_run_may_repeat_a_thousand_steps_unless_it_says_otherwise():
    ran = play(counting("false", 10_000))

    error = ran.execution.state.error
    assert (ran.outcome.status, error["code"], error["node"]) == ("failed", "step_limit", "count")
    assert sum(status == "succeeded" for status in ran.steps.values()) == 2 + 1_000

    assert play(counting("iteration == 4000", 10_000, max_steps=9_000)).output == 4_000


def test_x3_a_spent_step_limit_is_never_routed():
    document = graph(
        {
            "count": {**COUNT, "policy": {"on_error": "continue", "default": 0}},
            "enough": condition("false"),
            "after": "output",
        },
        "count > enough",
        "enough.true > after",
        "enough.false > count ~50",
        settings={"max_steps": 5},
    )

    assert play(document).error_code == "step_limit"


def test_x11_a_failure_in_a_later_pass_skips_what_would_follow_the_loop():
    document = graph(
        {
            "count": expression("10 / (3 - iteration)"),
            "enough": condition("false"),
            "after": "output",
        },
        "count > enough",
        "enough.true > after",
        "enough.false > count ~9",
    )

    ran = play(document)

    assert ran.steps == {
        "count": "succeeded",
        "enough": "succeeded",
        "count~2": "succeeded",
        "enough~2": "succeeded",
        "count~3": "failed",
        "enough~3": "skipped",
        "after": "skipped",
    }
    assert ran.execution.state.steps["after"].error["code"] == "upstream_failed"


@pytest.mark.parametrize("passes", [10_000])
def test_x5_ten_thousand_passes_need_no_recursion(passes):
    ran = play(counting(f"iteration == {passes}", 10_000, max_steps=100_000), world=World())

    assert ran.output == passes
