"""The sleeps between attempts, which end early when nothing new may start any more."""

from __future__ import annotations

import asyncio

from wireloom.engine.services import Clock
from wireloom.engine.state import Step


class Naps:
    """All steps of a run that are backing off."""

    __slots__ = ("_asleep", "_clock")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._asleep: dict[asyncio.Task[None], Step] = {}

    async def sleep(self, step: Step, seconds: float) -> bool:
        """Sleep; give False if it was cut short by `wake`."""
        nap = asyncio.ensure_future(self._clock.sleep(seconds))
        self._asleep[nap] = step
        try:
            await nap
        except asyncio.CancelledError:
            if asyncio.current_task().cancelling():  # type: ignore[union-attr]
                nap.cancel()
                raise
            return False
        finally:
            del self._asleep[nap]
        return True

    def wake(self, *, all_of_them: bool = False) -> None:
        """Cut short the sleep of every step that may not go on."""
        for nap, step in self._asleep.items():
            if all_of_them or step.frame.is_dead:
                nap.cancel()
