"""X13: a run's time. It runs while the run does, and stands still while it waits."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable

from wireloom.engine.services import Clock
from wireloom.engine.state import RunState


class Deadline:
    def __init__(self, state: RunState, clock: Clock, timeout_s: float | None) -> None:
        self._state = state
        self._clock = clock
        self._timeout_s = timeout_s
        self._timer: asyncio.TimerHandle | None = None

    @property
    def remaining_s(self) -> float:
        """What is left; infinite without a limit."""
        if self._timeout_s is None:
            return math.inf
        return self._timeout_s - self._state.active_seconds(self._clock.now())

    def go(self, over: Callable[[float], None]) -> None:
        """Let the time run, if the run does; call `over` with its limit once that is spent."""
        if self._timeout_s is not None and self._state.status == "running":
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(max(0.0, self.remaining_s), over, self._timeout_s)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
