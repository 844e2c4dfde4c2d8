"""How many steps of a node type may run at once, over all runs of a process (X18)."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LimitUse:
    """One limit as `/limits/` shows it."""

    name: str
    limit: int
    in_use: int
    peak: int
    queued: int


class Limit:
    """At most `size` holders; who waits longest is next."""

    __slots__ = ("in_use", "name", "peak", "size", "waiting")

    def __init__(self, name: str, size: int) -> None:
        self.name = name
        self.size = size
        self.in_use = 0
        self.peak = 0
        self.waiting: deque[asyncio.Future[None]] = deque()

    async def acquire(self) -> None:
        if self.in_use < self.size and not self.waiting:
            self._take()
            return
        turn = asyncio.get_running_loop().create_future()
        self.waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.release()  # the turn came while we were being cancelled: hand it on
            elif turn in self.waiting:  # else a release has passed it over already
                self.waiting.remove(turn)
            raise

    def release(self) -> None:
        self.in_use -= 1
        while self.waiting and self.in_use < self.size:
            turn = self.waiting.popleft()
            if not turn.done():
                self._take()
                turn.set_result(None)

    def _take(self) -> None:
        self.in_use += 1
        self.peak = max(self.peak, self.in_use)


class Limits:
    """The limits by node type; a type not named has none."""

    def __init__(self, sizes: Mapping[str, int] | None = None) -> None:
        self._limits = {name: Limit(name, size) for name, size in (sizes or {}).items()}

    def of(self, node_type: str) -> Limit | None:
        return self._limits.get(node_type)

    def use(self) -> list[LimitUse]:
        return [
            LimitUse(one.name, one.size, one.in_use, one.peak, len(one.waiting))
            for one in self._limits.values()
        ]
