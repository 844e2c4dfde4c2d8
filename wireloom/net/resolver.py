"""Name resolution that hands aiohttp none but checked addresses.

aiohttp connects to exactly what its resolver returned (and caches just that),
so checking here pins: a name that resolves elsewhere a moment later is checked anew.
"""

from __future__ import annotations

import socket

from aiohttp.abc import AbstractResolver, ResolveResult

from wireloom.net.egress import EgressPolicy


class GuardedResolver(AbstractResolver):
    """Resolves names, and refuses one as soon as any of its addresses is not allowed."""

    def __init__(self, names: AbstractResolver, policy: EgressPolicy) -> None:
        self._names = names
        self._policy = policy

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._names.resolve(host, port, family)
        self._policy.check(host, (result["host"] for result in found))
        return found

    async def close(self) -> None:
        await self._names.close()
