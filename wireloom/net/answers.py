"""Answers, whole and in pieces, and what aiohttp's failures are called in this house."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Mapping

import aiohttp

from wireloom.frozen import frozen
from wireloom.net.errors import AnswerTooLarge, ConnectionFailed, InvalidRequest, NetError, RequestTimedOut


@frozen
class Answer:
    """A whole answer; `body` is decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


class StreamedAnswer:
    """An answer whose body arrives piece by piece, decompressed, up to `max_bytes`."""

    __slots__ = ("_content", "_host", "_max_bytes", "_taken", "headers", "status")

    def __init__(self, response: aiohttp.ClientResponse, host: str, max_bytes: int) -> None:
        self.status = response.status
        self.headers: Mapping[str, str] = response.headers
        self._content = response.content
        self._host = host
        self._max_bytes = max_bytes
        self._taken = 0

    async def chunks(self) -> AsyncIterator[bytes]:
        """Give the body as it arrives.

        Raises AnswerTooLarge past the limit, RequestTimedOut after a silence,
        ConnectionFailed if it breaks off.
        """
        while chunk := await self._next():
            yield chunk

    async def read(self) -> bytes:
        """Give what is left of the body. Raises as `chunks` does."""
        parts = []
        while not self._content.at_eof():
            parts.append(await self._next())
        return b"".join(parts)

    async def _next(self) -> bytes:
        # aiohttp decompresses at most 64 KiB at a time, so a bomb is counted as it unfolds.
        try:
            chunk = await self._content.readany()
        except (aiohttp.ClientError, OSError) as error:
            raise failure(error, self._host) from error
        self._taken += len(chunk)
        if self._taken > self._max_bytes:
            raise AnswerTooLarge(f"The answer of {self._host!r} is larger than {self._max_bytes} bytes.")
        return chunk


def failure(error: Exception, host: str) -> NetError:
    """Name a failure of aiohttp's. Its own messages tell resolved addresses, so none of them is passed on."""
    match error:
        case TimeoutError():
            return RequestTimedOut(f"{host!r} did not answer in time.")
        case aiohttp.ClientConnectorDNSError():
            return ConnectionFailed(f"The name {host!r} could not be resolved.")
        case aiohttp.ClientSSLError():
            return ConnectionFailed(f"{host!r} offered no secure connection that can be trusted.")
        case aiohttp.ClientConnectorError(errno=int(number)):
            return ConnectionFailed(f"No connection to {host!r}: {os.strerror(number)}.")
        case aiohttp.ClientConnectorError():
            return ConnectionFailed(f"No connection to {host!r}.")
        case aiohttp.InvalidURL():
            return InvalidRequest(f"{host!r} cannot be called.")
        case _:
            return ConnectionFailed(f"The connection to {host!r} broke before the answer was whole.")
