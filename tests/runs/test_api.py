"""Runs over REST: started, found again, cancelled, refused."""

from __future__ import annotations

import time

import pytest

from tests.runs.outside import agents, check_history, events_of, make_workflow, provider, run_of, start, until
from tests.server.live import serve

GREETING = {
    "schema": 1,
    "inputs": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
    "nodes": [
        {"id": "greet", "type": "transform", "label": "Greeting", "config": {"template": "Hello {name}"}}
    ],
}
WAIT = {"Prefer": "wait=20"}


def delay(seconds: float) -> dict:
    return {"schema": 1, "nodes": [{"id": "rest", "type": "delay", "config": {"duration_s": seconds}}]}


@pytest.fixture(scope="module")
def greeting(live):
    return make_workflow(live, GREETING, "Greeting")


def test_a_run_is_accepted_at_once_and_answered_whole_when_waited_for(live, greeting):
    accepted = live.ask("POST", f"/api/v1/workflows/{greeting}/runs/", {"input": {"name": "Ada"}})
    assert accepted.status == 202
    waited = live.ask("POST", f"/api/v1/workflows/{greeting}/runs/", {"input": {"name": "Ada"}}, headers=WAIT)
    assert waited.status == 200
    run = waited.json
    assert {
        name: run[name] for name in ("workflow", "version", "status", "input", "output", "error", "steps")
    } == {
        "workflow": greeting,
        "version": "draft",
        "status": "succeeded",
        "input": {"name": "Ada"},
        "output": "Hello Ada",
        "error": None,
        "steps": {"succeeded": 1},
    }
    assert run["usage"] == {"input_tokens": 0, "output_tokens": 0, "cost_usd": None, "cost_complete": True}


def test_a_run_executes_the_version_it_was_started_with(live):
    workflow = make_workflow(live, GREETING)
    assert live.ask("POST", f"/api/v1/workflows/{workflow}/publish/", {}).status == 201
    changed = {
        **GREETING,
        "nodes": [{"id": "greet", "type": "transform", "config": {"template": "Bye {name}"}}],
    }
    assert (
        live.ask("PATCH", f"/api/v1/workflows/{workflow}/", {"revision": 1, "graph": changed}).status == 200
    )
    outputs = {
        version: start(live, workflow, input={"name": "Ada"}, headers=WAIT, **more)["output"]
        for version, more in {"default": {}, 1: {"version": 1}, "draft": {"version": "draft"}}.items()
    }
    assert outputs == {"default": "Hello Ada", 1: "Hello Ada", "draft": "Bye Ada"}
    assert live.ask("POST", f"/api/v1/workflows/{workflow}/runs/", {"version": 2}).code == "unknown_version"


def test_input_that_does_not_fit_is_told_with_every_field(live, greeting):
    answer = live.ask("POST", f"/api/v1/workflows/{greeting}/runs/", {"input": {"name": 3}})
    assert (answer.status, answer.code) == (422, "invalid_input")
    assert answer.json["errors"] == [
        {"code": "invalid_input", "message": "name: 3 is not of type 'string'.", "field": "name"}
    ]


def test_a_graph_that_cannot_run_is_refused_with_every_problem(live):
    graph = {"schema": 1, "nodes": [{"id": "a", "type": "agent"}, {"id": "b", "type": "nonsense"}]}
    answer = live.ask("POST", f"/api/v1/workflows/{make_workflow(live, graph)}/runs/", {"input": {}})
    assert (answer.status, answer.code) == (422, "invalid_workflow")
    assert [(one["code"], one["node"]) for one in answer.json["errors"]] == [
        ("missing_config", "a"),
        ("unknown_type", "b"),
    ]


@pytest.mark.parametrize("body", [{"graph": GREETING}, {"input": {"name": "x"}, "status": "succeeded"}])
def test_a_field_that_is_unknown_is_refused(live, greeting, body):
    answer = live.ask("POST", f"/api/v1/workflows/{greeting}/runs/", body)
    assert (answer.status, [one["code"] for one in answer.json["errors"]]) == (422, ["unknown_field"])


def test_the_same_key_starts_one_run(live, greeting):
    headers = {"Idempotency-Key": "order-7"}
    first = live.ask(
        "POST", f"/api/v1/workflows/{greeting}/runs/", {"input": {"name": "Ada"}}, headers=headers
    )
    again = live.ask(
        "POST", f"/api/v1/workflows/{greeting}/runs/", {"input": {"name": "Ada"}}, headers=headers
    )
    assert (first.status, again.status, again.json["id"]) == (202, 200, first.json["id"])
    other = live.ask(
        "POST", f"/api/v1/workflows/{greeting}/runs/", {"input": {"name": "Bob"}}, headers=headers
    )
    assert (other.status, other.code) == (422, "idempotency_conflict")


def test_history_is_filtered_and_paged(live):
    workflow = make_workflow(live, GREETING, "Filtered")
    ids = [start(live, workflow, input={"name": f"person {n}"}, headers=WAIT)["id"] for n in range(5)]
    query = f"/api/v1/runs/?workflow={workflow}"
    page = live.ask("GET", f"{query}&limit=2").json
    found = page["results"]
    while page["next"]:
        page = live.ask("GET", page["next"].removeprefix(live.url)).json
        found += page["results"]
    assert [run["id"] for run in found] == ids[::-1]
    assert [run["id"] for run in live.ask("GET", f"{query}&q=person+3").json["results"]] == [ids[3]]
    assert live.ask("GET", f"{query}&status=failed").json["results"] == []
    assert live.ask("GET", f"{query}&nonsense=1").status == 422
    assert live.ask("GET", f"{query}&limit=201").status == 422


def test_a_step_tells_its_input_output_and_calls(tmp_path):
    with provider(tmp_path) as stub, serve(tmp_path / "data", **stub.environment) as live:
        stub.script({"text": "Ebb and flow."})
        run = start(live, make_workflow(live, agents("only")), headers=WAIT, input={"topic": "tides"})
        step = live.ask("GET", f"/api/v1/runs/{run['id']}/steps/only/").json
        assert {name: step[name] for name in ("status", "input", "output", "attempt", "ports")} == {
            "status": "succeeded",
            "input": {"topic": "tides"},
            "output": "Ebb and flow.",
            "attempt": 1,
            "ports": ["out"],
        }
        (call,) = step["calls"]
        assert call["request"]["messages"] == [{"role": "user", "content": "Do only."}]
        assert (call["kind"], call["name"], call["result"]["text"]) == ("llm", "openai/stub", "Ebb and flow.")
        assert call["usage"]["input_tokens"] == run["usage"]["input_tokens"] == 12
        shown = (
            live.ask("GET", f"/api/v1/runs/{run['id']}/events/").body
            + live.ask("GET", "/api/v1/models/").body
        )
        assert b"sk-test" not in shown


def test_what_a_provider_answers_decides_about_the_next_attempt(tmp_path):
    """429 and 500 are tried again, as Retry-After says; 401 never."""
    with provider(tmp_path) as stub, serve(tmp_path / "data", **stub.environment) as live:
        workflow = make_workflow(live, agents("only"))
        stub.script({"status": 429, "headers": {"Retry-After": "1"}}, {"status": 500}, {"text": "At last."})
        run = start(live, workflow, headers=WAIT)
        assert (run["status"], run["output"]) == ("succeeded", "At last.")
        retries = [event["data"] for event in events_of(live, run["id"]) if event["type"] == "step.retrying"]
        assert [(one["attempt"], one["error"]["code"]) for one in retries] == [
            (1, "provider_rate_limit"),
            (2, "provider_error"),
        ]
        assert retries[0]["delay_s"] == 1.0
        stub.script({"status": 401, "text": "No."})
        run = start(live, workflow, headers=WAIT)
        assert (run["status"], run["error"]["code"], run["error"]["attempts"]) == (
            "failed",
            "provider_auth",
            1,
        )
        assert len(stub.prompts) == 4


def test_a_run_is_cancelled_once(live):
    run = start(live, make_workflow(live, delay(300)))
    until(live, run["id"], "waiting")
    for _ in range(2):
        assert live.ask("POST", f"/api/v1/runs/{run['id']}/cancel/").status == 202
    ended = until(live, run["id"], "cancelled", within_s=5)
    assert (ended["error"]["code"], ended["steps"]) == ("cancelled", {"cancelled": 1})
    assert live.ask("POST", f"/api/v1/runs/{run['id']}/cancel/").status == 202
    check_history(events_of(live, run["id"]))


def test_a_run_that_ended_cannot_be_cancelled(live, greeting):
    run = start(live, greeting, input={"name": "Ada"}, headers=WAIT)
    answer = live.ask("POST", f"/api/v1/runs/{run['id']}/cancel/")
    assert (answer.status, answer.code) == (409, "run_ended")


def test_a_hanging_model_is_let_go_within_a_second(tmp_path):
    with provider(tmp_path) as stub, serve(tmp_path / "data", **stub.environment) as live:
        stub.script({"hang": True})
        run = start(live, make_workflow(live, agents("only")))
        while not stub.prompts:
            time.sleep(0.05)
        live.ask("POST", f"/api/v1/runs/{run['id']}/cancel/")
        until(live, run["id"], "cancelled", within_s=5)
        check_history(events_of(live, run["id"]))


def test_a_provider_that_says_nothing_is_given_up_on_and_the_rest_is_kept(tmp_path):
    graph = agents("first", "hangs")
    graph["nodes"][1]["policy"] = {"timeout_s": 1, "max_attempts": 2}
    with provider(tmp_path) as stub, serve(tmp_path / "data", **stub.environment) as live:
        stub.script({"text": "Kept."}, {"hang": True}, {"hang": True})
        run = start(live, make_workflow(live, graph), headers=WAIT)
        assert run["status"] == "failed"
        assert {name: run["error"][name] for name in ("code", "node", "attempts")} == {
            "code": "timeout",
            "node": "hangs",
            "attempts": 2,
        }
        steps = live.ask("GET", f"/api/v1/runs/{run['id']}/steps/").json["results"]
        assert [(step["key"], step["status"], step["output"]) for step in steps] == [
            ("first", "succeeded", "Kept."),
            ("hangs", "failed", None),
        ]
        check_history(events_of(live, run["id"]))


def test_long_values_are_whole_in_steps_and_referred_to_in_events(live):
    graph = {
        "schema": 1,
        "nodes": [
            {"id": "big", "type": "transform", "config": {"expression": "input"}},
            {"id": "out", "type": "output"},
        ],
        "edges": [{"source": "big", "target": "out"}],
    }
    value = {"text": "long " * 10_000, "$blob": "mine"}
    run = start(live, make_workflow(live, graph), input=value, headers=WAIT)
    assert run["output"] == value
    assert live.ask("GET", f"/api/v1/runs/{run['id']}/steps/big/").json["output"] == value
    outputs = [event["data"]["output"] for event in events_of(live, run["id"]) if "output" in event["data"]]
    assert {output["size"] for output in outputs} == {len(outputs) and outputs[0]["size"]}
    assert all(output.keys() == {"$blob", "size"} for output in outputs)


def test_what_models_write_survives_the_journal(live):
    graph = {
        "schema": 1,
        "nodes": [{"id": "odd", "type": "transform", "config": {"expression": r"'nul \u0000 end'"}}],
    }
    assert start(live, make_workflow(live, graph), headers=WAIT)["output"] == "nul \0 end"


def test_a_run_of_somebody_else_does_not_exist(live):
    answers = [
        live.ask("GET", f"/api/v1/runs/{'0' * 26}/{rest}") for rest in ("", "steps/", "steps/a/", "events/")
    ]
    assert {answer.status for answer in answers} == {404}
    assert live.ask("POST", f"/api/v1/runs/{'0' * 26}/cancel/").status == 404


class TestExecute:
    """The door for other programs."""

    def test_answers_a_task(self, live):
        graph = {
            "schema": 1,
            "nodes": [{"id": "a", "type": "transform", "config": {"template": "Done: {{ input.task }}"}}],
        }
        slug = live.ask("POST", "/api/v1/workflows/", {"name": "Door", "graph": graph}).json["slug"]
        answer = live.ask("POST", "/workflow/execute", {"task": "sweep", "workflow": slug})
        assert (answer.status, answer.json["status"], answer.json["output"]) == (
            200,
            "succeeded",
            "Done: sweep",
        )
        plain = live.ask(
            "POST", "/workflow/execute", {"task": "sweep", "workflow": slug}, headers={"Accept": "text/plain"}
        )
        assert (plain.body, plain.headers["Content-Type"]) == (b"Done: sweep", "text/plain; charset=utf-8")

    def test_tells_a_failed_run_by_its_id(self, live):
        graph = {"schema": 1, "nodes": [{"id": "a", "type": "transform", "config": {"expression": "1 / 0"}}]}
        slug = live.ask("POST", "/api/v1/workflows/", {"name": "Broken door", "graph": graph}).json["slug"]
        answer = live.ask("POST", "/workflow/execute", {"task": "x", "workflow": slug})
        assert (answer.status, answer.code) == (502, "run_failed")
        assert run_of(live, answer.json["run_id"])["error"]["code"] == "expression_error"

    def test_needs_a_workflow(self, live):
        assert live.ask("POST", "/workflow/execute", {"task": "x"}).code == "no_workflow"
        assert live.ask("POST", "/workflow/execute", {"task": "x", "workflow": "nobody"}).status == 404

    def test_a_listed_origin_may_call_it(self, live):
        headers = {"Origin": "https://app.example.com", "Access-Control-Request-Method": "POST"}
        preflight = live.ask("OPTIONS", "/workflow/execute", token=None, headers=headers)
        assert preflight.headers["Access-Control-Allow-Origin"] == "https://app.example.com"
        assert preflight.headers["Access-Control-Allow-Credentials"] is None
