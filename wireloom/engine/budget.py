"""X13: money. A call sets aside the worst that it can cost before it is made, and gives back what it did not need."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from wireloom.engine.errors import BudgetExceeded
from wireloom.engine.state import Frame, Step


class Budget:
    """What one workflow may spend. `spent` gives what it has, in US dollars, as its events tell."""

    def __init__(self, limit_usd: float, spent: Callable[[], float]) -> None:
        self.limit_usd = limit_usd
        self._spent = spent
        self._reserved = 0.0
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def reserved(self, worst_usd: float) -> AsyncIterator[None]:
        """Hold `worst_usd` while a call is made; wait while others may give back what it takes.

        Raises BudgetExceeded if it can never fit.
        """
        while not self._fits(worst_usd):
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            await turn
        self._reserved += worst_usd
        try:
            yield
        finally:
            self._reserved -= worst_usd
            self._wake()

    def _fits(self, worst_usd: float) -> bool:
        if self._spent() + worst_usd > self.limit_usd:
            raise BudgetExceeded(
                f"The call may cost {worst_usd:.6f} USD; {max(0.0, self.limit_usd - self._spent()):.6f}"
                f" of {self.limit_usd:g} USD are left."
            )
        # Nothing is held: sums of fractions may say otherwise by a hair.
        return self._reserved <= 0 or self._spent() + self._reserved + worst_usd <= self.limit_usd

    def _wake(self) -> None:
        """All look again: who fits is for each to see."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)


class Budgets:
    """The budgets of one run: its own, and those of the workflows inside."""

    def __init__(self) -> None:
        self._by_frame: dict[Frame, Budget] = {}

    def of(self, step: Step) -> list[Budget]:
        """What bounds a step: the budgets of the workflows that it stands in, innermost first."""
        found: list[Budget] = []
        for frame in step.frame.workflows():
            workflow = frame.region.workflow
            limit = workflow.settings.max_cost_usd if workflow else None
            if limit is not None:
                if frame not in self._by_frame:
                    self._by_frame[frame] = Budget(limit, partial(getattr, frame, "cost_usd"))
                found.append(self._by_frame[frame])
        return found
