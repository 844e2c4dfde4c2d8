"""What this process keeps for its runs: one runner on the event loop, one set of limits."""

from __future__ import annotations

import asyncio
from functools import cache

from django.conf import settings

from runs.driving.loading import Claimed
from runs.driving.runner import Runner
from runs.driving.services import StepServices, warm_up
from runs.live.hub import hub
from wireloom.engine.limits import Limits


class Engine:
    """The way from any thread to the runner. Before `start`, runs are stored and wait for it."""

    def __init__(self) -> None:
        self.limits = Limits(settings.WIRELOOM.limits)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.runner: Runner | None = None
        self._warming: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.runner = Runner(limits=self.limits, services=StepServices, hub=hub)
        await self.runner.start()
        self._warming = self._loop.create_task(warm_up())

    async def stop(self) -> None:
        if self.runner is not None:
            await self.runner.stop()
        self.runner = self._loop = None

    @property
    def worker(self) -> str | None:
        """As whom new runs are driven; None while they wait for somebody."""
        return (self.runner.worker or None) if self.runner else None

    def submit(self, run_id: str, prepared: Claimed) -> None:
        """Have a committed run driven. From any thread."""
        if self._loop is not None and self.runner is not None:
            self._loop.call_soon_threadsafe(self.runner.submit, run_id, prepared)

    def cancel(self, run_id: str) -> None:
        """Have a run's stored signal obeyed. From any thread."""
        if self._loop is not None and self.runner is not None:
            self._loop.call_soon_threadsafe(self.runner.cancel, run_id)

    async def ended(self, run_id: str, timeout_s: float) -> bool:
        """Wait while the run is driven, no longer than the timeout; give whether it was seen to end. On the event loop."""
        return self.runner is not None and await self.runner.ended(run_id, timeout_s)

    def check(self) -> None:
        """Raise JournalDown if runs make no progress because nothing can be stored."""
        if self.runner is not None:
            self.runner.writer.check()


@cache
def engine() -> Engine:
    return Engine()
