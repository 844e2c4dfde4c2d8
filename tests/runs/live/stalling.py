"""The real server with little patience, run by tests that stall.

python -m tests.runs.live.stalling SLOW_CLIENT_S KEEP_ALIVE_S
"""

from __future__ import annotations

import sys

import django

django.setup()

from accounts.web.lifecycle import lifecycle  # noqa: E402 - after the set-up
from runs.live import sse  # noqa: E402
from server import first_start  # noqa: E402
from server.admission import knows  # noqa: E402
from server.asgi import application  # noqa: E402
from server.daphne import Limits, Server  # noqa: E402

link = first_start.way_in(first_start.prepare())
sse.KEEP_ALIVE_S = float(sys.argv[2])


def announce(port: int) -> None:
    """As `serve` does."""
    print(
        f"Wireloom serves at http://127.0.0.1:{port}/\nSign in at http://127.0.0.1:{port}{link}", flush=True
    )


limits = Limits(max_body_bytes=32 * 2**20, slow_client_s=float(sys.argv[1]))
Server(application, limits=limits, lifecycle=lifecycle, knows=knows).serve("127.0.0.1", 0, announce)
