"""The WebSocket that every live endpoint is one of."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar
from urllib.parse import parse_qs

from accounts.actors import Actor
from accounts.web.access import Access
from accounts.web.authentication import refuse_token_in
from accounts.web.problems import NotFound, Refusal
from accounts.web.socket_callers import Handshake, WrongOrigin, socket_actor
from accounts.web.threads import in_thread
from accounts.web.vigil import vigil
from accounts.web.wire import write_json

#: Refusals that have a close code of their own; all else that is wrong with a request is 4400.
CLOSE_CODES = frozenset({400, 401, 403, 404, 408, 413, 429})
DONE = 1000

type Receive = Callable[[], Awaitable[dict[str, Any]]]
type Send = Callable[[dict[str, Any]], Awaitable[None]]


class Socket:
    """One open socket.

    A subclass declares its `access`; `prepare` looks up what the address
    names, and may refuse; `serve` sends until there is nothing more, which
    closes the socket with 1000. `send` waits while the client is slow.
    """

    access: ClassVar[Access]

    actor: Actor

    def __init__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        self.scope = scope
        self.handshake = Handshake.of(scope)
        self._receive = receive
        self._send = send
        self._ended: asyncio.Future[Refusal | int] = asyncio.get_running_loop().create_future()

    @classmethod
    def as_asgi(cls) -> Any:
        """The ASGI application whose every connection is a socket of this class."""

        async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
            await cls(scope, receive, send)._run()

        application.consumer_class = cls  # type: ignore[attr-defined]  # what channels' own consumers carry
        return application

    async def prepare(self) -> None:
        """Look up what the address names. Raises a Refusal."""

    async def serve(self) -> None:
        """Send what there is to send, to its end."""
        raise NotImplementedError

    async def received(self, text: str | None) -> None:
        """Take a frame from the client; None for a binary one. Most sockets only speak."""

    @property
    def arguments(self) -> dict[str, str]:
        """What the address's pattern caught."""
        found: dict[str, str] = self.scope["url_route"]["kwargs"]
        return found

    @property
    def query(self) -> dict[str, str]:
        """The query string; of a name that comes twice, the last."""
        pairs = parse_qs(self.scope["query_string"].decode("latin-1"), keep_blank_values=True)
        return {name: values[-1] for name, values in pairs.items()}

    async def send(self, value: Any) -> None:
        """Send `value` as JSON."""
        await self.send_text(write_json(value).decode())

    async def send_text(self, text: str) -> None:
        """Send a frame that is JSON already."""
        await self._send({"type": "websocket.send", "text": text})

    def end(self, how: Refusal | int) -> None:
        """Close the socket from outside: with a code, or with a refusal's frame and code."""
        if not self._ended.done():
            self._ended.set_result(how)

    async def _run(self) -> None:
        await self._receive()
        try:
            self.handshake.require_own_origin()
        except WrongOrigin:
            # A close before the accept is a 403 answer to the handshake.
            await self._send({"type": "websocket.close"})
            return
        try:
            await self._admit()
        except Refusal as refusal:
            await self._accept()
            await self._refuse(refusal)
            return
        await self._accept()
        with vigil.over(self):
            await self._close(await self._outcome())

    async def _admit(self) -> None:
        refuse_token_in(self.query)
        if "\0" in self.scope["path"]:
            raise NotFound
        actor = await in_thread(socket_actor, self.handshake)
        self.access.admit(actor, writes=False)
        if actor is not None:
            self.actor = actor
        await self.prepare()

    async def _outcome(self) -> Refusal | int | None:
        """How the socket ends: a refusal, a code, or None when the client left."""
        serving = asyncio.ensure_future(self.serve())
        listening = asyncio.ensure_future(self._listen())
        tasks: set[asyncio.Future[Any]] = {serving, listening, self._ended}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            if self._ended.done():
                return self._ended.result()
            if serving.done():
                serving.result()
                return DONE
            listening.result()
            return None
        except Refusal as refusal:
            return refusal
        finally:
            for task in (serving, listening):
                task.cancel()
            await asyncio.gather(serving, listening, return_exceptions=True)

    async def _listen(self) -> None:
        while (message := await self._receive())["type"] != "websocket.disconnect":
            await self.received(message.get("text"))

    async def _accept(self) -> None:
        await self._send({"type": "websocket.accept", "subprotocol": self.handshake.chosen})

    async def _close(self, how: Refusal | int | None) -> None:
        if isinstance(how, Refusal):
            await self._refuse(how)
        elif how is not None:
            await self._send({"type": "websocket.close", "code": how})

    async def _refuse(self, refusal: Refusal) -> None:
        await self.send({"error": {"code": refusal.code, "message": refusal.detail}})
        code = refusal.status if refusal.status in CLOSE_CODES else 400
        await self._send({"type": "websocket.close", "code": 4000 + code})
