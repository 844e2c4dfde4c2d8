from __future__ import annotations

import json
from typing import Any

import pytest

from builder.gallery import ORDER, Template, gallery
from builder.graphs import parsed, report_on
from tests.accounts.people import Person
from wireloom.graph.expressions.functions import FUNCTIONS
from wireloom.nodes import catalogue


def test_the_catalogue_is_what_the_library_describes(alice: Person) -> None:
    answer = alice.ask("GET", "/node-types/")

    entries = [{**one, "allowed": one["type"] != "code"} for one in catalogue().describe()]
    assert answer.json() == json.loads(json.dumps({"results": entries, "next": None}))


def test_the_functions_of_expressions_are_told_with_their_help(alice: Person) -> None:
    told = alice.ask("GET", "/expressions/functions/").json()

    functions = {function["name"]: function for function in told["results"]}
    assert list(functions) == sorted(FUNCTIONS)
    assert functions["round"] == {
        "name": "round",
        "help": "The nearest number with so many digits; halves go away from zero.",
        "least": 1,
        "most": 2,
    }
    assert told["next"] is None


@pytest.mark.parametrize(
    ("expression", "values", "value", "kind"),
    [
        ("input.a + 1", {"input": {"a": 2}}, 3, "number"),
        ('nodes.x.contains("b")', {"nodes": {"x": "abc"}}, True, "boolean"),
        ("null", {}, None, "null"),
        ("[item, index]", {"item": "x", "index": 4}, ["x", 4], "list"),
    ],
)
def test_an_expression_is_tried_on_values(
    alice: Person, expression: str, values: Any, value: Any, kind: str
) -> None:
    answer = alice.ask("POST", "/expressions/evaluate/", {"expression": expression, "values": values})

    assert (answer.status_code, answer.json()) == (200, {"value": value, "type": kind})


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("input.b", "expression_error"),
        ("1 +", "expression_error"),
        ("__class__", "expression_error"),
        ("().__class__", "expression_error"),
        ("credentials.main", "expression_error"),
        ("(" * 100_000, "expression_limit"),
        ("(" * 200 + "1" + ")" * 200, "expression_limit"),
    ],
)
def test_an_expression_that_cannot_be_is_422_with_its_place(
    alice: Person, expression: str, code: str
) -> None:
    answer = alice.ask(
        "POST", "/expressions/evaluate/", {"expression": expression, "values": {"input": {"a": 2}}}
    )

    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, code)
    assert set(told["loc"]) == {"start", "end"}
    assert told["errors"] == [
        {"code": code, "message": told["detail"], "field": "expression", "loc": told["loc"]}
    ]


def test_an_expression_that_asks_for_too_much_is_stopped(alice: Person) -> None:
    items = list(range(2000))

    answer = alice.ask(
        "POST",
        "/expressions/evaluate/",
        {"expression": "input.map(x, input.map(y, x + y))", "values": {"input": items}},
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "expression_limit")


@pytest.mark.parametrize("template", gallery().values(), ids=lambda template: template.slug)
def test_each_workflow_of_the_gallery_runs_as_it_is(template: Template) -> None:
    report = report_on(parsed(template.graph), "no workspace")

    assert (report.errors, report.warnings) == ((), ())
    assert set(template.sample_input) == set(template.graph["inputs"]["required"])
    assert all(len(node["label"]) > 0 for node in template.graph["nodes"])
    limits = [node["config"]["max_tokens"] for node in template.graph["nodes"] if node["type"] == "agent"]
    assert max(limits) <= 200


def test_the_gallery_is_shown_in_order_and_used(alice: Person) -> None:
    shown = alice.ask("GET", "/templates/").json()["results"]
    used = alice.ask("POST", "/templates/quality-check/use/")

    assert [template["slug"] for template in shown] == list(ORDER)
    assert (used.status_code, used.json()["slug"]) == (201, "quality-check")
    assert used.json()["graph"] == gallery()["quality-check"].graph
    assert alice.ask("POST", "/templates/nothing/use/").status_code == 404


@pytest.mark.parametrize("path", ["/node-types/", "/templates/", "/expressions/functions/"])
def test_lists_that_are_not_stored_come_in_pages_too(alice: Person, path: str) -> None:
    whole = alice.ask("GET", path).json()["results"]
    seen, url = [], f"{path}?limit=1"
    while url:
        answer = alice.ask("GET", url).json()
        seen.append(answer["results"])
        url = answer["next"] and answer["next"].removeprefix("http://testserver/api/v1")

    assert seen == [[one] for one in whole]
    assert alice.ask("GET", f"{path}?limit=0").status_code == 422
    for cursor in ("x", "0", "-1", "999", "²"):
        assert alice.ask("GET", f"{path}?cursor={cursor}").json()["code"] == "bad_cursor"
