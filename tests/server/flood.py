"""A server whose application sends without end: run by tests that look at its memory.

python -m tests.server.flood SLOW_CLIENT_S
"""

from __future__ import annotations

import sys
from typing import Any

import django

django.setup()

from accounts.web.lifecycle import Lifecycle  # noqa: E402 - after the set-up
from server.daphne import Limits, Server  # noqa: E402

PIECE = "x" * 32_768


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """An endless answer, or an endless stream of frames."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        for _ in range(10_000):
            await send({"type": "websocket.send", "text": PIECE})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(10_000):
        await send({"type": "http.response.body", "body": PIECE.encode(), "more_body": True})
    await send({"type": "http.response.body"})


async def knows(headers: dict[str, str]) -> bool:
    """Everybody."""
    return True


limits = Limits(max_body_bytes=1024 * 1024, slow_client_s=float(sys.argv[1]))
server = Server(application, limits=limits, lifecycle=Lifecycle(), knows=knows)
server.serve("127.0.0.1", 0, lambda port: print(port, flush=True))
