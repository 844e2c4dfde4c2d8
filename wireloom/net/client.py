"""The HTTP client that every request of the house leaves by.

Two pools, one per level of trust, so that a guarded request can never ride on a
connection that the guard did not check. A request over a pooled connection
costs the guard nothing: addresses are checked when a connection is made.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver

from wireloom.net.answers import Answer, StreamedAnswer, failure
from wireloom.net.egress import EgressPolicy, Trust
from wireloom.net.errors import InvalidRequest, TooManyRedirects
from wireloom.net.exchange import exchange
from wireloom.net.hop import REDIRECTS, Hop
from wireloom.net.resolver import GuardedResolver
from wireloom.net.target import parse_target

MEBIBYTE: Final = 1024 * 1024


class HttpClient:
    """A pooled client. It belongs to one event loop, and opens nothing before its first request."""

    def __init__(self, policy: EgressPolicy | None = None, names: AbstractResolver | None = None) -> None:
        self._policy = policy or EgressPolicy()
        self._names = names
        self._pools: dict[Trust, aiohttp.TCPConnector] = {}
        self._timeouts: dict[float, aiohttp.ClientTimeout] = {}

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        trust: Trust = "guarded",
        idle_s: float = 60.0,
        max_bytes: int = 32 * MEBIBYTE,
        max_redirects: int = 0,
    ) -> Answer:
        """Ask, and give the whole answer, whatever its status.

        A silence of `idle_s` seconds ends it, as does a body above `max_bytes`.
        Redirects are followed up to `max_redirects`, each checked like the first
        request; with 0 a redirect is an answer like any other. Secrets do not
        follow to another host, nor does trust.

        Raises a NetError: EgressDenied, ConnectionFailed, RequestTimedOut,
        AnswerTooLarge, TooManyRedirects or InvalidRequest.
        """
        hop = Hop(method.upper(), parse_target(url), headers, body, trust)
        for _ in range(max_redirects + 1):
            async with await self._send(hop, idle_s) as response:
                location = response.headers.get("Location") if response.status in REDIRECTS else None
                if location is None or max_redirects == 0:
                    content = await StreamedAnswer(response, hop.target.host, max_bytes).read()
                    return Answer(response.status, response.headers, content, hop.target.text)
            hop = hop.after(response.status, location)
        raise TooManyRedirects(f"{url!r} redirected more than {max_redirects} times.")

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        trust: Trust = "guarded",
        idle_s: float = 60.0,
        max_bytes: int = 256 * MEBIBYTE,
    ) -> AsyncIterator[StreamedAnswer]:
        """Ask, and give the answer while its body still arrives. Follows no redirect; raises as `request` does."""
        hop = Hop(method.upper(), parse_target(url), headers, body, trust)
        async with await self._send(hop, idle_s) as response:
            yield StreamedAnswer(response, hop.target.host, max_bytes)

    async def aclose(self) -> None:
        """Close every connection. The client may be used again after."""
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            await pool.close()

    async def _send(self, hop: Hop, idle_s: float) -> aiohttp.ClientResponse:
        target = hop.target
        if hop.trust == "guarded" and target.address is not None:
            self._policy.check(target.host, (str(target.address),))
        pool = self._pools.get(hop.trust) or self._open(hop.trust)
        try:
            return await exchange(pool, hop, self._timeout(idle_s))
        except (aiohttp.ClientError, OSError) as error:
            raise failure(error, target.host) from error
        except ValueError as error:
            raise InvalidRequest(f"The request to {target.host!r} cannot be sent: {error}.") from error

    def _open(self, trust: Trust) -> aiohttp.TCPConnector:
        names = self._names or aiohttp.ThreadedResolver()
        resolver = GuardedResolver(names, self._policy) if trust == "guarded" else names
        # Limits stand in front of the nodes, not here: a pool that queues would hide them.
        pool = self._pools[trust] = aiohttp.TCPConnector(limit=0, resolver=resolver)
        return pool

    def _timeout(self, idle_s: float) -> aiohttp.ClientTimeout:
        timeout = self._timeouts.get(idle_s)
        if timeout is None:
            timeout = aiohttp.ClientTimeout(total=None, sock_connect=min(idle_s, 15.0), sock_read=idle_s)
            self._timeouts[idle_s] = timeout
        return timeout
