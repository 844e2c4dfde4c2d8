"""A part of a workflow by itself: one node, up to one, from one on, with outputs pinned."""

from __future__ import annotations

import pytest

from tests.engine.virtual import graph, plan_of, play
from wireloom.graph.document import Document, parse
from wireloom.graph.problems import InvalidWorkflow
from wireloom.graph.selection import InvalidSelection, Selection, select


def expression(text: str) -> dict:
    return {"type": "transform", "config": {"expression": text}}


CHAIN = graph(
    {
        "a": expression('"a"'),
        "b": expression('nodes.a + "b"'),
        "c": expression('nodes.b + "c"'),
        "d": expression('nodes.c + "d"'),
        "other": expression("1"),
    },
    "a > b",
    "b > c",
    "c > d",
)


def part(document: dict = CHAIN, **selection: object) -> Document:
    return select(parse(document), Selection(**selection))


def ran(document: Document) -> tuple[list[str], object]:
    result = play(document.to_json())
    assert result.outcome.status == "succeeded", result.execution.state.error
    return list(result.steps), result.output


def test_until_runs_a_node_and_all_that_leads_to_it():
    assert ran(part(until="b")) == (["a", "b"], "ab")


def test_only_runs_one_node_on_pinned_data():
    assert ran(part(only="c", pins={"b": "PINNED"})) == (["b", "c"], "PINNEDc")


def test_from_runs_a_node_and_all_that_follows_on_pinned_data():
    assert ran(part(start="c", pins={"b": "B"})) == (["b", "c", "d"], "Bcd")


def test_a_pinned_node_gives_its_pin_and_what_leads_only_to_it_does_not_run():
    assert ran(part(pins={"b": "B"})) == (["b", "other", "c", "d"], {"d": "Bcd", "other": 1})


def test_pins_in_the_draft_hold_and_those_of_the_start_come_before_them():
    drafted = {
        **CHAIN,
        "nodes": [{**one, "pin": {"output": "D"}} if one["id"] == "b" else one for one in CHAIN["nodes"]],
    }

    assert ran(part(drafted, until="c")) == (["b", "c"], "Dc")
    assert ran(part(drafted, until="c", pins={"b": "S"})) == (["b", "c"], "Sc")


def test_the_node_that_was_asked_for_runs_though_it_is_pinned():
    assert ran(part(only="b", pins={"a": "A", "b": "B"})) == (["a", "b"], "Ab")


def test_null_can_be_pinned():
    document = graph({"a": expression("1"), "b": expression("nodes.a == null")}, "a > b")

    assert ran(part(document, pins={"a": None})) == (["a", "b"], True)


def test_up_to_a_node_in_a_loop_runs_the_whole_loop():
    document = graph(
        {
            "count": expression("iteration"),
            "enough": {"type": "condition", "config": {"expression": "iteration == 3"}},
            "after": "output",
        },
        "count > enough",
        "enough.false > count ~9",
        "enough.true > after",
    )

    assert ran(part(document, until="count"))[0] == [
        "count",
        "enough",
        "count~2",
        "enough~2",
        "count~3",
        "enough~3",
    ]


def test_what_reads_a_node_that_was_left_out_asks_for_a_pin():
    with pytest.raises(InvalidWorkflow) as caught:
        plan_of(part(only="c").to_json())

    assert [(one.code, one.node) for one in caught.value.problems] == [("unknown_reference", "c")]


def test_a_node_that_chooses_its_port_cannot_be_pinned():
    document = graph({"gate": {"type": "condition", "config": {"expression": "true"}}})

    with pytest.raises(InvalidWorkflow) as caught:
        plan_of(part(document, pins={"gate": 1}).to_json())

    assert [(one.code, one.node, one.field) for one in caught.value.problems] == [
        ("invalid_config", "gate", "pin")
    ]


def test_a_pinned_join_and_a_pinned_split_stand_for_what_they_give():
    document = graph(
        {
            "split": {"type": "split", "config": {"items": "input"}},
            "work": expression("item * 2"),
            "join": {"type": "join", "config": {"mode": "collect"}},
            "after": expression("nodes.join"),
        },
        "split > work",
        "work > join",
        "join > after",
    )

    assert ran(part(document, pins={"join": [9]})) == (["join", "after"], [9])
    assert ran(part(document, pins={"split": [1, 2]}))[1] == [2, 4]


@pytest.mark.parametrize(
    ("selection", "field"),
    [
        ({"only": "zz"}, "only"), ({"start": "zz"}, "from"), ({"pins": {"zz": 1}}, "pins.zz"),
        ({"only": "a", "until": "b"}, "until"),
    ],
)  # fmt: skip
def test_a_part_that_cannot_be_is_refused(selection, field):
    with pytest.raises(InvalidSelection) as caught:
        part(**selection)

    assert caught.value.field == field


def test_a_document_without_pins_says_nothing_of_them():
    document = parse(CHAIN)

    assert "pin" not in document.to_json()["nodes"][0]
    assert parse(document.to_json()) == document


def test_what_is_only_pinned_is_no_output():
    assert ran(part(only="b", pins={"a": "A", "c": "C"})) == (["a", "c", "b"], "Ab")
