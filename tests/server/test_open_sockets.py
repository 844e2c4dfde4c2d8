"""Sockets that stay open: watched over, capped, sent away when the server stops."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.server.live import TOKEN, Live, serve

#: A run of it waits long enough to be looked at.
WAITING = {
    "nodes": [{"id": "wait", "type": "delay", "config": {"duration_s": 60}}],
    "edges": [],
}
BEARER = {"Authorization": f"Bearer {TOKEN}"}


def waiting_run(server: Live, graph: Any = WAITING) -> str:
    """The id of a run that does not end by itself."""
    workflow = server.ask("POST", "/api/v1/workflows/", {"name": "Waits", "graph": graph}).json
    started = server.ask("POST", f"/api/v1/workflows/{workflow['id']}/runs/", {"input": {}})
    assert started.status == 202, started.body
    return str(started.json["id"])


@asynccontextmanager
async def watching(
    server: Live, run: str, headers: dict[str, str]
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    async with (
        aiohttp.ClientSession() as client,
        client.ws_connect(f"{server.url}/ws/runs/{run}/", headers=headers) as ws,
    ):
        first = await ws.receive_json(timeout=10)
        assert first["type"] == "run.started"
        yield ws


async def ending(ws: aiohttp.ClientWebSocketResponse) -> tuple[str | None, int | None]:
    """The code of the error frame, if one came, and the close code."""
    code = None
    async with asyncio.timeout(20):
        async for message in ws:
            code = json.loads(message.data).get("error", {}).get("code", code)
    return code, ws.close_code


class Browser:
    """A signed-in person's cookies."""

    def __init__(self, server: Live, link: str | None = None) -> None:
        self._server = server
        self._cookies: dict[str, str] = {}
        link = link or server.link
        assert link is not None
        self.ask("GET", link.removeprefix(server.url))
        self.ask("GET", "/sign-in/")

    @property
    def headers(self) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        return {
            "Cookie": cookies,
            "Origin": self._server.url,
            "X-CSRFToken": self._cookies.get("csrftoken", ""),
        }

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._server.ask(method, path, body, token=None, headers=self.headers)
        for value in answer.headers.get_all("Set-Cookie", []):
            name, _, rest = value.partition("=")
            self._cookies[name] = rest.split(";")[0]
        return answer


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A server whose sign-in link is still unused."""
    with serve(tmp_path_factory.mktemp("own")) as server:
        yield server


@pytest.fixture(scope="module")
def browser(own: Live) -> Browser:
    return Browser(own)


async def test_a_socket_closes_when_its_token_is_revoked(own: Live, browser: Browser) -> None:
    token = browser.ask("POST", "/api/v1/tokens/", {"name": "watcher"}).json
    run = waiting_run(own)

    async with watching(own, run, {"Authorization": f"Bearer {token['token']}"}) as ws:
        assert browser.ask("DELETE", f"/api/v1/tokens/{token['id']}/").status == 204
        revoked = time.monotonic()
        assert await ending(ws) == ("unauthorized", 4401)

    assert time.monotonic() - revoked < 6


async def test_a_socket_closes_when_its_person_is_sent_away(own: Live, browser: Browser) -> None:
    members = f"/api/v1/workspaces/{own.ask('GET', '/api/v1/me/').json['workspace']['id']}/members/"
    invited = browser.ask("POST", members, {"name": "carol", "role": "viewer"}).json
    carol = Browser(own, invited["link"])
    # Her session goes on: she has a workspace of her own.
    assert carol.ask("POST", "/api/v1/workspaces/", {"name": "Hers"}).status == 201

    async with watching(own, waiting_run(own), carol.headers) as ws:
        assert browser.ask("DELETE", f"{members}{invited['id']}/").status == 204

        assert await ending(ws) == ("unauthorized", 4401)
    assert carol.ask("GET", "/api/v1/me/").status == 200


@pytest.mark.parametrize("frame", ["x" * 100_000, b"x" * 100_000])
async def test_a_frame_that_is_too_large_is_refused(own: Live, frame: str | bytes) -> None:
    async with watching(own, waiting_run(own), BEARER) as ws:
        await (ws.send_str(frame) if isinstance(frame, str) else ws.send_bytes(frame))

        assert await ending(ws) == ("frame_too_large", 4413)


async def test_what_a_client_says_does_not_disturb_a_socket(own: Live) -> None:
    run = waiting_run(own)
    async with watching(own, run, BEARER) as ws:
        for frame in ("hello", "{", "[]"):
            await ws.send_str(frame)
        own.ask("POST", f"/api/v1/runs/{run}/cancel/")

        assert await ending(ws) == (None, 1000)


async def test_a_socket_closes_when_its_person_signs_out(own: Live, browser: Browser) -> None:
    async with watching(own, waiting_run(own), browser.headers) as ws:
        assert browser.ask("POST", "/api/v1/sign-out/").status == 204

        assert await ending(ws) == ("unauthorized", 4401)


async def test_a_server_that_stops_ends_requests_sends_sockets_away_and_takes_nothing_new(
    tmp_path: Path,
) -> None:
    with serve(tmp_path) as server:
        run = waiting_run(server)
        short = {"nodes": [{"id": "wait", "type": "delay", "config": {"duration_s": 2}}], "edges": []}
        workflow = server.ask("POST", "/api/v1/workflows/", {"name": "Short", "graph": short}).json
        path = f"/api/v1/workflows/{workflow['id']}/runs/"
        async with watching(server, run, BEARER) as ws:
            under_way = asyncio.create_task(
                asyncio.to_thread(server.ask, "POST", path, {"input": {}}, headers={"Prefer": "wait=10"})
            )
            await asyncio.sleep(0.5)
            server.process.terminate()
            closed = await ending(ws)
            refused = await asyncio.to_thread(server.ask, "GET", "/api/v1/me/")
            ready = await asyncio.to_thread(server.ask, "GET", "/health/ready")
            answered = await under_way
        code = await asyncio.to_thread(server.process.wait, 30)

    assert closed == (None, 1012)
    assert (refused.status, refused.code, refused.headers["Retry-After"]) == (503, "unavailable", "10")
    assert ready.status == 503
    assert answered.status in {200, 202}
    assert code == 0
