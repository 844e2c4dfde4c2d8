"""The sleeps between attempts, which end early when nothing new may start any more."""

from __future__ import annotations

import asyncio

from wireloom.engine.services import Clock


class Naps:
    """All steps of a run that are backing off."""

    __slots__ = ("_asleep", "_clock")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asleep: set[asyncio.Task[None]] = set()

    async def sleep(self, seconds: float) -> bool:
        """Sleep; give False if it was cut short by `wake`."""
        nap = asyncio.ensure_future(self._clock.sleep(seconds))
        self._asleep.add(nap)
        try:
            await nap
        except asyncio.CancelledError:
            if asyncio.current_task().cancelling():  # type: ignore[union-attr]
                nap.cancel()
                raise
            return False
        finally:
            self._asleep.discard(nap)
        return True

    def wake(self) -> None:
        """Cut every sleep short."""
        for nap in self._asleep:
            nap.cancel()
