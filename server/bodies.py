"""An HTTP request whose body is refused as it passes the limit, not after it was taken in."""

from __future__ import annotations

from typing import Any

import orjson
from daphne.http_protocol import HTTPFactory, WebRequest
from twisted.internet import reactor as twisted_reactor
from twisted.web import http

from accounts.web.problems import CONTENT_TYPE, problem
from server.cors import readable_by
from server.gate import Gate

reactor: Any = twisted_reactor

#: What a caller may send before we know who it is, bytes.
STRANGERS_BYTES = 1024 * 1024
#: How long a refused client is listened to, so that it reads the answer before the connection breaks, seconds.
LINGER_S = 10.0


class Request(WebRequest):  # type: ignore[misc]  # daphne has no types
    """Counts its body as it arrives, and lets the sender of its answer wait for the client."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gate = Gate()
        self._length = 0
        self._asked = False
        self._refused = False
        self._complete = False

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - Twisted's name
        """Refuse a body that is announced as too long before any of it comes."""
        super().gotLength(length)
        if length is not None and length > self.server.limits.max_body_bytes:
            self._too_large()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Keep a piece of the body, or refuse the whole."""
        if self._refused:
            return
        self._length += len(data)
        if self._length > self.server.limits.max_body_bytes:
            self._too_large()
            return
        if self._length > STRANGERS_BYTES and not self._asked:
            self._ask_who_calls()
        super().handleContentChunk(data)

    def process(self) -> Any:
        """Hand the whole request to the application, unless it was refused."""
        self._complete = True
        return None if self._refused else super().process()

    def handle_reply(self, message: dict[str, Any]) -> None:
        """Send a part of the answer; from its start on, the gate tells when the transport is full."""
        if (
            message["type"] == "http.response.start"
            and self.channel is not None
            and not self.finished
            and self.producer is None
        ):
            self.registerProducer(self.gate, True)
        super().handle_reply(message)

    def finish(self) -> None:
        """End the answer."""
        if self.producer is not None:
            self.unregisterProducer()
            self.gate.resumeProducing()  # from here on nobody else tells it that there is room
        super().finish()

    def too_slow(self) -> None:
        """Hang up on a client that takes nothing."""
        if self.channel is not None:
            self.channel.forceAbortClient()

    def basic_error(self, status: int, status_text: bytes, body: str) -> None:
        """Answer for a request that never reached the application, as a problem too."""
        document = orjson.dumps(
            problem(status, "malformed" if status < 500 else "internal_error", f"{body}.")
        )
        headers = [(b"Content-Type", CONTENT_TYPE.encode())]
        self.handle_reply({"type": "http.response.start", "status": status, "headers": headers})
        self.handle_reply({"type": "http.response.body", "body": document})

    def _too_large(self) -> None:
        limit = self.server.limits.max_body_bytes // (1024 * 1024)
        self._refuse(
            413,
            problem(
                413, "body_too_large", f"The body is larger than the {limit} MiB that this server takes."
            ),
        )

    def _ask_who_calls(self) -> None:
        self._asked = True
        self.channel._networkProducer.pauseProducing()
        self.server.spawn(self._judge_caller())

    async def _judge_caller(self) -> None:
        headers = {
            name.decode("latin-1").lower(): b",".join(values).decode("latin-1")
            for name, values in self.requestHeaders.getAllRawHeaders()
        }
        known = await self.server.knows(headers)
        if self._complete or self.channel is None:
            return
        if not known:
            detail = "Sign in, or send a valid token, before sending a body of this size."
            self._refuse(401, problem(401, "unauthorized", detail))
        self.channel._networkProducer.resumeProducing()

    def _refuse(self, status: int, document: dict[str, Any]) -> None:
        """Answer at once, and let go of whatever else arrives: a client in the middle of sending would see a reset instead."""
        self._refused = True
        body = orjson.dumps(document)
        head = [
            f"HTTP/1.1 {status} {document['title']}",
            f"Content-Type: {CONTENT_TYPE}",
            f"Content-Length: {len(body)}",
            f"X-Request-Id: {document['request_id']}",
            "X-Content-Type-Options: nosniff",
            "Connection: close",
            *(f"{name}: {value}" for name, value in self._for_its_origin().items()),
        ]
        if status == 401:
            head.append('WWW-Authenticate: Bearer realm="wireloom"')
        channel = self.channel
        channel.transport.write("\r\n".join([*head, "", ""]).encode() + body)
        channel.setTimeout(None)
        channel.dataReceived = _let_go
        self.content.close()
        reactor.callLater(LINGER_S, channel.transport.abortConnection)

    def _for_its_origin(self) -> dict[str, str]:
        """Without these, a page of a listed origin learns nothing of why it was refused."""
        origins: list[str] = self.requestHeaders.getRawHeaders("origin") or []
        return {"Vary": "Origin", **readable_by(origins[0])} if origins else {}


def _let_go(data: bytes) -> None:
    pass


class RequestFactory(HTTPFactory):  # type: ignore[misc]  # daphne has no types
    """Makes our requests; hangs up on a connection that is silent for a minute."""

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802 - Twisted's name
        """The protocol of one connection."""
        protocol: Any = http.HTTPFactory.buildProtocol(self, addr)
        protocol.requestFactory = Request
        return protocol

    def log(self, request: Any) -> None:
        """Nothing: an access log is the proxy's affair, and formatting one costs as much as routing."""
