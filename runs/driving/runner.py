"""The executor of this process: every run it holds, driven on its event loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError

from accounts.web.threads import in_thread
from runs.driving import claims, loading
from runs.driving.last_words import last_events
from runs.driving.loading import Claimed, Unrecoverable
from runs.driving.tenure import Tenure
from runs.journal.journal import JournalBroken, RunJournal
from runs.journal.writer import Writer
from runs.live.hub import Hub
from wireloom.engine.clock import SystemClock
from wireloom.engine.errors import LostLease
from wireloom.engine.execution import Execution, Outcome
from wireloom.engine.limits import Limits
from wireloom.engine.services import Calls, Services
from wireloom.graph.document import Settings

#: A run that waits longer than this is let go of, and read again from its journal when its time has come.
PARK_AFTER_S = 30.0
#: The clock may be set while we sleep, so nobody sleeps longer than this.
LONGEST_SLEEP_S = 60.0
#: Runs driven at once; more wait as `pending`.
MOST_RUNS = 1000
#: Between tries while the database cannot be read.
RETRY_S = 1.0

logger = logging.getLogger("wireloom.runs")

type ServicesOf = Callable[[str, Settings, Calls], Services]


@dataclass(slots=True)
class _Driven:
    """A run under way here. `execution` is None until its journal is read."""

    task: asyncio.Task[None]
    #: Set when it is not driven any more.
    over: asyncio.Event
    execution: Execution | None = None
    cancelled: bool = False
    outcome: Outcome | None = None


class Runner:
    """Drives runs. Belongs to one event loop; `submit`, `cancel` and `ended` are called on it."""

    def __init__(self, *, limits: Limits, services: ServicesOf, hub: Hub) -> None:
        self.limits = limits
        self.tenure = Tenure(taken=self._taken, cancel=self.cancel, let_go=self._let_go)
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
        """Take over what nobody drives, and begin to take new runs."""
        self._loop = asyncio.get_running_loop()
        self.writer = Writer(self._loop)
        self.writer.start()
        await self.tenure.begin()

    async def stop(self) -> None:
        """Let go of every run where its journal has it; the next process goes on from there."""
        self._stopping = True
        if self._alarm is not None:
            self._alarm.cancel()
        await self._let_go()
        await self.writer.stop()
        await self.tenure.end()

    @property
    def worker(self) -> str:
        """As whom this process drives runs; empty while it may not."""
        return self.tenure.worker

    async def _let_go(self) -> None:
        tasks = [driven.task for driven in self._driven.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=10)

    def _taken(self, claimed: Sequence[tuple[str, str]]) -> None:
        for run_id, status in claimed:
            if status != "waiting":
                self.submit(run_id)
        self._set_alarm()

    def submit(self, run_id: str, prepared: Claimed | None = None) -> None:
        """Drive a run that this process holds; `prepared` spares reading it from the journal."""
        if run_id in self._driven or self._stopping or not self.worker:
            return
        if prepared is not None and prepared.hold.worker != self.worker:
            return  # stored under a lease that has ended since: whoever finds it drives it
        task = self._loop.create_task(self._drive(run_id, prepared))
        self._driven[run_id] = _Driven(task, asyncio.Event())

    def cancel(self, run_id: str) -> None:
        """Cancel a run whose signal is stored. One that waits, let go of, is taken up first."""
        driven = self._driven.get(run_id)
        if driven is None:
            self.submit(run_id)
            return
        driven.cancelled = True
        if driven.execution is not None:
            driven.execution.cancel()

    async def ended(self, run_id: str, timeout_s: float) -> bool:
        """Wait while the run is driven here, no longer than the timeout; give whether it was seen to end."""
        driven = self._driven.get(run_id)
        if driven is None:
            return False
        try:
            async with asyncio.timeout(timeout_s):
                await driven.over.wait()
        except TimeoutError:
            return False
        return driven.outcome is not None and driven.outcome.status != "waiting"

    # -- one run

    async def _drive(self, run_id: str, prepared: Claimed | None) -> None:
        driven = self._driven[run_id]
        try:
            async with self._places:
                claimed = prepared or await self._claimed(run_id)
                if claimed is not None:
                    driven.outcome = await self._execute(claimed, driven)
        except Unrecoverable as error:
            logger.exception("Run %s cannot go on.", run_id)
            await self._give_up(run_id, error.code, error.message)
        except JournalBroken as error:
            await self._give_up(run_id, error.code, "What a step gave cannot be stored.")
        except LostLease as lost:
            logger.warning("%s", lost)
        except Exception:
            logger.exception("Run %s stopped by a fault of the server.", run_id)
            await self._give_up(run_id, "internal_error", "A fault of the server; its log says more.")
        finally:
            del self._driven[run_id]
            driven.over.set()
        if driven.outcome is not None and driven.outcome.status == "waiting":
            self._let_wait(run_id, driven)

    async def _claimed(self, run_id: str) -> Claimed | None:
        while True:
            try:
                return await in_thread(loading.claim, run_id, self.worker)
            except (OperationalError, InterfaceError) as error:
                logger.warning("Run %s cannot be read yet: %s", run_id, error)
                await asyncio.sleep(RETRY_S)

    async def _execute(self, claimed: Claimed, driven: _Driven) -> Outcome:
        hold, plan = claimed.hold, claimed.plan
        journal = RunJournal(hold, writer=self.writer, hub=self._hub)
        execution = driven.execution = Execution(
            hold.run_id,
            plan,
            services=lambda calls, settings: self._services(hold.workspace_id, settings, calls),
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
        except LostLease as lost:
            raise journal.lost or lost from None
        finally:
            journal.close()
        return outcome

    async def _give_up(self, run_id: str, code: str, message: str) -> None:
        """End a run as failed that can never go on, rather than meet it again at every start."""
        try:
            hold = await in_thread(loading.hold, run_id, self.worker)
            if hold is None:
                return
            journal = RunJournal(hold, writer=self.writer, hub=self._hub)
            for event in last_events(hold.projection, code, message, self._clock.now()):
                journal.append(event)
                seq = event.seq
            await journal.committed(seq)
            journal.close()
        except Exception:
            logger.exception("Run %s cannot be ended either; the next start tries again.", run_id)

    # -- runs that wait

    def _let_wait(self, run_id: str, driven: _Driven) -> None:
        if driven.cancelled:
            self.submit(run_id)  # the wish came when the run was just being let go of
        self._set_alarm()

    def _set_alarm(self) -> None:
        """Sleep until the next waiting run goes on. A new alarm replaces the last one."""
        if self._stopping:
            return
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = self._loop.create_task(self._wake_due())

    async def _wake_due(self) -> None:
        while True:
            try:
                for run_id in await in_thread(claims.due, self.worker, self._clock.now()):
                    self.submit(run_id)
                wake_at = await in_thread(claims.next_wake, self.worker)
            except (OperationalError, InterfaceError) as error:
                logger.warning("Waiting runs cannot be looked at yet: %s", error)
                wake_at = 0.0
            if wake_at is None:
                return
            pause = min(LONGEST_SLEEP_S, wake_at - self._clock.now())
            # Those just taken up leave `waiting` when their next event is committed.
            await asyncio.sleep(pause if pause > 0 else RETRY_S)
