"""A run as it happens: every event once and in order, text as it arrives, whoever comes late or drops off."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest

from tests.runs.outside import agents, events_of, make_workflow, provider, start, until
from tests.server.live import ORIGIN, TOKEN, serve
from tests.server.test_open_sockets import Browser

AUTHORIZED = {"Authorization": f"Bearer {TOKEN}"}
QUICK = {"schema": 1, "nodes": [{"id": "a", "type": "transform", "config": {"template": "x"}}]}


async def watch(live, run_id, query="", *, headers=AUTHORIZED, protocols=(), most=None):
    """What a socket sends, and the code it closes with."""
    frames = []
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(
            f"{live.url}/ws/runs/{run_id}/{query}", headers=headers, protocols=protocols
        ) as socket,
    ):
        async for message in socket:
            frames.append(json.loads(message.data))
            if most is not None and len(frames) == most:
                break
        return frames, socket.close_code


async def test_a_socket_tells_every_event_and_closes(live):
    run = start(live, make_workflow(live, QUICK))
    frames, code = await watch(live, run["id"])
    assert code == 1000
    assert frames == events_of(live, run["id"])


async def test_a_socket_goes_on_after_the_last_seq_it_saw(live):
    run = start(live, make_workflow(live, QUICK), headers={"Prefer": "wait=10"})
    seen = []
    while not seen or seen[-1]["type"] != "run.succeeded":
        frames, _ = await watch(live, run["id"], f"?after={len(seen)}", most=1)
        seen += frames
    assert seen == events_of(live, run["id"])


async def test_text_arrives_before_the_event_that_closes_it_and_adds_up(tmp_path):
    words = [f"word{n} " for n in range(40)]
    with provider(tmp_path) as stub, serve(tmp_path / "data", **stub.environment) as live:
        stub.script({"pieces": words, "text": "".join(words), "delay_s": 0.5})
        run = start(live, make_workflow(live, agents("only")))
        frames, _ = await watch(live, run["id"])
        none, _ = await watch(live, run["id"], "?deltas=none")
    deltas = [frame["data"] for frame in frames if frame["type"] == "step.delta"]
    assert "".join(delta["text"] for delta in deltas) == "".join(words)
    assert [delta["offset"] for delta in deltas] == [
        sum(len(one["text"]) for one in deltas[:n]) for n in range(len(deltas))
    ]
    kinds = [frame["type"] for frame in frames]
    assert max(index for index, kind in enumerate(kinds) if kind == "step.delta") < kinds.index(
        "llm.finished"
    )
    assert all(frame["seq"] is None for frame in frames if frame["type"] == "step.delta")
    assert [frame["type"] for frame in none if frame["type"] == "step.delta"] == []


async def test_who_asks_for_one_step_is_shown_its_text_alone(tmp_path):
    with provider(tmp_path) as stub, serve(tmp_path / "data", **stub.environment) as live:
        stub.script(*[{"text": f"From {name}.", "delay_s": 0.5} for name in ("one", "two")])
        run = start(live, make_workflow(live, agents("one", "two")))
        frames, _ = await watch(live, run["id"], "?deltas=two")
        events = events_of(live, run["id"])
    texts = [frame["data"] for frame in frames if frame["type"] == "step.delta"]
    assert {text["step"] for text in texts} == {"two"}
    assert "".join(text["text"] for text in texts) == "From two."
    assert [frame for frame in frames if frame["seq"] is not None] == events


async def test_a_run_of_another_workspace_is_not_watched(tmp_path):
    with serve(tmp_path / "data") as live:
        person = Browser(live)
        other = person.ask("POST", "/api/v1/workspaces/", {"name": "Other"}).json["id"]
        token = live.ask(
            "POST",
            "/api/v1/tokens/",
            {"name": "t"},
            token=None,
            headers={**person.headers, "X-Workspace": other},
        ).json["token"]
        run = start(live, make_workflow(live, QUICK))
        seen = await watch(live, run["id"], headers={"Authorization": f"Bearer {token}"})
        assert seen == await watch(live, "0" * 26)
        assert seen[1] == 4404


async def test_a_stream_of_server_sent_events_tells_the_same(live):
    run = start(live, make_workflow(live, QUICK))
    async with aiohttp.ClientSession(headers={**AUTHORIZED, "Accept": "text/event-stream"}) as session:
        async with session.get(f"{live.url}/api/v1/runs/{run['id']}/events/") as answer:
            assert answer.content_type == "text/event-stream"
            whole = (await answer.read()).decode()
        async with session.get(
            f"{live.url}/api/v1/runs/{run['id']}/events/", headers={"Last-Event-ID": "2"}
        ) as answer:
            rest = (await answer.read()).decode()
    events = events_of(live, run["id"])
    assert [json.loads(line[6:]) for line in whole.splitlines() if line.startswith("data: ")] == events
    assert [line for line in rest.splitlines() if line.startswith("id: ")] == [
        f"id: {n}" for n in range(3, len(events) + 1)
    ]


@pytest.mark.parametrize("after", ["x", "-1", "99"])
async def test_a_place_that_cannot_be_is_refused(live, after):
    run = start(live, make_workflow(live, QUICK), headers={"Prefer": "wait=10"})
    frames, code = await watch(live, run["id"], f"?after={after}")
    assert (code, frames[0]["error"]["code"]) == (4400, "bad_cursor")
    assert live.ask("GET", f"/api/v1/runs/{run['id']}/events/?after={after}").code == "bad_cursor"


async def test_sockets_without_right_are_told_and_closed(live):
    frames, code = await watch(live, "0" * 26)
    assert (code, frames[0]["error"]["code"]) == (4404, "not_found")
    for headers in ({}, {"Authorization": "Bearer wl_nobody"}):
        frames, code = await watch(live, "0" * 26, headers=headers)
        assert (code, frames[0]["error"]["code"]) == (4401, "unauthorized")
    frames, code = await watch(live, "0" * 26, "?token=wl_something", headers={})
    assert (code, frames[0]["error"]["code"]) == (4401, "unauthorized")


async def test_a_browser_elsewhere_brings_its_token_as_a_subprotocol(live):
    run = start(live, make_workflow(live, QUICK), headers={"Prefer": "wait=10"})
    frames, code = await watch(
        live, run["id"], headers={"Origin": ORIGIN}, protocols=("wireloom.v1", f"bearer.{TOKEN}")
    )
    assert (code, frames[-1]["type"]) == (1000, "run.succeeded")


async def test_watchers_see_each_event_once_across_a_restart(tmp_path):
    graph = {"schema": 1, "nodes": [{"id": "rest", "type": "delay", "config": {"duration_s": 5}}]}
    with serve(tmp_path / "data") as live:
        run = start(live, make_workflow(live, graph))
        until(live, run["id"], "waiting")
        watching = asyncio.create_task(watch(live, run["id"]))
        await asyncio.sleep(0.5)
        await asyncio.to_thread(live.stop)
        seen, code = await watching
        assert code == 1012
    with serve(tmp_path / "data") as live:
        rest, code = await watch(live, run["id"], f"?after={len(seen)}")
        assert code == 1000
        assert seen + rest == events_of(live, run["id"])
