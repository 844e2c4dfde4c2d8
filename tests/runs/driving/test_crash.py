"""After a kill -9 every run that was going on goes on: nothing finished is done again, nothing is lost."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest

from tests.runs.outside import agents, check_history, events_of, kill, make_workflow, provider, start, until
from tests.server.live import query, serve


@pytest.mark.slow
def test_a_killed_server_goes_on_with_every_run_and_repeats_no_finished_step(tmp_path):
    with provider(tmp_path, latency_ms=150) as stub:
        with serve(tmp_path / "data", **stub.environment) as live:
            workflow = make_workflow(live, agents("one", "two", "three", "four"))
            runs = [start(live, workflow)["id"] for _ in range(3)]
            time.sleep(0.35)  # some are in their second step, some in their third
            kill(live)
        with serve(tmp_path / "data", **stub.environment) as live:
            for run_id in runs:
                assert until(live, run_id, "succeeded")["steps"] == {"succeeded": 4}
            histories = {run_id: events_of(live, run_id) for run_id in runs}
        prompts = stub.prompts
    for events in histories.values():
        check_history(events)
        interrupted = [event["step"] for event in events if event["type"] == "step.interrupted"]
        assert len(interrupted) == 1
        attempts = [
            event["data"]["attempt"]
            for event in events
            if event["type"] == "step.started" and event["step"] == interrupted[0]
        ]
        assert attempts == [1, 2]
        finished = [event for event in events if event["type"] == "llm.finished"]
        assert len(finished) == 4, "a recorded call is not made again"
    # Each run was cut off in one call at the most, which alone was made twice.
    assert 12 <= len(prompts) <= 15


@pytest.mark.slow
def test_a_recorded_call_is_given_back_to_the_step_that_made_it(tmp_path):
    """X15: the answer was committed, the step's end was not."""
    with provider(tmp_path) as stub:
        with serve(tmp_path / "data", **stub.environment) as live:
            run = start(live, make_workflow(live, agents("only")), headers={"Prefer": "wait=10"})
            assert run["status"] == "succeeded"
            kill(live)
        undo_after(tmp_path / "data", run["id"], "llm.finished")
        with serve(tmp_path / "data", **stub.environment) as live:
            again = until(live, run["id"], "succeeded")
            events = events_of(live, run["id"])
        assert stub.prompts == ["Do only."]
    assert again["output"] == run["output"]
    check_history(events)
    assert [event["type"] for event in events][2:6] == [
        "llm.started",
        "llm.finished",
        "step.interrupted",
        "step.started",
    ]


def undo_after(data_dir, run_id, kind):
    """Cut a run's journal behind its first event of `kind`: what a crash right there leaves."""
    ((seq,),) = query(data_dir, "SELECT min(seq) FROM runs_event WHERE run_id = ? AND type = ?", run_id, kind)
    query(data_dir, "DELETE FROM runs_event WHERE run_id = ? AND seq > ?", run_id, seq)
    query(data_dir, "UPDATE runs_step SET status = 'running', output = 'jnull' WHERE run_id = ?", run_id)
    query(
        data_dir,
        "UPDATE runs_run SET status = 'running', finished_at = NULL, last_seq = ?, "
        "step_counts = '{\"running\":1}' WHERE id = ?",
        seq,
        run_id,
    )


@pytest.mark.slow
def test_a_waiting_run_wakes_after_a_restart(tmp_path):
    graph = {"schema": 1, "nodes": [{"id": "rest", "type": "delay", "config": {"duration_s": 4}}]}
    with serve(tmp_path / "data") as live:
        run = start(live, make_workflow(live, graph), input={"kept": True})
        until(live, run["id"], "waiting")
        kill(live)
    with serve(tmp_path / "data") as live:
        assert until(live, run["id"], "succeeded")["output"] == {"kept": True}
        events = events_of(live, run["id"])
    check_history(events)
    assert [event["type"] for event in events] == [
        "run.started",
        "step.started",
        "step.waiting",
        "run.waiting",
        "run.resumed",
        "step.succeeded",
        "run.succeeded",
    ]


@pytest.mark.prove
def test_a_hundred_kills_lose_and_repeat_nothing(tmp_path):
    seed = random.SystemRandom().randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    ids = [f"n{index}" for index in range(50)]
    with provider(tmp_path, latency_ms=20) as stub:
        runs: list[str] = []
        for kills in range(101):
            with serve(tmp_path / "data", **stub.environment) as live:
                if kills % 3 == 0:
                    runs.append(start(live, make_workflow(live, agents(*ids)))["id"])
                if kills == 100:
                    for run_id in runs:
                        assert until(live, run_id, "succeeded", within_s=120)["steps"] == {"succeeded": 50}
                    histories = [events_of(live, run_id) for run_id in runs]
                    break
                time.sleep(chance.uniform(0.02, 0.5))
                kill(live)
    told: Counter[str] = Counter()
    for events in histories:
        check_history(events)
        told.update(event["type"] for event in events)
        finished = [event["step"] for event in events if event["type"] == "llm.finished"]
        assert sorted(finished) == sorted(ids), "a recorded call was made again"
    # Only what a kill cut off was called again. A call may go out a moment before its start is committed (it
    # changes nothing, so it need not wait), which no event tells of then.
    assert told["llm.finished"] <= len(stub.prompts) <= told["llm.finished"] + told["step.interrupted"] + 100
    print(
        f"{len(runs)} runs, {told['step.interrupted']} steps cut off by 100 kills, {len(stub.prompts)} calls"
    )
