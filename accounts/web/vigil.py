"""Watching over open sockets: one whose token or session has ended is closed within seconds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from django.contrib.sessions.backends.db import SessionStore

from accounts.actors import Actor
from accounts.models import Membership, Token
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
        if not watched:
            return
        live = await in_thread(_live, [actor for _, actor in watched])
        for socket, actor in watched:
            if _way_in(actor) not in live:
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


#: A token's id, or a session's key and the workspace it opens.
type WayIn = tuple[str, str]


def _way_in(actor: Actor) -> WayIn:
    return (actor.token.id if actor.token else str(actor.session_key)), actor.workspace.id


def _live(actors: list[Actor]) -> set[WayIn]:
    """The ways by which the actors came that would still let them in."""
    tokens = Token.objects.unscoped().filter(pk__in={actor.token.id for actor in actors if actor.token})
    sessions = {_way_in(actor) for actor in actors if actor.token is None}
    return {(token.id, token.workspace_id) for token in tokens if is_live(token)} | {
        (key, workspace) for key, workspace in sessions if _opens(key, workspace)
    }


def _opens(session_key: str, workspace: str) -> bool:
    user = session_user(SessionStore(session_key))
    return user is not None and Membership.objects.filter(user=user, workspace=workspace).exists()


vigil = Vigil()
