"""Watching over open sockets: one whose token or session has ended is closed within seconds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.contrib.sessions.backends.db import SessionStore

from accounts.models import Token
from accounts.tokens import is_live
from accounts.web.lifecycle import Lifecycle
from accounts.web.problems import Unauthorized
from accounts.web.socket_callers import session_user
from accounts.web.threads import in_thread

if TYPE_CHECKING:
    from accounts.web.sockets import Socket

logger = logging.getLogger("wireloom.sockets")

#: How often tokens and sessions are looked up again, seconds.
ROUND_S = 3.0
#: The close code of a server that stops and will be back (RFC 6455's registry).
RESTARTING = 1012
#: How long a stopping server waits for its sockets to be closed, seconds.
FAREWELL_S = 5.0


class Vigil:
    """The open sockets of this process."""

    def __init__(self) -> None:
        self._open: set[Socket] = set()
        self._rounds: asyncio.Task[None] | None = None
        self._emptied: asyncio.Event | None = None

    @contextmanager
    def over(self, socket: Socket) -> Iterator[None]:
        """Watch over `socket` while it is open."""
        self._open.add(socket)
        try:
            yield
        finally:
            self._open.discard(socket)
            if self._emptied is not None and not self._open:
                self._emptied.set()

    def __len__(self) -> int:
        return len(self._open)

    def keep(self, lifecycle: Lifecycle) -> None:
        """Begin with the server, and send every client elsewhere when it stops."""
        lifecycle.on_start(self._begin)
        lifecycle.on_drain(self._send_away)
        lifecycle.on_stop(self._stop)

    async def look(self) -> None:
        """Close every socket whose token or session has ended."""
        watched = [(socket, socket.actor) for socket in self._open if hasattr(socket, "actor")]
        tokens = {actor.token.id for _, actor in watched if actor.token}
        sessions = {actor.session_key for _, actor in watched if actor.session_key}
        if not watched:
            return
        live = await in_thread(_live, tokens, sessions)
        for socket, actor in watched:
            if (actor.token.id if actor.token else actor.session_key) not in live:
                socket.end(Unauthorized("The token or the session has ended."))

    async def _begin(self) -> None:
        self._rounds = asyncio.create_task(self._go_round(), name="socket vigil")

    async def _go_round(self) -> None:
        while True:
            await asyncio.sleep(ROUND_S)
            try:
                await self.look()
            except Exception:
                # A database that is busy now must not end the watch for good.
                logger.exception("The open sockets could not be looked at.")

    async def _send_away(self) -> None:
        for socket in list(self._open):
            socket.end(RESTARTING)
        if self._open:
            self._emptied = asyncio.Event()
            await asyncio.wait_for(self._emptied.wait(), FAREWELL_S)

    async def _stop(self) -> None:
        if self._rounds is not None:
            self._rounds.cancel()


def _live(tokens: set[str], sessions: set[str]) -> set[str]:
    """Those of the ids and keys that still let somebody in."""
    found = Token.objects.unscoped().filter(pk__in=tokens)
    return {token.id for token in found if is_live(token)} | {
        key for key in sessions if session_user(SessionStore(key))
    }


vigil = Vigil()
