"""Runs that are killed or cancelled where it hurts most: between attempts, in mid-answer, while they end."""

from __future__ import annotations

import time

import pytest

from tests.runs.outside import agents, check_history, events_of, kill, make_workflow, provider, start, until
from tests.server.live import serve


def types(events, *, of=None):
    return [event["type"] for event in events if of is None or event["step"] == of]


def told(live, run, kind):
    """The data of the run's first event of `kind`, once it is there."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        for event in events_of(live, run["id"]):
            if event["type"] == kind:
                return event["data"]
        time.sleep(0.03)
    raise AssertionError(kind)


@pytest.fixture
def stub(tmp_path):
    with provider(tmp_path) as stub:
        yield stub


@pytest.mark.slow
def test_a_run_killed_between_two_attempts_goes_on_counting(stub, tmp_path):
    """X15: no attempt was cut off, so none is told as interrupted, and the limit of attempts still holds."""
    refusal = {"status": 500, "headers": {"Retry-After": "3"}}
    stub.script(refusal, refusal, {"status": 500}, {"text": "Too late."})
    with serve(tmp_path / "data", **stub.environment) as live:
        run = start(live, make_workflow(live, agents("only")))
        assert told(live, run, "step.retrying")["attempt"] == 1
        kill(live)
    with serve(tmp_path / "data", **stub.environment) as live:
        ended = until(live, run["id"], "failed")
        events = events_of(live, run["id"])
    check_history(events)
    assert types(events, of="only") == [
        *("step.started", "llm.started", "llm.finished", "step.retrying"),
        *("step.started", "llm.started", "llm.finished", "step.retrying"),
        *("step.started", "llm.started", "llm.finished", "step.failed"),
    ]
    starts = [event["data"]["attempt"] for event in events if event["type"] == "step.started"]
    assert (starts, ended["error"]["code"], ended["error"]["attempts"]) == ([1, 2, 3], "provider_error", 3)
    assert len(stub.prompts) == 3


@pytest.mark.slow
def test_a_run_killed_while_it_fails_ends_as_failed_when_what_was_running_has_ended(stub, tmp_path):
    """X11: the failure was recorded; the step beside it goes on, what comes after it never starts."""
    graph = agents("bad", "slow", "after")
    graph["edges"] = [{"source": "slow", "target": "after"}, {"source": "bad", "target": "after"}]
    graph["nodes"][2]["policy"] = {"max_attempts": 1}
    stub.script({"status": 401}, {"hang": True}, {"text": "Slow, but done."})
    with serve(tmp_path / "data", **stub.environment) as live:
        run = start(live, make_workflow(live, graph))
        while len(stub.prompts) < 2:
            time.sleep(0.02)
        failed = next(name for name in ("bad", "slow") if f"Do {name}." == stub.prompts[0])
        (hanging,) = {"bad", "slow"} - {failed}
        told(live, run, "step.failed")
        kill(live)
    with serve(tmp_path / "data", **stub.environment) as live:
        ended = until(live, run["id"], "failed")
        events = events_of(live, run["id"])
    check_history(events)
    assert (ended["error"]["code"], ended["error"]["node"]) == ("provider_auth", failed)
    assert ended["steps"] == {"failed": 1, "succeeded": 1, "skipped": 1}
    assert types(events, of=hanging).count("step.interrupted") == 1


@pytest.mark.slow
def test_a_run_killed_while_it_is_being_cancelled_ends_as_cancelled(stub, tmp_path):
    stub.script({"hang": True})
    with serve(tmp_path / "data", **stub.environment) as live:
        run = start(live, make_workflow(live, agents("only", "next")))
        while not stub.prompts:
            time.sleep(0.02)
        assert live.ask("POST", f"/api/v1/runs/{run['id']}/cancel/").status == 202
        kill(live)
    with serve(tmp_path / "data", **stub.environment) as live:
        ended = until(live, run["id"], "cancelled", within_s=5)
        check_history(events_of(live, run["id"]))
        assert live.ask("POST", f"/api/v1/runs/{run['id']}/cancel/").status == 202
    assert (ended["error"]["code"], ended["steps"], stub.prompts) == (
        "cancelled",
        {"cancelled": 1},
        ["Do only."],
    )


@pytest.mark.slow
def test_time_in_which_no_process_drove_a_run_is_not_its_own(stub, tmp_path):
    """X13: a run of four seconds at the most, two in two processes and five in none."""
    graph = {**agents("one", "two"), "settings": {"timeout_s": 4}}
    stub.script({"text": "One.", "delay_s": 1.0}, {"hang": True}, {"text": "Two.", "delay_s": 1.0})
    with serve(tmp_path / "data", **stub.environment) as live:
        run = start(live, make_workflow(live, graph))
        while len(stub.prompts) < 2:
            time.sleep(0.02)
        told(live, run, "llm.finished")
        kill(live)
    time.sleep(5)
    with serve(tmp_path / "data", **stub.environment) as live:
        ended = until(live, run["id"], "succeeded", "failed")
        check_history(events_of(live, run["id"]))
    assert (ended["status"], ended["output"]) == ("succeeded", "Two.")
    assert ended["duration_ms"] > 7_000
    assert 1_900 < ended["active_ms"] < 4_000


@pytest.fixture(scope="module")
def driven(tmp_path_factory):
    """A server and its provider, for what needs no crash."""
    folder = tmp_path_factory.mktemp("driven")
    with provider(folder) as stub, serve(folder / "data", **stub.environment) as live:
        yield live, stub


def cancelled(live, run):
    """The run's events, cancelled within a second."""
    began = time.monotonic()
    assert live.ask("POST", f"/api/v1/runs/{run['id']}/cancel/").status == 202
    ended = until(live, run["id"], "cancelled", within_s=5)
    assert time.monotonic() - began < 1
    assert (ended["error"]["code"], ended["steps"]) == ("cancelled", {"cancelled": 1})
    events = events_of(live, run["id"])
    check_history(events)
    return events


def test_a_run_is_cancelled_between_two_attempts(driven):
    live, stub = driven
    stub.script({"status": 500, "headers": {"Retry-After": "60"}})
    before = len(stub.prompts)
    run = start(live, make_workflow(live, agents("only")))
    told(live, run, "step.retrying")
    assert types(cancelled(live, run))[-3:] == ["step.retrying", "step.cancelled", "run.cancelled"]
    assert len(stub.prompts) == before + 1


def test_a_run_is_cancelled_in_the_middle_of_an_answer(driven):
    live, stub = driven
    stub.script({"text": "Half an answer, and no more.", "hang": True, "after": 3})
    run = start(live, make_workflow(live, agents("only")))
    headers = {"Accept": "text/event-stream"}
    told(live, run, "llm.started")
    time.sleep(0.3)
    events = cancelled(live, run)
    assert types(events)[-2:] == ["step.cancelled", "run.cancelled"]
    stream = live.ask("GET", f"/api/v1/runs/{run['id']}/events/", headers=headers).body.decode()
    assert "Half " in stream, "whoever joins late is still shown what there was"
