"""Where a person on this machine finds the server."""

from __future__ import annotations

#: Addresses that stand for all of a machine's, and one that can be opened.
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - a name for it


def address(host: str, port: int) -> str:
    """The server's own URL, without a path."""
    shown = EVERYWHERE.get(host, host)
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
