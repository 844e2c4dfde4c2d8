"""`/workflow/execute` without a token, where the operator allows it; the limits; who may do what."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import pytest
from django.test import Client

from builder.models import Workflow
from builder.services import create_workflow
from runs.api import execute
from runs.models import Run
from tests.accounts.people import Person
from tests.runs.inside import QUICK, started
from tests.runs.outside import make_workflow, start, until

NOW = {"Prefer": "wait=0"}


@pytest.fixture
def opened(alice: Person, settings) -> Workflow:
    workflow = create_workflow(alice.actor, name="Open", graph=QUICK)
    settings.WIRELOOM = replace(settings.WIRELOOM, execute_anonymous=True, execute_workflow=workflow.slug)
    execute.anonymous.clear()
    return workflow


def ask(**body):
    return Client().post(
        "/workflow/execute", {"task": "x", **body}, content_type="application/json", headers=NOW
    )


def test_nobody_runs_anything_unless_the_operator_says_so(alice, settings):
    assert ask().status_code == 401


def test_anyone_runs_the_default_workflow_and_no_other(alice, opened):
    create_workflow(alice.actor, name="Closed", graph=QUICK)
    assert ask(workflow="closed").status_code == 403
    assert ask(workflow=opened.slug).status_code in (200, 202)
    run = Run.objects.unscoped().get()
    assert (run.workflow_id, run.created_by) == (opened.pk, None)


def test_whoever_asks_too_often_is_told_when_to_come_again(opened):
    answers = [ask(workflow="nope") for _ in range(31)]
    assert {answer.status_code for answer in answers[:30]} == {403}
    assert (answers[30].status_code, answers[30].json()["code"]) == (429, "too_many_requests")
    assert 0 < int(answers[30]["Retry-After"]) <= 60


def test_a_token_still_counts_where_anyone_may_call(opened):
    headers = {"Authorization": "Bearer wl_nobody"}
    answer = Client().post(
        "/workflow/execute", {"task": "x"}, content_type="application/json", headers=headers
    )
    assert answer.status_code == 401


def test_each_limit_is_told_with_its_use(alice, vera):
    told = {"name": "agent", "limit": 64, "in_use": 0, "peak": 0, "queued": 0}
    assert vera.ask("GET", "/limits/").json() == {"results": [told], "next": None}


def test_who_may_only_look_starts_and_cancels_nothing(alice, vera):
    run = started(alice, QUICK)
    assert vera.ask("GET", f"/runs/{run.pk}/").status_code == 200
    assert vera.ask("POST", f"/workflows/{run.workflow_id}/runs/", {}).status_code == 403
    assert vera.ask("POST", f"/runs/{run.pk}/cancel/").status_code == 403


def test_runs_of_another_workspace_are_not_there(alice, bob):
    run = started(alice, QUICK)
    for address in ("", "steps/", "steps/a/", "events/"):
        assert bob.ask("GET", f"/runs/{run.pk}/{address}").status_code == 404
    assert bob.ask("POST", f"/runs/{run.pk}/cancel/").status_code == 404
    assert bob.ask("GET", f"/runs/?workflow={run.workflow_id}").json()["results"] == []


def test_runs_of_an_archived_workflow_still_name_it_and_it_starts_no_more(alice):
    run = started(alice, QUICK)
    assert alice.ask("DELETE", f"/workflows/{run.workflow_id}/").status_code == 204
    assert alice.ask("GET", f"/runs/{run.pk}/").json()["workflow_name"] == "Inside"
    assert alice.ask("POST", f"/workflows/{run.workflow_id}/runs/", {}).status_code == 404


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("100%", 1),
        ("_", 1),
        ('say "hi"', 1),
        ("back\\slash", 1),
        ("line\nbreak", 1),
        ("größe", 1),
        ("nowhere", 0),
    ],
)
def test_history_is_searched_for_the_words_as_they_are(alice, words, found):
    started(alice, QUICK, {"text": f"before {words if found else ''} after"})
    started(alice, QUICK, {"text": "plain"})
    answer = alice.ask("GET", "/runs/?q=" + quote(words))
    assert len(answer.json()["results"]) == found


@pytest.mark.parametrize(
    "query",
    [
        "since=9999-12-31T23:59:59-14:00",
        "until=0001-01-01T00:00:00%2B14:00",
        "since=x",
        "status=done",
        "limit=0",
        "q=%00",
    ],
)
def test_a_filter_that_cannot_be_is_refused(alice, query):
    assert alice.ask("GET", f"/runs/?{query}").status_code == 422


def test_a_list_refers_to_long_values_and_the_run_has_them_whole(alice):
    long = {"text": "x" * 20_000}
    run = started(alice, QUICK, long)
    (listed,) = alice.ask("GET", "/runs/").json()["results"]
    assert listed["input"].keys() == {"$blob"}
    assert alice.ask("GET", f"/runs/{run.pk}/").json()["input"] == long


@pytest.mark.parametrize("after", ["", "x", "-1", "1" * 30])
def test_every_place_that_is_none_is_a_bad_cursor(alice, after):
    run = started(alice, QUICK)
    answer = alice.ask("GET", f"/runs/{run.pk}/events/?after={after}")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_cursor")


def test_a_key_of_a_refused_start_is_not_spent(alice):
    graph = {"schema": 1, "nodes": [{"id": "a", "type": "nonsense"}]}
    workflow = create_workflow(alice.actor, name="Later", graph=graph)
    key = {"Idempotency-Key": "k"}
    assert alice.ask("POST", f"/workflows/{workflow.pk}/runs/", {}, **key).status_code == 422
    saved = alice.ask("PATCH", f"/workflows/{workflow.pk}/", {"revision": 1, "graph": QUICK})
    assert saved.status_code == 200
    assert alice.ask("POST", f"/workflows/{workflow.pk}/runs/", {}, **key).status_code == 202


def test_a_browser_that_reconnects_goes_on_where_it_was(live):
    run = start(live, make_workflow(live, QUICK))
    until(live, run["id"], "succeeded")
    headers = {"Accept": "text/event-stream", "Last-Event-ID": "3"}
    stream = live.ask("GET", f"/api/v1/runs/{run['id']}/events/?after=1", headers=headers).body.decode()
    assert [line for line in stream.splitlines() if line.startswith("id:")] == ["id: 4"]
