"""What each node type does, in a real run."""

from __future__ import annotations

import pytest

from tests.engine.virtual import BEGINNING, World, graph, play
from wireloom.engine.services import ChatRequest, Message


def config(kind, **fields):
    return {"type": kind, "config": fields}


def error_of(ran):
    return ran.execution.state.error["code"], ran.execution.state.error["message"]


def test_input_gives_the_runs_input_and_output_what_reaches_it():
    assert play(graph({"in": "input", "out": "output"}, "in > out"), [1]).output == [1]


def test_output_gives_the_value_of_its_expression():
    assert play(graph({"out": config("output", value="input.a + 1")}), {"a": 1}).output == 2


@pytest.mark.parametrize(("n", "port"), [(1, "few"), (5, "some"), (100, "default")])
def test_a_condition_of_cases_takes_the_first_that_is_true(n, port):
    cases = [{"name": "few", "expression": "input < 3"}, {"name": "some", "expression": "input < 10"}]
    ran = play(graph({"c": config("condition", cases=cases)}), n)

    assert (ran.output, ran.execution.state.steps["c"].ports) == (n, (port,))


def test_a_condition_that_is_neither_true_nor_false_fails():
    assert error_of(play(graph({"c": config("condition", expression="input")}), 1)) == (
        "expression_error",
        "A condition is true or false, but 'input' gave number.",
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"expression": "input.a * 2"}, 4),
        ({"template": "a is {{ input.a }}"}, "a is 2"),
        ({"fields": {"x": "input.a", "y": "'z'"}}, {"x": 2, "y": "z"}),
        ({"fields": {}}, {}),
    ],
)
def test_a_transform_makes_a_value(fields, expected):
    assert play(graph({"t": config("transform", **fields)}), {"a": 2}).output == expected


def test_a_transform_that_goes_wrong_says_what_is_missing():
    assert error_of(play(graph({"t": config("transform", expression="input.b")}), {"a": 2})) == (
        "expression_error",
        "There is no 'b', only a.",
    )


def test_an_expression_that_asks_for_too_much_fails_its_step_by_its_own_code():
    big = list(range(100_000))
    assert (
        error_of(play(graph({"t": config("transform", expression="input.map(x, x)")}), big))[0]
        == "expression_limit"
    )


@pytest.mark.parametrize(
    ("fields", "run_input", "seconds"),
    [
        ({"duration_s": 90}, "x", 90),
        ({"duration_s": 0}, "x", 0),
        ({"until": "input"}, "2026-01-01T01:00:00Z", 3600),
        ({"until": "input"}, "2026-01-01T01:00:00", 3600),
        ({"until": "input"}, "2026-01-01T01:00:00+01:00", 0),
        ({"until": "input"}, BEGINNING + 5, 5),
        ({"until": "input"}, "1999-01-01", 0),
        ({"until": "input"}, "0001-01-01T00:00:00+14:00", 0),
    ],
)
def test_a_delay_waits_and_passes_its_input_on(fields, run_input, seconds):
    ran = play(graph({"d": config("delay", **fields)}), run_input)

    assert ran.output == run_input
    assert ran.events[-1].at - ran.events[0].at == seconds


@pytest.mark.parametrize("moment", ["tomorrow", None, True, [1], 1e300, -1, 10**400, "99999-01-01"])
def test_a_delay_until_what_is_no_moment_fails(moment):
    assert error_of(play(graph({"d": config("delay", until="input")}), {} if moment is None else moment))[
        0
    ] == ("expression_error")


def test_an_agent_asks_its_model_and_gives_the_text():
    world = World(script=lambda request: "Tides follow the moon.")
    agent = config(
        "agent", model="x/y", prompt="About {topic}", system="Be {{ input.how }}", temperature=0.5, max_tokens=9,
        credential="mine",
    )  # fmt: skip
    ran = play(
        graph({"a": agent}, inputs={"properties": {"topic": {}}}),
        {"topic": "tides", "how": "brief"},
        world=world,
    )

    assert ran.output == "Tides follow the moon."
    assert world.asked == [
        ChatRequest(
            model="x/y",
            messages=(Message("system", "Be brief"), Message("user", "About tides")),
            temperature=0.5,
            max_tokens=9,
            credential="mine",
        )
    ]
    assert [(one.step, one.call, one.offset, one.text) for one in world.deltas] == [
        ("a", 1, 0, "Tides follow the moon.")
    ]


def test_an_agent_without_a_model_asks_for_the_default():
    world = World()
    play(graph({"a": config("agent", prompt="x")}), None, world=world)

    assert world.asked == [ChatRequest(model="", messages=(Message("user", "x"),))]
