from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from builder.errors import MalformedGraph
from builder.gallery import ORDER, Template, gallery
from builder.services import use_template
from tests.accounts.people import Person
from tests.builder.test_workflows import make
from wireloom.agents.builtin import BUILTIN
from wireloom.graph.expressions.functions import FUNCTIONS
from wireloom.graph.schemas import schema_problems
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
def test_each_workflow_of_the_gallery_runs_as_it_is(alice: Person, template: Template) -> None:
    used = alice.ask("POST", f"/templates/{template.slug}/use/").json()
    report = alice.ask("POST", f"/workflows/{used['id']}/validate/").json()

    assert (report["valid"], report["errors"], report["warnings"]) == (True, [], [])
    assert set(template.sample_input) == set(template.graph["inputs"]["required"])
    assert schema_problems(template.sample_input, template.graph["inputs"], code="invalid_input") == []
    assert all(len(node["label"]) > 0 for node in template.graph["nodes"])
    limits = [node["config"]["max_tokens"] for node in template.graph["nodes"] if node["type"] == "agent"]
    assert all(limit <= 200 for limit in limits)
    assert [note["id"] for note in template.graph["notes"]] == ["how"]


@pytest.mark.parametrize("template", gallery().values(), ids=lambda template: template.slug)
def test_a_workflow_of_the_gallery_needs_those_that_it_runs_and_they_come_before_it(
    template: Template,
) -> None:
    inside = [node["config"]["workflow"] for node in template.graph["nodes"] if node["type"] == "subworkflow"]

    assert list(template.needs) == inside
    assert set(inside) <= set(ORDER[: ORDER.index(template.slug)])


def test_the_gallery_is_shown_in_order_and_used(alice: Person) -> None:
    shown = alice.ask("GET", "/templates/").json()["results"]
    used = alice.ask("POST", "/templates/quality-check/use/")

    assert [template["slug"] for template in shown] == list(ORDER)
    assert (used.status_code, used.json()["slug"]) == (201, "quality-check")
    assert used.json()["graph"] == gallery()["quality-check"].graph
    assert alice.ask("POST", "/templates/nothing/use/").status_code == 404


def workflows(person: Person) -> dict[str, int | None]:
    """The published version of each workflow, by slug."""
    listed = person.ask("GET", "/workflows/").json()["results"]
    return {one["slug"]: one["published_version"] for one in listed}


def inside(workflow: dict[str, Any]) -> list[str]:
    nodes = workflow["graph"]["nodes"]
    return [node["config"]["workflow"] for node in nodes if node["type"] == "subworkflow"]


def test_using_a_template_makes_and_publishes_those_that_it_needs_once(alice: Person) -> None:
    first, second = (alice.ask("POST", "/templates/front-desk/use/").json() for _ in range(2))

    assert first["graph"] == second["graph"] == gallery()["front-desk"].graph
    assert workflows(alice) == {
        "classify-and-route": 1,
        "research-pipeline": 1,
        "front-desk": None,
        "front-desk-2": None,
    }


def test_one_that_is_there_as_the_gallery_has_it_is_published_and_one_that_is_published_stays(
    alice: Person,
) -> None:
    alice.ask("POST", "/templates/research-pipeline/use/")
    theirs = make(alice, "Classify and route", gallery()["quality-check"].graph)
    for _ in range(2):
        alice.ask("POST", f"/workflows/{theirs['id']}/publish/")
    used = alice.ask("POST", "/templates/front-desk/use/").json()

    assert workflows(alice) == {"classify-and-route": 2, "research-pipeline": 1, "front-desk": None}
    assert inside(used) == ["classify-and-route", "research-pipeline"]


def test_what_somebody_drafts_under_that_slug_or_has_archived_stays_as_it_is(alice: Person) -> None:
    drafted = make(alice, "Classify and route", {"nodes": []})
    gone = alice.ask("POST", "/templates/research-pipeline/use/").json()
    alice.ask("DELETE", f"/workflows/{gone['id']}/")
    used = alice.ask("POST", "/templates/front-desk/use/").json()

    assert inside(used) == ["classify-and-route-2", "research-pipeline-2"]
    assert alice.ask("POST", f"/workflows/{used['id']}/validate/").json()["errors"] == []
    assert workflows(alice) == {
        "classify-and-route": None,
        "classify-and-route-2": 1,
        "research-pipeline-2": 1,
        "front-desk": None,
    }
    assert alice.ask("GET", f"/workflows/{drafted['id']}/").json() == drafted


def test_a_template_is_used_whole_or_not_at_all(alice: Person) -> None:
    front_desk = gallery()["front-desk"]
    wrong = replace(front_desk, graph={**front_desk.graph, "schema": 2})

    with pytest.raises(MalformedGraph):
        use_template(alice.actor, wrong)

    assert workflows(alice) == {}


def test_each_workspace_gets_its_own_and_a_viewer_none(alice: Person, bob: Person, vera: Person) -> None:
    alice.ask("POST", "/templates/front-desk/use/")

    assert bob.ask("POST", "/templates/front-desk/use/").status_code == 201
    assert workflows(bob) == {"classify-and-route": 1, "research-pipeline": 1, "front-desk": None}
    assert vera.ask("POST", "/templates/front-desk/use/").status_code == 403


def test_the_tools_of_wireloom_are_told_and_known(alice: Person) -> None:
    told = alice.ask("GET", "/tools/").json()["results"]
    config = {"prompt": "x", "tools": ["calculate", "current_time", "calculator"]}
    graph = {"nodes": [{"id": "a", "type": "agent", "config": config}]}

    assert [(one["name"], one["source"]) for one in told] == [
        ("calculate", "wireloom"),
        ("current_time", "wireloom"),
    ]
    assert told[0] == {
        "name": "calculate",
        "description": BUILTIN["calculate"].description,
        "parameters": BUILTIN["calculate"].spec.parameters,
        "source": "wireloom",
    }
    errors = alice.ask("POST", "/workflows/validate/", {"graph": graph}).json()["errors"]
    assert [(one["code"], one["field"]) for one in errors] == [("unknown_reference", "tools.2")]


@pytest.mark.parametrize("path", ["/node-types/", "/templates/", "/tools/", "/expressions/functions/"])
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
