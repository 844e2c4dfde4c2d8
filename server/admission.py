"""Whether a caller is known, before a large body of theirs is read."""

from __future__ import annotations

from accounts.web.problems import Refusal
from accounts.web.socket_callers import Handshake, socket_actor
from accounts.web.threads import in_thread


async def knows(headers: dict[str, str]) -> bool:
    """Whether the token or the session in `headers` lets somebody in."""
    try:
        return await in_thread(socket_actor, Handshake(headers, ())) is not None
    except Refusal:
        return False
