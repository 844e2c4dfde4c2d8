"""What starts when, and what it is given: edges, skips, joins, outputs."""

from __future__ import annotations

import pytest

from tests.engine.virtual import BREAK, SLEEP, graph, play, sleeping


def expression(source):
    return {"type": "transform", "config": {"expression": source}}


def condition(source):
    return {"type": "condition", "config": {"expression": source}}


def join(mode):
    return {"type": "join", "config": {"mode": mode}}


def test_x1_each_edge_is_settled_once_and_is_live_or_dead():
    ran = play(graph({"a": condition("true"), "b": "output", "c": "output"}, "a.true > b", "a.false > c"))

    root = ran.execution.state.flow.root
    assert (list(root.edges), root.open) == ([1, 0], 0)


def test_x2_a_node_starts_the_moment_its_last_edge_is_decided():
    ran = play(
        graph(
            {"fast": sleeping(1), "slow": sleeping(5), "after": sleeping(1), "both": "join"},
            "fast > after",
            "after > both",
            "slow > both",
        ),
        None,
        SLEEP,
    )

    assert ran.times("step.started") == [("fast", 0), ("slow", 0), ("after", 1), ("both", 5)]


def test_x2_one_live_edge_gives_its_value_and_several_an_object_by_source_in_edge_order():
    ran = play(
        graph(
            {"b": expression("2"), "a": expression("1"), "one": "output", "two": "output"},
            "b > one",
            "b > two",
            "a > two",
        )
    )

    assert ran.output == {"one": 2, "two": {"b": 2, "a": 1}}
    assert list(ran.output["two"]) == ["b", "a"]


def test_x2_a_node_without_incoming_edges_is_given_the_runs_input():
    assert play(graph({"out": "output"}), {"topic": "tides"}).output == {"topic": "tides"}


def test_x2_a_node_all_of_whose_edges_are_dead_is_skipped_and_so_is_what_follows():
    ran = play(
        graph(
            {"a": condition("false"), "b": expression("1"), "c": expression("2"), "d": "output"},
            "a.true > b",
            "b > c",
            "c > d",
            "a.false > d",
        ),
        "value",
    )

    assert ran.steps == {"a": "succeeded", "b": "skipped", "c": "skipped", "d": "succeeded"}
    assert ran.output == "value"
    assert ran.execution.state.steps["b"].error is None


def test_x3_a_condition_passes_its_input_through_the_port_it_chose():
    ran = play(
        graph({"a": condition("input > 3"), "y": "output", "n": "output"}, "a.true > y", "a.false > n"), 4
    )

    assert ran.output == {"y": 4}
    assert ran.execution.state.steps["a"].ports == ("true",)


def failing(on_error, **policy):
    return {"type": "break", "policy": {"on_error": on_error, **policy}}


def test_x3_a_failure_that_continues_gives_the_default_and_the_run_succeeds():
    ran = play(graph({"a": failing("continue", default={"n": 0}), "b": "output"}, "a > b"), None, BREAK)

    assert (ran.outcome.status, ran.output, ran.steps) == (
        "succeeded",
        {"n": 0},
        {"a": "failed", "b": "succeeded"},
    )
    assert [one.data["handled"] for one in ran.events if one.type == "step.failed"] == [True]


def test_x3_a_failure_that_is_routed_gives_its_error_through_the_error_port_alone():
    ran = play(
        graph({"a": failing("route"), "b": "output", "c": "output"}, "a > b", "a.error > c"), None, BREAK
    )

    error = {"code": "error", "message": "broken", "node": "a", "attempts": 1}
    assert (ran.outcome.status, ran.output) == ("succeeded", {"c": error})
    assert ran.steps == {"a": "failed", "b": "skipped", "c": "succeeded"}


@pytest.mark.parametrize(
    ("mode", "left", "expected"),
    [
        ("all", "true", {"x": 1, "y": 2}),
        ("all", "false", None),
        ("any", "true", {"x": 1, "y": 2}),
        ("any", "false", {"y": 2}),
    ],
)
def test_x7_a_join_of_all_needs_every_branch_and_one_of_any_takes_those_that_come(mode, left, expected):
    ran = play(
        graph(
            {"c": condition(left), "x": expression("1"), "y": expression("2"), "j": join(mode)},
            "c.true > x",
            "x > j",
            "y > j",
        )
    )

    assert ran.steps["j"] == ("skipped" if expected is None else "succeeded")
    assert ran.execution.state.steps["j"].value == expected


def test_x9_a_node_sees_input_variables_and_the_outputs_of_its_ancestors():
    ran = play(
        graph(
            {"a": expression("1"), "b": expression("[nodes.a, input.x, vars.greeting]")},
            "a > b",
            settings={"variables": {"greeting": "hi"}},
        ),
        {"x": 2},
    )

    assert ran.output == [1, 2, "hi"]


def test_x9_the_variables_of_a_start_override_those_declared():
    from tests.engine.virtual import World, finish, plan_of, virtually

    plan = plan_of(graph({"a": expression("vars")}, settings={"variables": {"x": 1, "y": 1}}))

    async def run():
        execution = World().execution(plan)
        execution.start({}, {"y": 2})
        return await finish(execution)

    assert virtually(run()).output == {"x": 1, "y": 2}


def test_x9_text_from_upstream_is_never_expanded_again():
    ran = play(
        graph(
            {
                "a": expression("'{{ input.secret }} {secret}'"),
                "b": {"type": "transform", "config": {"template": "<{{ nodes.a }}>"}},
            },
            "a > b",
        ),
        {"secret": "no"},
    )

    assert ran.output == "<{{ input.secret }} {secret}>"


def test_x9_an_ancestor_that_was_skipped_has_no_output():
    ran = play(
        graph(
            {
                "c": condition("false"),
                "x": expression("1"),
                "j": join("any"),
                "r": expression("has(nodes.x)"),
            },
            "c.true > x",
            "c.false > j",
            "x > j",
            "j > r",
        )
    )

    assert ran.output is False


@pytest.mark.parametrize(
    ("nodes", "edges", "expected"),
    [
        ({"a": "output"}, (), 7),
        ({"a": "output", "b": "output"}, (), {"a": 7, "b": 7}),
        ({"a": expression("1")}, (), 1),
        ({"a": expression("1"), "b": expression("2")}, (), {"a": 1, "b": 2}),
        (
            {"c": condition("true"), "a": expression("1"), "b": expression("2")},
            ("c.true > a", "c.false > b"),
            1,
        ),
        ({"c": condition("true"), "a": "output", "b": "output"}, ("c.true > a", "c.false > b"), {"a": 7}),
        ({"c": condition("true"), "a": "output", "x": expression("1")}, ("c.false > a", "c.true > x"), None),
    ],
    ids=[
        "one output",
        "two outputs",
        "one sink",
        "two sinks",
        "one live sink",
        "one live output of two",
        "none live",
    ],
)
def test_x12_the_output_is_that_of_the_output_nodes_or_of_the_live_sinks(nodes, edges, expected):
    assert play(graph(nodes, *edges), 7).output == expected
