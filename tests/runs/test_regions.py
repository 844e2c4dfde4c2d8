"""Loops, splits and sub-workflows over REST: their steps, what each was given, a part of a workflow by itself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engine.virtual import graph
from tests.runs.outside import make_workflow

WAIT = {"Prefer": "wait=20"}


def expression(text: str) -> dict[str, Any]:
    return {"type": "transform", "config": {"expression": text}}


def run(live, document: dict[str, Any], name: str = "Regions", **body: Any) -> dict[str, Any]:
    workflow = make_workflow(live, document, name)
    answer = live.ask("POST", f"/api/v1/workflows/{workflow}/runs/", body, headers=WAIT)
    assert answer.status == 200, answer.json
    return answer.json


def steps(live, made: dict[str, Any]) -> dict[str, dict[str, Any]]:
    answer = live.ask("GET", f"/api/v1/runs/{made['id']}/steps/?limit=200").json
    return {step["key"]: step for step in answer["results"]}


def test_a_splits_items_are_steps_of_their_own_each_with_its_item_as_input(live):
    document = graph(
        {
            "each": {"type": "split", "label": "Each row", "config": {"items": "input.rows"}},
            "work": expression("item * 2"),
            "join": {"type": "join", "config": {"mode": "collect"}},
        },
        "each > work",
        "work > join",
    )

    made = run(live, document, input={"rows": [3, 4]})
    found = steps(live, made)

    assert made["output"] == [6, 8]
    assert {key: (one["input"], one["output"]) for key, one in found.items()} == {
        "each": ({"rows": [3, 4]}, [3, 4]),
        "work:0": (3, 6),
        "work:1": (4, 8),
        "join": ([6, 8], [6, 8]),
    }
    assert (found["work:1"]["node"], found["work:1"]["type"]) == ("work", "transform")
    one = live.ask("GET", f"/api/v1/runs/{made['id']}/steps/work:1/")
    assert (one.status, one.json["output"]) == (200, 8)


def test_a_loops_passes_are_steps_of_their_own(live):
    document = graph(
        {
            "draft": expression('nodes.judge == null ? "a" : nodes.judge + "b"'),
            "judge": expression("nodes.draft"),
            "enough": {"type": "condition", "config": {"expression": "iteration == 2"}},
            "out": "output",
        },
        "draft > judge",
        "judge > enough",
        "enough.false > draft ~5",
        "enough.true > out",
    )

    made = run(live, document)
    found = steps(live, made)

    assert (made["output"], list(found)) == (
        "ab",
        ["draft", "judge", "enough", "draft~2", "judge~2", "enough~2", "out"],
    )
    assert (found["draft~2"]["input"], found["judge~2"]["input"]) == ("a", "ab")


def test_a_workflow_inside_has_its_steps_below_its_node(live):
    inner = make_workflow(live, graph({"twice": expression("input.n * 2")}), "Inner steps")
    published = live.ask("POST", f"/api/v1/workflows/{inner}/publish/", {})
    assert published.status == 201
    document = graph(
        {
            "review": {
                "type": "subworkflow",
                "config": {"workflow": "inner-steps", "input": {"n": "input.n + 1"}},
            }
        }
    )

    made = run(live, document, "Outer", input={"n": 4})
    found = steps(live, made)

    assert made["output"] == 10
    assert {key: (one["type"], one["input"], one["output"]) for key, one in found.items()} == {
        "review": ("subworkflow", {"n": 4}, 10),
        "review.twice": ("transform", {"n": 5}, 10),
    }
    shown = live.ask("GET", f"/api/v1/runs/{made['id']}/").json["graph"]["nodes"][0]["config"]
    assert shown == {"workflow": "inner-steps", "version": 1, "input": {"n": "input.n + 1"}}


CHAIN = graph(
    {"a": expression('"a"'), "b": expression('nodes.a + "b"'), "c": expression('nodes.b + "c"')},
    "a > b",
    "b > c",
)


@pytest.mark.parametrize(
    ("body", "ran", "output"),
    [
        ({"until": "b"}, ["a", "b"], "ab"),
        ({"only": "c", "pins": {"b": "B"}}, ["b", "c"], "Bc"),
        ({"from": "b", "pins": {"a": "A"}}, ["a", "b", "c"], "Abc"),
        ({"pins": {"b": "B"}}, ["b", "c"], "Bc"),
    ],
)
def test_a_part_of_a_workflow_runs_by_itself(live, body, ran, output):
    made = run(live, CHAIN, **body)

    assert (list(steps(live, made)), made["output"]) == (ran, output)


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"only": "zz"}, "invalid_selection", "only"),
        ({"from": "zz"}, "invalid_selection", "from"),
        ({"only": "a", "until": "b"}, "invalid_selection", "until"),
        ({"pins": {"zz": 1}}, "invalid_selection", "pins.zz"),
        ({"only": "c"}, "unknown_reference", "expression"),
        ({"only": 5}, "invalid_type", "only"),
        ({"pins": []}, "not_an_object", "pins"),
    ],
)
def test_a_part_that_cannot_run_is_refused_and_says_where(live, body, code, field):
    workflow = make_workflow(live, CHAIN)

    answer = live.ask("POST", f"/api/v1/workflows/{workflow}/runs/", body)

    assert (answer.status, [(one["code"], one["field"]) for one in answer.json["errors"]]) == (
        422,
        [(code, field)],
    )


def test_what_is_pinned_in_the_draft_holds_for_its_runs(live):
    document = {
        **CHAIN,
        "nodes": [{**one, "pin": {"output": "P"}} if one["id"] == "b" else one for one in CHAIN["nodes"]],
    }

    assert run(live, document)["output"] == "Pc"
