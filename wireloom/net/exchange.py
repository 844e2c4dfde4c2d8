"""One request and the head of its answer, over aiohttp's connections and parser.

aiohttp's session would add cookies, redirects, proxies, traces and a total time
limit. None of them is wanted here, and they cost as much again as the connection itself.
"""

from __future__ import annotations

import asyncio

import aiohttp

from wireloom.net.hop import Hop

#: What may be sent twice without anything happening twice (RFC 9110, 9.2.2).
_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})


async def exchange(
    pool: aiohttp.TCPConnector, hop: Hop, limits: aiohttp.ClientTimeout
) -> aiohttp.ClientResponse:
    """Send, and give the answer once its head is there; whoever takes it must release it.

    Raises what aiohttp does: ClientError, OSError, and ValueError for what cannot be sent.
    """
    try:
        return await _send(pool, hop, limits)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError):
        # A connection that was kept may be closed just as it is used again (RFC 9112, 9.3.1).
        if hop.method not in _IDEMPOTENT:
            raise
    return await _send(pool, hop, limits)


async def _send(
    pool: aiohttp.TCPConnector, hop: Hop, limits: aiohttp.ClientTimeout
) -> aiohttp.ClientResponse:
    request = aiohttp.ClientRequest(
        hop.method, hop.target.url, headers=hop.headers, data=hop.body, loop=asyncio.get_running_loop()
    )
    if request.auth is not None and any(name.lower() == "authorization" for name in hop.headers or ()):
        raise ValueError("both its URL and its headers hold credentials")
    connection = await pool.connect(request, traces=[], timeout=limits)
    try:
        assert connection.protocol is not None
        connection.protocol.set_response_params(
            skip_payload=hop.method == "HEAD", read_until_eof=True, read_timeout=limits.sock_read
        )
        response = await request.send(connection)
        try:
            return await response.start(connection)
        except BaseException:
            response.close()
            raise
    except BaseException:
        connection.close()
        raise
