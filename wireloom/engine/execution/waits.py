"""The timers of a run's waiting steps. They are gone with the process; the journal says what to arm again."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable

from wireloom.engine.services import Clock
from wireloom.engine.state import Step


class Waits:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._timers: dict[str, asyncio.TimerHandle] = {}
        #: By moment; those no longer among the timers are passed over.
        self._moments: list[tuple[float, str]] = []

    def __bool__(self) -> bool:
        return bool(self._timers)

    @property
    def first(self) -> float:
        """When the first of them goes on, in seconds since the epoch. There must be one."""
        while self._moments[0][1] not in self._timers:
            heapq.heappop(self._moments)
        return self._moments[0][0]

    def arm(self, step: Step, wake: Callable[[Step], None]) -> None:
        """Call `wake` with the step once its time has come."""
        assert step.waits is not None
        until = step.waits.until
        delay = max(0.0, until - self._clock.now())
        self._timers[step.key] = asyncio.get_running_loop().call_later(delay, self._over, step, wake)
        heapq.heappush(self._moments, (until, step.key))

    def drop(self) -> list[str]:
        """Disarm all; give the keys of the steps that waited, in the order in which they began to."""
        for timer in self._timers.values():
            timer.cancel()
        keys = list(self._timers)
        self._timers.clear()
        return keys

    def disarm(self, step: Step) -> None:
        """Forget one step's timer, if it has one."""
        timer = self._timers.pop(step.key, None)
        if timer is not None:
            timer.cancel()

    def _over(self, step: Step, wake: Callable[[Step], None]) -> None:
        del self._timers[step.key]
        wake(step)
