"""The executor of this process: every run it holds, driven on its event loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone

from accounts.web.threads import in_thread
from runs.driving import claims
from runs.driving.claims import Claimed
from runs.journal.journal import RunJournal
from runs.journal.writer import Writer
from runs.live.hub import Hub
from wireloom.engine.clock import SystemClock
from wireloom.engine.errors import LostLease
from wireloom.engine.execution import Execution, Outcome
from wireloom.engine.limits import Limits
from wireloom.engine.plan import Plan, PlanCache
from wireloom.engine.services import Calls, Services

#: A run that waits longer than this is let go of, and read again from its journal when its time has come.
PARK_AFTER_S = 30.0
#: The clock may be set while we sleep, so nobody sleeps longer than this.
LONGEST_SLEEP_S = 60.0
#: Runs driven at once; more wait as `pending`.
MOST_RUNS = 1000

logger = logging.getLogger("wireloom.runs")

type ServicesOf = Callable[[str, Plan, Calls], Services]


@dataclass(slots=True)
class _Driven:
    """A run under way here. `execution` is None until its journal is read."""

    task: asyncio.Task[None]
    ended: asyncio.Event
    execution: Execution | None = None
    cancelled: bool = False


class Runner:
    """Drives runs. Belongs to one event loop; `submit`, `cancel` and `ended` are called on it."""

    def __init__(self, *, plans: PlanCache, limits: Limits, services: ServicesOf, hub: Hub) -> None:
        self.limits = limits
        self.worker = ""
        self._plans = plans
        self._services = services
        self._hub = hub
        self._driven: dict[str, _Driven] = {}
        self._places = asyncio.Semaphore(MOST_RUNS)
        self._clock = SystemClock()
        self._alarm: asyncio.Task[None] | None = None
        self._stopping = False
        self._loop: asyncio.AbstractEventLoop
        self.writer: Writer

    @property
    def active(self) -> int:
        """How many runs are being driven."""
        return len(self._driven)

    async def start(self) -> None:
        """Take over what was going on when the last process ended, and begin to take new runs."""
        self._loop = asyncio.get_running_loop()
        self.writer = Writer(self._loop)
        self.writer.start()
        self.worker = await in_thread(claims.register_worker)
        for run_id in await in_thread(claims.take_over, self.worker):
            self.submit(run_id)
        self._set_alarm()

    async def stop(self) -> None:
        """Let go of every run where its journal has it; the next start goes on from there."""
        self._stopping = True
        if self._alarm is not None:
            self._alarm.cancel()
        tasks = [driven.task for driven in self._driven.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=10)
        await self.writer.stop()

    def submit(self, run_id: str, prepared: Claimed | None = None) -> None:
        """Drive a run that this process holds; `prepared` spares reading it from the journal."""
        if run_id in self._driven or self._stopping:
            return
        task = self._loop.create_task(self._drive(run_id, prepared))
        self._driven[run_id] = _Driven(task, asyncio.Event())

    def cancel(self, run_id: str) -> None:
        """Cancel a run whose signal is stored. One that waits, let go of, is taken up first."""
        driven = self._driven.get(run_id)
        if driven is None:
            self.submit(run_id)
        elif driven.execution is not None:
            driven.execution.cancel()
        else:
            driven.cancelled = True

    async def ended(self, run_id: str, timeout_s: float) -> None:
        """Return when the run is no longer driven here, or after the timeout."""
        driven = self._driven.get(run_id)
        if driven is None:
            return
        try:
            async with asyncio.timeout(timeout_s):
                await driven.ended.wait()
        except TimeoutError:
            return

    # -- one run

    async def _drive(self, run_id: str, prepared: Claimed | None) -> None:
        driven = self._driven[run_id]
        try:
            async with self._places:
                claimed = prepared
                if claimed is None or self._plans.get(claimed.content_hash) is None:
                    claimed = await in_thread(claims.claim, run_id, self.worker)
                if claimed is not None:
                    await self._execute(claimed, driven)
        except LostLease as lost:
            logger.warning("%s", lost)
        except Exception:
            logger.exception(
                "Run %s stopped by a fault of the server; the next start takes it up again.", run_id
            )
        finally:
            del self._driven[run_id]
            driven.ended.set()

    async def _execute(self, claimed: Claimed, driven: _Driven) -> Outcome:
        plan = self._plans.get(claimed.content_hash, claimed.document)
        assert plan is not None
        journal = RunJournal(
            claimed.run_id,
            claimed.workspace_id,
            worker=self.worker,
            fence=claimed.fence,
            projection=claimed.projection,
            writer=self.writer,
            hub=self._hub,
        )
        execution = driven.execution = Execution(
            claimed.run_id,
            plan,
            services=lambda calls: self._services(claimed.workspace_id, plan, calls),
            journal=journal,
            clock=self._clock,
            limits=self.limits,
            park_after_s=PARK_AFTER_S,
        )
        journal.abandon = execution.abandon
        if claimed.events:
            execution.recover(claimed.events)
        else:
            execution.start(claimed.input, claimed.variables)
        if claimed.cancelled or driven.cancelled:
            execution.cancel()
        try:
            outcome = await execution.drive()
            await journal.committed(execution.state.seq)
        finally:
            journal.close()
        if outcome.status == "waiting":
            self._set_alarm()
        return outcome

    # -- runs that wait

    def _set_alarm(self) -> None:
        """Sleep until the next waiting run goes on. A new alarm replaces the last one."""
        if self._stopping:
            return
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = self._loop.create_task(self._wake_due())

    async def _wake_due(self) -> None:
        while True:
            wake_at = await in_thread(claims.next_wake)
            if wake_at is None:
                return
            pause = min(LONGEST_SLEEP_S, wake_at - timezone.now().timestamp())
            if pause > 0:
                await asyncio.sleep(pause)
            for run_id in await in_thread(claims.due, timezone.now().timestamp()):
                self.submit(run_id)
            await asyncio.sleep(1)  # those just taken up leave `waiting` when their next event is committed
