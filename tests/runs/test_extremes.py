"""Runs as large as they may be, over the server: they end, they can be read, and nobody else waits for them."""

from __future__ import annotations

import contextlib
import itertools
import threading
import time

import pytest

from tests.runs.outside import events_of, make_workflow, start, until
from tests.server.live import serve

N = 10_000
MIB = 2**20
#: Gives what it was given.
SAME = {"schema": 1, "nodes": [{"id": "same", "type": "transform", "config": {"expression": "input"}}]}
WAIT = {"Prefer": "wait=100"}


@pytest.fixture(scope="module")
def roomy(tmp_path_factory):
    with serve(tmp_path_factory.mktemp("roomy") / "data", WIRELOOM_MAX_BODY_MB="64") as live:
        yield live


class Pulse:
    """The longest time in which the server gave no sign of life, seconds."""

    def __init__(self) -> None:
        self.slowest_s = 0.0


@contextlib.contextmanager
def pulse(live):
    """Ask the server all the time whether it lives."""
    found, over = Pulse(), threading.Event()

    def ask():
        while not over.wait(0.01):
            began = time.monotonic()
            assert live.ask("GET", "/health/live").status == 200
            found.slowest_s = max(found.slowest_s, time.monotonic() - began)

    thread = threading.Thread(target=ask)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def wide():
    nodes = [{"id": f"n{n}", "type": "transform", "config": {"template": "x"}} for n in range(N - 2)]
    edges = [{"source": "begin", "target": node["id"]} for node in nodes]
    edges += [{"source": node["id"], "target": "end"} for node in nodes]
    ends = [{"id": "begin", "type": "input"}, {"id": "end", "type": "join", "config": {"mode": "all"}}]
    return {"schema": 1, "nodes": [*nodes, *ends], "edges": edges}


def chain():
    nodes = [{"id": f"n{n}", "type": "transform", "config": {"expression": "1"}} for n in range(N)]
    edges = [
        {"source": one["id"], "target": two["id"], "context": False} for one, two in itertools.pairwise(nodes)
    ]
    return {"schema": 1, "nodes": nodes, "edges": edges}


@pytest.mark.slow
@pytest.mark.parametrize("graph", [wide, chain])
def test_a_run_of_ten_thousand_nodes_ends_and_pages(roomy, graph):
    began, before = time.monotonic(), roomy.memory_mib()
    workflow = make_workflow(roomy, graph())
    saved_s = time.monotonic() - began
    began = time.monotonic()
    with pulse(roomy) as beat:
        run = start(roomy, workflow, headers=WAIT)
    took_s = time.monotonic() - began
    assert (run["status"], run["steps"]) == ("succeeded", {"succeeded": N})
    began = time.monotonic()
    keys, url = [], f"/api/v1/runs/{run['id']}/steps/?limit=200"
    while url:
        page = roomy.ask("GET", url).json
        keys += [step["key"] for step in page["results"]]
        url = (page["next"] or "").removeprefix(roomy.url)
    paged_s = time.monotonic() - began
    assert len(keys) == len(set(keys)) == N
    grown = roomy.memory_mib() - before
    print(
        f"{graph.__name__}: saved in {saved_s:.1f} s, run in {took_s:.1f} s, steps read in {paged_s:.1f} s, "
        f"{grown:.0f} MiB more, no sign of life for {beat.slowest_s:.2f} s at most"
    )
    assert grown < 400
    assert beat.slowest_s < 2


def test_an_output_of_twenty_mib_is_kept_whole_and_stops_nobody(roomy):
    value = {"text": "twenty mib " * (20 * MIB // 11)}
    workflow = make_workflow(roomy, SAME)
    with pulse(roomy) as beat:
        run = start(roomy, workflow, input=value, headers=WAIT)
    assert run["status"] == "succeeded"
    assert run["output"] == value
    assert roomy.ask("GET", f"/api/v1/runs/{run['id']}/steps/same/").json["output"] == value
    assert max(len(str(event)) for event in events_of(roomy, run["id"])) < 20_000
    print(f"no sign of life for {beat.slowest_s:.2f} s at most")
    assert beat.slowest_s < 1


def test_an_output_above_twenty_five_mib_fails_its_step_alone(roomy):
    nodes = [
        {
            "id": "twice",
            "type": "transform",
            "config": {"expression": "[input, input]"},
            "policy": {"on_error": "route"},
        },
        {"id": "told", "type": "transform", "config": {"expression": "nodes.twice.code"}},
    ]
    edges = [{"source": "twice", "source_port": "error", "target": "told"}]
    workflow = make_workflow(roomy, {"schema": 1, "nodes": nodes, "edges": edges})
    run = start(roomy, workflow, input={"text": "x" * (13 * MIB)}, headers=WAIT)
    assert (run["status"], run["output"]) == ("succeeded", "output_too_large")
    step = roomy.ask("GET", f"/api/v1/runs/{run['id']}/steps/twice/").json
    assert (step["status"], step["handled"], step["error"]["code"]) == ("failed", True, "output_too_large")
    until(roomy, run["id"], "succeeded")


def test_a_server_that_gave_long_answers_stops_at_once(tmp_path):
    with serve(tmp_path / "data") as live:
        workflow = make_workflow(live, SAME)
        start(live, workflow, input={"text": "x" * (5 * MIB)}, headers=WAIT)
        began = time.monotonic()
        assert live.stop() == 0
        assert time.monotonic() - began < 5
