"""X4–X6, X8: loops and splits nest or are apart; what cannot be cut into regions is told at its node."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.engine.virtual import graph
from wireloom.graph.document import parse
from wireloom.graph.validation import Report, validate
from wireloom.nodes import catalogue

SPLIT = {"type": "split", "config": {"items": "[1]"}}
COLLECT = {"type": "join", "config": {"mode": "collect"}}
GATE = {"type": "condition", "config": {"expression": "true"}}


def checked(nodes: dict, *edges: str) -> Report:
    return validate(parse(graph(nodes, *edges)), catalogue())


def told(report: Report) -> list[tuple[str, str | None]]:
    return [(one.code, one.node) for one in report.errors]


def regions(report: Report) -> list[tuple[str, str, list[str]]]:
    """Each region's kind, opener and members, outer ones first."""
    names = list(report.places)
    return [
        (one.kind, names[one.opener], [names[place] for place in sorted(one.members)])
        for one in report.regions.all
    ]


def plain(*names: str) -> dict:
    return dict.fromkeys(names, "output")


def test_x5_a_loop_is_every_node_on_a_path_from_its_head_to_its_source():
    report = checked(
        plain("before", "head", "one", "two", "source", "aside", "after"),
        "before > head", "head > one", "head > two", "one > source", "two > source", "one > aside", "source > after",
        "source > head ~3",
    )  # fmt: skip

    assert (told(report), regions(report)) == ([], [("loop", "head", ["head", "one", "two", "source"])])


def test_x6_a_splits_region_is_what_lies_between_it_and_its_join():
    report = checked(
        {**plain("a", "b", "aside", "after"), "split": SPLIT, "join": COLLECT},
        "split > a", "a > b", "a > aside", "b > join", "join > after",
    )  # fmt: skip

    assert (told(report), regions(report)) == ([], [("split", "split", ["a", "b", "aside"])])


def test_x6_what_a_split_routes_as_an_error_is_not_in_its_region():
    report = checked({**plain("a", "handler"), "split": SPLIT}, "split > a", "split.error > handler")

    assert regions(report) == [("split", "split", ["a"])]


def test_regions_stand_in_each_other_outer_ones_first():
    report = checked(
        {**plain("head", "work"), "gate": GATE, "rows": SPLIT, "cells": SPLIT, "row": COLLECT, "table": COLLECT},
        "head > rows", "rows > cells", "cells > work", "work > row", "row > table", "table > gate", "gate > head ~2",
        "work > work ~3",
    )  # fmt: skip

    assert told(report) == [("unknown_port", "gate")]
    assert regions(report) == [
        ("loop", "head", ["head", "work", "gate", "rows", "cells", "row", "table"]),
        ("split", "rows", ["work", "cells", "row"]),
        ("split", "cells", ["work"]),
        ("loop", "work", ["work"]),
    ]


@pytest.mark.parametrize(
    ("nodes", "edges", "problems"),
    [
        (plain("a", "b", "c", "d"), ("a > b", "b > c", "c > d", "c > a ~3", "d > b ~3"), [("crossed_regions", "b")]),
        ({**plain("a", "b"), "one": SPLIT, "two": SPLIT}, ("one > a", "two > a"), [("crossed_regions", "a")]),
        ({**plain("a", "b"), "split": SPLIT, "join": COLLECT}, ("split > a", "a > join", "join > b", "b > a ~2"), [("crossed_regions", "split")]),
        ({**plain("a", "b"), "split": SPLIT, "join": COLLECT}, ("split > a", "a > b", "b > join", "b > split ~2"), [("crossed_regions", "split")]),
        ({**plain("head", "work"), "split": SPLIT}, ("head > split", "split > work", "work > head ~3"), [("crossed_regions", "work")]),
        ({**plain("a", "b", "y"), "split": SPLIT, "join": COLLECT}, ("split > a", "split > b", "a > join", "join > y", "y > b"), [("crossed_regions", "split")]),
        ({**plain("a"), "join": COLLECT}, ("a > join",), [("unlinked_join", "join")]),
        ({**plain("a"), "split": SPLIT, "join": COLLECT, "again": COLLECT}, ("split > a", "a > join", "join > again"), [("unlinked_join", "again")]),
        (plain("a", "b"), ("b > a ~3",), [("invalid_config", "b")]),
        (plain("a", "b", "c"), ("a > b", "b > c", "c > a ~2", "c.exhausted > b"), [("cycle", "b"), ("cycle", "c")]),
        (plain("a", "b", "c", "d"), ("a > b", "b > c", "b > d", "c > a ~2", "b > a ~2", "b.exhausted > c"), [("crossed_regions", "c")]),
        (plain("a", "b"), ("a > b", "a.exhausted > b"), [("unknown_port", "a")]),
    ],
)  # fmt: skip
def test_what_cannot_be_cut_into_regions_is_told_at_its_node(nodes, edges, problems):
    assert told(checked(nodes, *edges)) == problems


def test_regions_may_stand_twenty_deep_and_no_deeper():
    def nested(depth: int) -> Report:
        names = [f"n{n}" for n in range(depth)]
        tails = [f"t{n}" for n in range(depth)]
        chain = [*names, *reversed(tails)]
        edges = [f"{one} > {two}" for one, two in pairwise(chain)]
        return checked(plain(*chain), *edges, *(f"t{n} > n{n} ~2" for n in range(depth)))

    assert told(nested(20)) == []
    assert told(nested(21)) == [("crossed_regions", "n20")]


@pytest.mark.parametrize(
    ("text", "inside", "problems"),
    [
        ("item", "split", []), ("index", "split", []), ("item", "loop", [("unknown_reference", "work")]),
        ("iteration", "loop", []), ("iteration", "split", [("unknown_reference", "work")]),
    ],
)  # fmt: skip
def test_x9_items_are_seen_only_in_splits_and_passes_only_in_loops(text, inside, problems):
    work = {"type": "transform", "config": {"expression": text}}
    if inside == "split":
        report = checked({"split": SPLIT, "work": work}, "split > work")
    else:
        report = checked({"work": work, "gate": GATE}, "work > gate", "gate.false > work ~3")

    assert told(report) == problems


def test_x9_in_a_loop_a_node_sees_what_comes_after_it_and_outside_it_does_not():
    def seen(*edges: str) -> list[tuple[str, str | None]]:
        reader = {"type": "transform", "config": {"expression": "nodes.gate"}}
        return told(checked({"reader": reader, "gate": GATE}, "reader > gate", *edges))

    assert seen("gate.false > reader ~3") == []
    assert seen() == [("unknown_reference", "reader")]
