"""Workflows inside workflows: found by slug in the same workspace, pinned to a version when published."""

from __future__ import annotations

from typing import Any

from tests.accounts.people import Person
from tests.builder.test_workflows import make


def around(slug: str, **config: Any) -> dict[str, Any]:
    return {"nodes": [{"id": "inside", "type": "subworkflow", "config": {"workflow": slug, **config}}]}


def publish(person: Person, made: dict[str, Any]) -> Any:
    return person.ask("POST", f"/workflows/{made['id']}/publish/")


def problems(answer: Any) -> list[tuple[str, str, str]]:
    return [(one["code"], one["node"], one["field"]) for one in answer.json()["errors"]]


def test_publishing_pins_the_workflows_inside_to_the_versions_of_that_moment(alice: Person) -> None:
    inner = make(alice, "Inner")
    publish(alice, inner)
    outer = make(alice, "Outer", around("inner"))

    first = publish(alice, outer)
    publish(alice, inner)
    second = publish(alice, outer)

    pinned = [answer.json()["graph"]["nodes"][0]["config"] for answer in (first, second)]
    assert pinned == [{"workflow": "inner", "version": 1}, {"workflow": "inner", "version": 2}]
    assert alice.ask("GET", f"/workflows/{outer['id']}/").json()["graph"] == around("inner")


def test_a_version_that_is_named_stays(alice: Person) -> None:
    inner = make(alice, "Inner")
    publish(alice, inner)
    publish(alice, inner)

    published = publish(alice, make(alice, "Outer", around("inner", version=1)))

    assert published.json()["graph"]["nodes"][0]["config"] == {"workflow": "inner", "version": 1}


def test_what_is_not_published_or_not_there_or_another_workspaces_is_unknown(
    alice: Person, bob: Person
) -> None:
    make(alice, "Draft only")
    publish(bob, make(bob, "Theirs"))

    for slug in ("draft-only", "nowhere", "theirs"):
        answer = alice.ask("POST", "/workflows/validate/", {"graph": around(slug)})
        assert problems(answer) == [("unknown_reference", "inside", "workflow")]


def test_a_workflow_cannot_run_inside_itself(alice: Person) -> None:
    made = make(alice, "Snake", {"nodes": [{"id": "out", "type": "output"}]})
    publish(alice, made)
    path = f"/workflows/{made['id']}/"
    alice.ask("PATCH", path, {"revision": 1, "graph": around("snake")})

    assert problems(publish(alice, made)) == [("cycle", "inside", "workflow")]
    assert problems(alice.ask("POST", f"{path}validate/")) == [("cycle", "inside", "workflow")]


def test_an_archived_workflow_goes_on_inside_what_was_published_with_it(alice: Person) -> None:
    inner = make(alice, "Inner")
    publish(alice, inner)
    outer = make(alice, "Outer", around("inner"))
    graph = publish(alice, outer).json()["graph"]
    alice.ask("DELETE", f"/workflows/{inner['id']}/")

    assert alice.ask("POST", "/workflows/validate/", {"graph": graph}).json()["valid"]
    assert problems(alice.ask("POST", "/workflows/validate/", {"graph": around("inner")})) == [
        ("unknown_reference", "inside", "workflow")
    ]


def test_what_is_pinned_in_a_draft_is_not_published(alice: Person) -> None:
    node = {"id": "a", "type": "output", "pin": {"output": 1}}
    made = make(alice, "Pinned", {"nodes": [node]})

    published = publish(alice, made).json()["graph"]

    assert published["nodes"] == [{"id": "a", "type": "output"}]
    assert alice.ask("GET", f"/workflows/{made['id']}/").json()["graph"]["nodes"] == [node]


def test_validation_tells_where_a_graph_repeats(alice: Person) -> None:
    graph = {
        "nodes": [
            {"id": "rows", "type": "split", "config": {"items": "input.rows"}},
            {"id": "work", "type": "transform", "config": {"expression": "item"}},
            {"id": "join", "type": "join", "config": {"mode": "collect"}},
        ],
        "edges": [
            {"source": "rows", "target": "work"},
            {"source": "work", "target": "join"},
            {"source": "work", "target": "work", "loop": {"max_iterations": 3}},
        ],
    }

    assert alice.ask("POST", "/workflows/validate/", {"graph": graph}).json()["regions"] == [
        {"kind": "split", "opener": "rows", "members": ["work"], "closers": ["join"]},
        {"kind": "loop", "opener": "work", "members": ["work"], "closers": []},
    ]
