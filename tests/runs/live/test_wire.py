"""What clients read between the lines: headers, moments in time, signs of life, the patience of the server."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
import time
from contextlib import closing
from datetime import datetime

import pytest

from tests.runs.inside import QUICK, delay
from tests.runs.outside import agents, events_of, make_workflow, provider, run_of, start, until
from tests.server.live import TOKEN, serve

SLOW_CLIENT_S, KEEP_ALIVE_S = 2.0, 0.5
STREAM = {"Accept": "text/event-stream"}


@pytest.fixture(scope="module")
def hasty(tmp_path_factory):
    """A server that is soon tired of clients who take nothing, and soon says that it lives."""
    folder = tmp_path_factory.mktemp("hasty")
    with (
        provider(folder) as stub,
        serve(
            folder / "data",
            str(SLOW_CLIENT_S),
            str(KEEP_ALIVE_S),
            program=("-m", "tests.runs.live.stalling"),
            **stub.environment,
        ) as live,
    ):
        live.stub = stub
        yield live


def test_a_start_says_where_its_run_is_and_which_wish_was_followed(live):
    path = f"/api/v1/workflows/{make_workflow(live, QUICK)}/runs/"
    slow = f"/api/v1/workflows/{make_workflow(live, delay(300))}/runs/"

    def told(path, prefer=None, key=None):
        headers = {"Prefer": prefer} if prefer else {}
        answer = live.ask(
            "POST", path, {"input": {}}, headers=headers | ({"Idempotency-Key": key} if key else {})
        )
        location = answer.headers["Location"]
        if location is not None:
            assert live.ask("GET", location).json["id"] == answer.json["id"]
        return answer.status, location is not None, answer.headers["Preference-Applied"]

    assert told(path) == (202, True, None)
    assert told(path, "wait=0") == (202, True, "wait=0")
    assert told(path, "respond-async, wait=20") == (200, False, "wait=20")
    assert told(path, "wait=9999") == (200, False, "wait=300")
    assert told(path, "wait=soon") == (202, True, None)
    assert told(slow, "wait=1", "k") == (202, True, "wait=1")
    assert told(slow, "wait=1", "k") == (200, False, "wait=1")


def test_the_door_says_so_too(live):
    slug = live.ask("POST", "/api/v1/workflows/", {"name": "Slow door", "graph": delay(300)}).json["slug"]
    answer = live.ask(
        "POST", "/workflow/execute", {"task": "x", "workflow": slug}, headers={"Prefer": "wait=1"}
    )
    assert (answer.status, answer.headers["Preference-Applied"], answer.headers["Location"]) == (
        202,
        "wait=1",
        f"/api/v1/runs/{answer.json['run_id']}/",
    )


def test_moments_are_iso_8601_and_the_run_still_wakes_then(live):
    began = time.time()
    run = start(live, make_workflow(live, delay(31)))
    until(live, run["id"], "waiting")
    moments = {
        event["type"]: event["data"]["until"]
        for event in events_of(live, run["id"])
        if "until" in event["data"]
    }
    assert moments.keys() == {"step.waiting", "run.waiting"}
    (moment,) = set(moments.values())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", moment)
    assert 30.9 < datetime.fromisoformat(moment).timestamp() - began < 34
    assert live.ask("POST", f"/api/v1/runs/{run['id']}/cancel/").status == 202
    until(live, run["id"], "cancelled", within_s=5)  # read again from its journal


def test_a_stream_with_nothing_to_tell_says_that_it_lives(hasty):
    run = start(hasty, make_workflow(hasty, delay(2)))
    stream = hasty.ask("GET", f"/api/v1/runs/{run['id']}/events/", headers=STREAM).body.decode()
    parts = [part for part in stream.split("\n\n") if part]
    signs = [part for part in parts if part == ": keep-alive"]
    assert 2 <= len(signs) <= 5
    assert len(parts) - len(signs) == run_of(hasty, run["id"])["steps"]["succeeded"] + 6


def test_a_client_that_hangs_up_while_it_waits_leaves_the_run_going(hasty):
    hasty.stub.script({"text": "Done.", "delay_s": 1.0})
    workflow = make_workflow(hasty, agents("only"))
    connection = http.client.HTTPConnection("127.0.0.1", hasty.port)
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", "Prefer": "wait=20"}
    connection.request("POST", f"/api/v1/workflows/{workflow}/runs/", b'{"input": {}}', headers)
    while "Do only." not in hasty.stub.prompts:
        time.sleep(0.02)
    connection.close()
    (run,) = hasty.ask("GET", f"/api/v1/runs/?workflow={workflow}").json["results"]
    assert run["status"] == "running"
    assert until(hasty, run["id"], "succeeded")["output"] == "Done."


def test_a_stream_that_is_not_read_is_hung_up_on_and_costs_no_memory(hasty):
    """Some 60 MB of events, to a client that takes none of them."""
    nodes = [{"id": f"n{n}", "type": "transform", "config": {"template": "x" * 3_000}} for n in range(10_000)]
    run = start(hasty, make_workflow(hasty, {"schema": 1, "nodes": nodes}))
    until(hasty, run["id"], "succeeded")
    before = hasty.memory_mib()
    with closing(socket.socket()) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        client.connect(("127.0.0.1", hasty.port))
        client.sendall(
            f"GET /api/v1/runs/{run['id']}/events/ HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {TOKEN}\r\nAccept: text/event-stream\r\n\r\n".encode()
        )
        time.sleep(SLOW_CLIENT_S + 1.5)
        grown = hasty.memory_mib() - before
        watchers = re.search(r"^wireloom_watchers (\d+)", hasty.ask("GET", "/metrics").body.decode(), re.M)
        client.settimeout(5)
        received = 0
        with contextlib.suppress(ConnectionResetError):
            while piece := client.recv(65_536):
                received += len(piece)
    assert int(watchers[1]) == 0
    assert received < 5_000_000
    assert grown < 30
    assert json.loads(hasty.ask("GET", f"/api/v1/runs/{run['id']}/").body)["status"] == "succeeded"
