"""What is refused before it gets to Django tells pages of listed origins why, as all else does."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from typing import Any

import pytest
from pytest_django import Settings

from server.environment import read_environment
from server.handler import Handler
from tests.server.live import ORIGIN, TOKEN, Live

MIB = 1024 * 1024
KNOWN = {"Authorization": f"Bearer {TOKEN}"}


def answer_to(live: Live, size: int, headers: dict[str, str]) -> http.client.HTTPResponse:
    """The answer to a POST that announces `size` bytes, and sends as much of it as is taken."""
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=30)
    connection.putrequest("POST", "/api/v1/workflows/")
    for name, value in {"Content-Length": str(size), "Content-Type": "application/json", **headers}.items():
        connection.putheader(name, value)
    connection.endheaders()
    try:
        for _ in range(size // MIB):
            connection.send(b"x" * MIB)
    except (BrokenPipeError, ConnectionResetError):
        pass
    return connection.getresponse()


def too_large(live: Live, **headers: str) -> http.client.HTTPResponse:
    return answer_to(live, 8 * MIB, {**KNOWN, **headers})


def strangers(live: Live, **headers: str) -> http.client.HTTPResponse:
    return answer_to(live, 2 * MIB, headers)


@pytest.mark.parametrize(
    ("refused", "status", "code"),
    [
        (too_large, 413, "body_too_large"),
        (strangers, 401, "unauthorized"),
    ],
)
def test_an_early_refusal_can_be_read_by_listed_origins_alone(
    live: Live, refused: Callable[..., http.client.HTTPResponse], status: int, code: str
) -> None:
    listed, other = refused(live, Origin=ORIGIN), refused(live, Origin="https://evil.example")

    assert [(one.status, json.loads(one.read())["code"]) for one in (listed, other)] == [(status, code)] * 2
    assert (listed.headers["Access-Control-Allow-Origin"], listed.headers["Vary"]) == (ORIGIN, "Origin")
    assert [name for name in other.headers if name.startswith("Access-Control-")] == []


async def test_what_django_can_make_no_request_of_is_a_problem_too(settings: Settings) -> None:
    settings.WIRELOOM = read_environment({"WIRELOOM_CORS_ORIGINS": ORIGIN})
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"\xff",
        "headers": [(b"origin", ORIGIN.encode())],
    }
    await Handler()(scope, receive, send)

    start, body = sent
    assert (start["status"], json.loads(body["body"])["code"]) == (400, "malformed")
    assert dict(start["headers"])[b"Access-Control-Allow-Origin"] == ORIGIN.encode()
