from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from builder.graphs import EMPTY
from builder.models import Version, Workflow
from builder.services import publish
from tests.accounts.people import Person

GRAPH: dict[str, Any] = {
    "schema": 1,
    "inputs": {"type": "object", "properties": {"name": {"type": "string"}}},
    "nodes": [
        {"id": "start", "type": "input"},
        {"id": "greet", "type": "transform", "config": {"template": "Hello {{ input.name }}"}},
        {"id": "end", "type": "output"},
    ],
    "edges": [{"source": "start", "target": "greet"}, {"source": "greet", "target": "end"}],
}
#: What a draft may hold and a version may not.
UNFINISHED = {"nodes": [{"id": "x", "type": "not_invented"}], "edges": [{"source": "x", "target": "nowhere"}]}


def make(person: Person, name: str = "Greeting", graph: Any = GRAPH) -> dict[str, Any]:
    answer = person.ask("POST", "/workflows/", {"name": name, "graph": graph})
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def test_a_workflow_is_kept_as_it_was_sent(alice: Person) -> None:
    made = make(alice)

    read = alice.ask("GET", f"/workflows/{made['id']}/").json()
    assert read == made
    assert {name: made[name] for name in ("slug", "name", "graph", "revision", "published_version")} == {
        "slug": "greeting",
        "name": "Greeting",
        "graph": GRAPH,
        "revision": 1,
        "published_version": None,
    }


def test_without_a_graph_it_is_empty(alice: Person) -> None:
    assert alice.ask("POST", "/workflows/", {"name": "x"}).json()["graph"] == EMPTY


@pytest.mark.parametrize(
    ("names", "slugs"),
    [
        (["Über uns!", "ber-uns"], ["ber-uns", "ber-uns-2"]),
        (["日本語", "日本語"], ["workflow", "workflow-2"]),
        (["A b", "a-b", "A  B"], ["a-b", "a-b-2", "a-b-3"]),
    ],
)
def test_slugs_are_made_from_names_and_unique(alice: Person, names: list[str], slugs: list[str]) -> None:
    assert [make(alice, name)["slug"] for name in names] == slugs


def test_slugs_are_unique_in_a_workspace_alone(alice: Person, bob: Person) -> None:
    assert make(alice)["slug"] == make(bob)["slug"]


def test_a_draft_may_be_unfinished(alice: Person) -> None:
    assert make(alice, graph=UNFINISHED)["graph"] == UNFINISHED


@pytest.mark.parametrize(
    "graph", [3, [], "x", {"nodes": {}}, {"nodes": [{"type": "input"}]}, {"nodes": [], "extra": 1}]
)
def test_a_malformed_graph_is_400_and_nothing_is_made(alice: Person, graph: Any) -> None:
    answer = alice.ask("POST", "/workflows/", {"name": "x", "graph": graph})

    assert answer.status_code == 400
    assert answer.json()["code"] == "malformed_document"
    assert answer.json()["errors"]
    assert not Workflow.objects.unscoped().exists()


def test_too_many_nodes_are_422_and_ten_thousand_are_fine(alice: Person) -> None:
    def nodes(count: int) -> dict[str, Any]:
        return {"nodes": [{"id": f"n{n}", "type": "input"} for n in range(count)]}

    refused = alice.ask("POST", "/workflows/", {"name": "x", "graph": nodes(20_001)})

    assert (refused.status_code, refused.json()["code"]) == (422, "too_many_nodes")
    assert len(make(alice, graph=nodes(10_000))["graph"]["nodes"]) == 10_000


def test_unknown_fields_are_all_named_with_what_else_is_wrong(alice: Person) -> None:
    answer = alice.ask("POST", "/workflows/", {"id": "1", "owner": "bob", "slug": "x"})

    assert answer.status_code == 422
    assert {(item["field"], item["code"]) for item in answer.json()["errors"]} == {
        ("name", "required"),
        ("id", "unknown_field"),
        ("owner", "unknown_field"),
        ("slug", "unknown_field"),
    }


def test_a_save_names_the_revision_that_it_edits(alice: Person) -> None:
    made = make(alice)
    path = f"/workflows/{made['id']}/"

    saved = alice.ask("PUT", path, {"revision": 1, "name": "Renamed", "graph": UNFINISHED})
    stale = alice.ask("PUT", path, {"revision": 1, "name": "Lost", "graph": GRAPH})
    without = alice.ask("PUT", path, {"name": "Lost", "graph": GRAPH})

    assert saved.status_code == 200
    assert {name: saved.json()[name] for name in ("revision", "name", "graph", "slug")} == {
        "revision": 2,
        "name": "Renamed",
        "graph": UNFINISHED,
        "slug": "greeting",
    }
    assert (stale.status_code, stale.json()["code"], stale.json()["current"]) == (409, "stale_revision", 2)
    assert without.status_code == 422
    assert alice.ask("GET", path).json()["name"] == "Renamed"


@pytest.mark.parametrize("revision", ["1", True, 1.0, 0, 2**31, None])
def test_a_revision_is_a_whole_number(alice: Person, revision: Any) -> None:
    made = make(alice)

    answer = alice.ask("PATCH", f"/workflows/{made['id']}/", {"revision": revision, "name": "x"})

    assert answer.status_code == 422
    assert [item["field"] for item in answer.json()["errors"]] == ["revision"]


def test_a_change_leaves_the_rest(alice: Person) -> None:
    made = make(alice)

    renamed = alice.ask("PATCH", f"/workflows/{made['id']}/", {"revision": 1, "name": "Other"}).json()

    assert (renamed["name"], renamed["graph"], renamed["revision"]) == ("Other", GRAPH, 2)


def test_a_malformed_save_changes_nothing(alice: Person) -> None:
    made = make(alice)

    answer = alice.ask("PATCH", f"/workflows/{made['id']}/", {"revision": 1, "graph": {"nodes": 1}})

    assert answer.status_code == 400
    assert alice.ask("GET", f"/workflows/{made['id']}/").json() == made


def test_publishing_makes_versions_that_no_save_changes(alice: Person) -> None:
    made = make(alice)
    path = f"/workflows/{made['id']}"

    first = alice.ask("POST", f"{path}/publish/")
    alice.ask("PATCH", f"{path}/", {"revision": 1, "graph": UNFINISHED})
    refused = alice.ask("POST", f"{path}/publish/")

    assert (first.status_code, first.json()["version"], first.json()["graph"]) == (201, 1, GRAPH)
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_workflow")
    assert {item["code"] for item in refused.json()["errors"]} >= {"unknown_type", "unknown_node"}
    assert alice.ask("GET", f"{path}/versions/1/").json() == first.json()
    assert alice.ask("GET", f"{path}/").json()["published_version"] == 1


def test_a_stale_revision_is_not_published(alice: Person) -> None:
    made = make(alice)
    alice.ask("PATCH", f"/workflows/{made['id']}/", {"revision": 1, "name": "Other"})

    answer = alice.ask("POST", f"/workflows/{made['id']}/publish/", {"revision": 1})

    assert (answer.status_code, answer.json()["current"]) == (409, 2)
    assert not Version.objects.unscoped().exists()


def test_a_save_that_comes_in_between_is_not_published_unseen(alice: Person) -> None:
    workflow = Workflow.objects.unscoped().get(pk=make(alice)["id"])
    Workflow.objects.unscoped().update(revision=2)

    with pytest.raises(Exception, match="revision 2"):
        publish(alice.actor, workflow, revision=None)


def test_versions_are_listed_newest_first_and_one_can_be_restored(alice: Person) -> None:
    made = make(alice)
    path = f"/workflows/{made['id']}"
    alice.ask("POST", f"{path}/publish/")
    other = {**GRAPH, "nodes": [{"id": "start", "type": "input"}], "edges": []}
    alice.ask("PATCH", f"{path}/", {"revision": 1, "graph": other})
    alice.ask("POST", f"{path}/publish/")

    listed = alice.ask("GET", f"{path}/versions/").json()["results"]
    restored = alice.ask("POST", f"{path}/versions/1/restore/").json()

    assert [one["version"] for one in listed] == [2, 1]
    assert listed[0]["content_hash"] != listed[1]["content_hash"]
    assert (restored["graph"], restored["revision"], restored["published_version"]) == (GRAPH, 3, 2)


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999"])
def test_a_version_that_never_was_is_404(alice: Person, number: str) -> None:
    made = make(alice)
    alice.ask("POST", f"/workflows/{made['id']}/publish/")

    assert alice.ask("GET", f"/workflows/{made['id']}/versions/{number}/").status_code == 404


def test_a_deleted_workflow_is_archived(alice: Person) -> None:
    made = make(alice)

    deleted = alice.ask("DELETE", f"/workflows/{made['id']}/")

    assert (deleted.status_code, deleted.content) == (204, b"")
    assert [alice.ask(method, f"/workflows/{made['id']}/").status_code for method in ("GET", "DELETE")] == [
        404,
        404,
    ]
    assert alice.ask("GET", "/workflows/").json()["results"] == []
    assert Workflow.objects.unscoped().get(pk=made["id"]).archived_at is not None
    assert make(alice)["slug"] == "greeting-2"


def test_validation_tells_all_that_is_wrong_and_stores_nothing(alice: Person) -> None:
    answer = alice.ask("POST", "/workflows/validate/", {"graph": UNFINISHED})

    assert answer.status_code == 200
    assert answer.json()["valid"] is False
    assert {item["code"] for item in answer.json()["errors"]} >= {"unknown_type", "unknown_node"}
    assert not Workflow.objects.unscoped().exists()


def test_a_draft_is_validated_or_the_graph_beside_it(alice: Person) -> None:
    path = f"/workflows/{make(alice)['id']}/validate/"

    answers = [
        alice.ask("POST", path),
        alice.ask("POST", path, {"graph": UNFINISHED}),
        alice.ask("POST", path, {"graph": 1}),
    ]

    assert [answer.json().get("valid") for answer in answers] == [True, False, None]
    assert answers[2].status_code == 400


def test_an_export_comes_back_without_loss(alice: Person, bob: Person) -> None:
    made = make(alice)

    exported = alice.ask("GET", f"/workflows/{made['id']}/export/?as=json")
    imported = bob.ask("POST", "/workflows/import/", exported.json())

    assert exported["Content-Disposition"] == 'attachment; filename="greeting.json"'
    assert imported.status_code == 201
    assert {name: imported.json()[name] for name in ("name", "slug", "graph")} == {
        name: made[name] for name in ("name", "slug", "graph")
    }
    assert bob.ask("GET", f"/workflows/{imported.json()['id']}/export/").json() == exported.json()


def test_an_export_in_another_form_is_422(alice: Person) -> None:
    answer = alice.ask("GET", f"/workflows/{make(alice)['id']}/export/?as=python")

    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_format")


def test_lists_come_in_pages_the_last_saved_first(alice: Person) -> None:
    names = [f"Number {n}" for n in range(5)]
    made = [make(alice, name) for name in names]
    alice.ask("PATCH", f"/workflows/{made[0]['id']}/", {"revision": 1, "name": "Number 0"})

    seen, url = [], "/workflows/?limit=2"
    while url:
        answer = alice.ask("GET", url).json()
        seen.append([one["name"] for one in answer["results"]])
        url = answer["next"] and answer["next"].removeprefix("http://testserver/api/v1")

    assert seen == [["Number 0", "Number 4"], ["Number 3", "Number 2"], ["Number 1"]]


def test_a_list_is_searched_by_name(alice: Person) -> None:
    for name in ("Tides", "Weather"):
        make(alice, name)

    assert [one["name"] for one in alice.ask("GET", "/workflows/?q=tID").json()["results"]] == ["Tides"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("limit=0", 422, "invalid"),
        ("limit=201", 422, "invalid"),
        ("limit=x", 422, "invalid"),
        ("limit=1&limit=2", 422, "invalid"),
        ("page=2", 422, "invalid"),
        ("cursor=zzz", 400, "bad_cursor"),
        ("cursor=WyJ4IiwieSJd", 400, "bad_cursor"),
        ("cursor=WzEsMl0", 400, "bad_cursor"),
    ],
)
def test_a_page_that_cannot_be_is_refused(alice: Person, query: str, status: int, code: str) -> None:
    answer = alice.ask("GET", f"/workflows/?{query}")

    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_list_costs_the_same_whatever_its_length(alice: Person) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            alice.ask("GET", "/workflows/")
        return len(seen)

    make(alice)
    queries()
    one = queries()
    for _ in range(2):
        make(alice)

    assert queries() == one == 1


def test_a_viewer_looks_and_judges_but_changes_nothing(alice: Person, vera: Person) -> None:
    path = f"/workflows/{make(alice)['id']}"

    allowed = [
        vera.ask("GET", f"{path}/"),
        vera.ask("POST", f"{path}/validate/"),
        vera.ask("GET", f"{path}/export/"),
    ]
    refused = [
        vera.ask("POST", "/workflows/", {"name": "x"}),
        vera.ask("PATCH", f"{path}/", {"revision": 1, "name": "x"}),
        vera.ask("DELETE", f"{path}/"),
        vera.ask("POST", f"{path}/publish/"),
        vera.ask("POST", "/templates/research-pipeline/use/"),
    ]

    assert [answer.status_code for answer in allowed] == [200, 200, 200]
    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(403, "forbidden")] * 5


def test_the_stored_draft_is_text_that_any_client_reads_alike(alice: Person) -> None:
    graph = {
        "nodes": [{"id": "a", "type": "input", "label": "\u0000 é 😀", "config": {"n": 1e300, "big": 10**30}}]
    }

    made = make(alice, graph=graph)

    assert made["graph"] == graph
    assert json.loads(Workflow.objects.unscoped().get(pk=made["id"]).draft) == graph


def test_a_put_may_leave_out_what_stays_as_it_is(alice: Person) -> None:
    made = make(alice)
    other = {**GRAPH, "notes": [{"id": "n", "text": "hm"}]}

    saved = alice.ask("PUT", f"/workflows/{made['id']}/", {"revision": 1, "graph": other}).json()
    renamed = alice.ask("PUT", f"/workflows/{made['id']}/", {"revision": 2, "name": "Hello"}).json()

    assert [(one["name"], one["graph"], one["revision"]) for one in (saved, renamed)] == [
        ("Greeting", other, 2),
        ("Hello", other, 3),
    ]


def test_a_new_workflow_was_saved_when_it_was_made(alice: Person) -> None:
    made = make(alice)

    assert made["created_at"] == made["updated_at"]


def test_what_takes_no_body_refuses_its_fields(alice: Person) -> None:
    made = make(alice)
    alice.ask("POST", f"/workflows/{made['id']}/publish/")

    for path in (f"/workflows/{made['id']}/versions/1/restore/", "/templates/research-pipeline/use/"):
        refused = alice.ask("POST", path, {"colour": "red"})
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "unknown_field")
        assert alice.ask("POST", path, {}).status_code in {200, 201}
