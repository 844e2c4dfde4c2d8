"""One run, driven to its end or to a long wait: dataflow over a plan, everything told as events.

A node starts the moment its last edge is settled. Nodes that need not wait run
on the spot; the others get a task. All state is in `RunState`, which only
events change, so what this class adds is what a crash may take: tasks, timers,
places in queues.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Callable, Iterable
from random import Random

from wireloom.engine import events
from wireloom.engine.attempts import run_attempts
from wireloom.engine.calls import StepCalls
from wireloom.engine.deadline import Deadline
from wireloom.engine.errors import Interrupted, LostLease
from wireloom.engine.events import Event
from wireloom.engine.gathering import StepInputs
from wireloom.engine.journal import Journal
from wireloom.engine.limits import Limits
from wireloom.engine.naps import Naps
from wireloom.engine.node_io import Output, Wait
from wireloom.engine.outcome import Ending, Outcome, run_output, unreached
from wireloom.engine.plan import Plan, PlannedNode
from wireloom.engine.services import Calls, Clock, Json, Services
from wireloom.engine.state import RunState, StepState
from wireloom.engine.telling import Teller
from wireloom.engine.values import check_input, check_output
from wireloom.engine.waits import Waits

#: How many nodes that need not wait run before others on the loop get a turn.
_TURN = 200
#: How long a cancelled step may take to end.
_GRACE_S = 5.0

#: Jitter for runs that are given no chance of their own; seeding one for each would cost more than starting it.
_CHANCE = Random()  # noqa: S311 - no secret

type ServicesFor = Callable[[Calls], Services]


class Execution:
    """Drive one run. Create it, `start` or `recover` it, then `await drive()`."""

    def __init__(
        self,
        run_id: str,
        plan: Plan,
        *,
        services: ServicesFor,
        journal: Journal,
        clock: Clock,
        limits: Limits | None = None,
        chance: Random | None = None,
        timeout_s: float | None = None,
        park_after_s: float = math.inf,
    ) -> None:
        """`timeout_s` bounds the run where its workflow sets none; a wait longer than `park_after_s` ends `drive`."""
        self.run_id = run_id
        self.plan = plan
        self.state = RunState(plan)
        self.journal = journal
        self.clock = clock
        self.tell = Teller(self.state, journal, clock)
        self.limits = limits or Limits()
        self.chance = chance or _CHANCE
        self._services = services
        self.deadline = Deadline(self.state, clock, plan.settings.timeout_s or timeout_s)
        self._park_after_s = park_after_s
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._naps = Naps(clock)
        self._waits = Waits(clock)
        self._queue: deque[PlannedNode] = deque()
        self._ending: Ending | None = None
        self._advancing = False
        self._loop: asyncio.AbstractEventLoop
        self._done: asyncio.Future[Outcome] | None = None
        self._grace: asyncio.TimerHandle | None = None

    # -- beginning

    def start(self, run_input: Json, variables: dict[str, Json] | None = None) -> None:
        """Raises InvalidInput for what is no JSON."""
        check_input("input", run_input)
        check_input("variables", variables)
        self.tell.emit(events.RunStarted, input=run_input, variables=variables or {})

    def recover(self, journal: Iterable[Event]) -> None:
        """Fold what the journal holds; `drive` then goes on from there."""
        for event in journal:
            self.state.apply(event)

    async def drive(self) -> Outcome:
        """Run until the end, or until a long wait. May be called once.

        Raises LostLease when another process has taken the run over.
        """
        self._loop = asyncio.get_running_loop()
        self._done = self._loop.create_future()
        if self.state.status in ("succeeded", "failed", "cancelled"):
            return Outcome(self.state.status)
        if self.tell.closed:
            raise self._lost_lease()
        try:
            self._resume_steps()
            self.deadline.go(self._out_of_time)
            self._advance()
            return await self._done
        finally:
            await self._clean_up()

    def cancel(self, message: str = "The run was cancelled.") -> None:
        """End the run as cancelled; a step that will not let go is given five seconds. Does nothing once it is ending."""
        self._stop(Ending.cancelled(message))

    def abandon(self) -> None:
        """Let go of a run that another process drives now: nothing more is emitted, `drive` raises LostLease."""
        self._finish(self._lost_lease())

    def _lost_lease(self) -> LostLease:
        return LostLease(f"Run {self.run_id} is driven by another process.")

    def _finish(self, result: Outcome | BaseException) -> None:
        self.tell.closed = True
        if self._done is None or self._done.done():
            return
        if isinstance(result, Outcome):
            self._done.set_result(result)
        else:
            self._done.set_exception(result)

    # -- going on

    def _advance(self) -> None:
        """Start or skip all that is decided; then see whether the run has come to an end."""
        if self._advancing or self.tell.closed:
            return
        self._advancing = True
        try:
            state, nodes, turn = self.state, self.plan.nodes, _TURN
            while state.decided and state.failure is None and self._ending is None:
                if not turn:
                    self._loop.call_soon(self._advance)
                    return
                turn -= 1
                self._begin(nodes[state.decided.popleft()])
            self._check_end()
        except Exception as error:  # noqa: BLE001 - a listener's fault, or ours: the run is left as its journal has it
            self._finish(error)
        finally:
            self._advancing = False

    def _begin(self, node: PlannedNode) -> None:
        if not self.state.starts(node):
            self.tell.skipped(node)
        elif node.type.flow == "call":
            self._queue.append(node)
            self._start_queued()
        else:
            self._run_inline(node)

    def _run_inline(self, node: PlannedNode, attempt: int = 1) -> None:
        self.tell.started(node, attempt)
        node_type = node.type
        try:
            inputs = StepInputs(self.state, node)
            if node_type.flow == "inline":
                output = node_type.run(node.config, inputs)
                check_output(output.value)
            else:
                output = node_type.run(node.config, inputs, self.services_for(node))
        except Exception as error:  # noqa: BLE001 - here a node's code meets the executor
            self.fail_step(node, error)
            return
        if isinstance(output, Wait):
            self._wait(node, output)
        else:
            self.tell.succeeded(node, output)

    def _start_queued(self) -> None:
        """Give queued nodes a task each, as many as the run may have at once."""
        turn = _TURN
        while self._queue and len(self._tasks) < self.plan.settings.max_concurrency:
            if not turn:
                self._loop.call_soon(self._go_on)
                return
            turn -= 1
            self._spawn(self._queue.popleft())

    def _go_on(self) -> None:
        if not self.tell.closed:
            self._start_queued()
            self._advance()

    def _spawn(self, node: PlannedNode) -> None:
        task = asyncio.Task(run_attempts(self, node), loop=self._loop, eager_start=True)
        if task.done():
            self._check_crash(task)  # it never had to wait, and whoever spawned it goes on
        else:
            self._tasks[node.id] = task
            task.add_done_callback(lambda ended: self._ended(node, ended))
            if self._ending is not None:  # stopped by a listener to the step's first event
                task.cancel()

    def _ended(self, node: PlannedNode, task: asyncio.Task[None]) -> None:
        self._tasks.pop(node.id, None)
        self._check_crash(task)
        self._go_on()

    def _check_crash(self, task: asyncio.Task[None]) -> None:
        """An error that no node made is ours: the run is left as its journal has it."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self._finish(error)

    # -- steps, as attempts tell of them

    @property
    def is_stopping(self) -> bool:
        """Whether the run is being ended from outside."""
        return self._ending is not None

    def start_attempt(self, node: PlannedNode) -> bool:
        """Begin the next attempt; give False if the run failed while the step queued for it (X11)."""
        step = self.state.steps.get(node.id)
        if self.state.failure is not None:
            if step is None:
                return False
            if step.retry_at is not None:
                self.give_up(node)
                return False
        self.tell.started(node, 1 if step is None else step.attempt + 1)
        return True

    def fail_step(self, node: PlannedNode, error: BaseException) -> None:
        """End a step as failed; a failure that nothing handles stops the run (X11)."""
        self._fail(node, self.tell.described(node, error))

    def give_up(self, node: PlannedNode) -> None:
        """End a step that was to try again as its last attempt ended."""
        error = self.state.steps[node.id].error
        assert error is not None
        self._fail(node, error)

    def _fail(self, node: PlannedNode, error: dict[str, Json]) -> None:
        if self.tell.failed(node, error):
            return
        # Nothing new starts; but what had started before a crash goes on to its end.
        self._queue = deque(one for one in self._queue if one.id in self.state.steps)
        self._naps.wake()
        self._cancel_waits(error)

    def cancel_step(self, node: PlannedNode) -> None:
        cancelled = {"code": "cancelled", "message": "Cancelled.", "node": node.id, "attempts": 0}
        self.tell.cancelled(node, self._ending.error if self._ending else cancelled)

    def services_for(self, node: PlannedNode) -> Services:
        return self._services(StepCalls(self, self.state.steps[node.id], node.id))

    async def nap(self, seconds: float) -> bool:
        """Sleep between attempts; give False if the run failed before or meanwhile."""
        return self.state.failure is None and await self._naps.sleep(seconds)

    # -- waits

    def _wait(self, node: PlannedNode, wait: Wait) -> None:
        self.tell.waiting(node, wait)
        self._waits.arm(self.state.steps[node.id], self._wake)

    def _wake(self, step: StepState) -> None:
        assert step.waits is not None
        node, output = self.plan.nodes[step.node], Output(step.waits.output, tuple(step.waits.ports))
        try:
            if self.state.status == "waiting":
                self.tell.emit(events.RunResumed)
                self.deadline.go(self._out_of_time)
            self.tell.succeeded(node, output)
        except Exception as error:  # noqa: BLE001 - a listener's fault, or ours
            self._finish(error)
        self._advance()

    def _cancel_waits(self, error: dict[str, Json]) -> None:
        for key in self._waits.drop():
            self.tell.cancelled(self.plan.nodes[self.state.steps[key].node], error)

    # -- recovery

    def _resume_steps(self) -> None:
        """After `recover`: interrupted steps begin again, waits are armed, the rest is decided in graph order."""
        for step in self.state.resume(self.clock.now()):
            if self._ending is not None and step.status in ("waiting", "running"):
                self.tell.cancelled(self.plan.nodes[step.node], self._ending.error)
            elif step.status == "waiting":
                self._wait_on(step)
            elif step.status == "running":
                self._run_again(self.plan.nodes[step.node], step)

    def _wait_on(self, step: StepState) -> None:
        if self.state.failure is None:
            self._waits.arm(step, self._wake)
        else:
            self.tell.cancelled(self.plan.nodes[step.node], self.state.failure)

    def _run_again(self, node: PlannedNode, step: StepState) -> None:
        if step.retry_at is None:
            self.tell.interrupted(node)
            if node.type.effect == "effect" and node.policy.on_interrupt != "retry":
                message = f"{node.label!r} was interrupted; whether it took effect is not known."
                self.fail_step(node, Interrupted(message))
                return
        if node.type.flow == "call":
            self._queue.append(node)
            self._start_queued()
        else:
            self._run_inline(node, step.attempt + 1)

    # -- the end

    def _out_of_time(self, timeout_s: float) -> None:
        self._stop(Ending.out_of_time(timeout_s))

    def _stop(self, ending: Ending) -> None:
        if self._ending is not None or self.tell.closed:
            return
        self._ending = ending
        if self._done is None:
            return  # not driven yet: `drive` will end it at once
        # Not at once: a listener may have stopped the run in the middle of an event.
        self._loop.call_soon(self._advance)
        self._queue.clear()
        self._cancel_waits(ending.error)
        for task in list(self._tasks.values()):
            task.cancel()
        self._grace = self._loop.call_later(_GRACE_S, self._let_go)

    def _let_go(self) -> None:
        """Steps that ignored their cancellation for five seconds end without being asked."""
        if self.tell.closed or self._ending is None:
            return
        for key in list(self._tasks):
            del self._tasks[key]
            if key in self.state.steps:
                self.tell.cancelled(self.plan.nodes[self.state.steps[key].node], self._ending.error)
        self._advance()

    def _check_end(self) -> None:
        state = self.state
        if self._tasks or self._queue or self.tell.closed:
            return
        if self._ending is not None and (self._ending.status == "cancelled" or state.failure is None):
            self._end_stopped(self._ending)
        elif state.failure is not None:
            self._end_failed(state.failure)
        elif self._waits:
            self._rest()
        else:
            self.tell.emit(events.RunSucceeded, output=run_output(self.plan, self.state))
            self._finish(Outcome("succeeded"))

    def _rest(self) -> None:
        """Nothing runs, something waits."""
        until = self._waits.first
        if self.state.status == "running":
            self.tell.emit(events.RunWaiting, until=until)
            self.deadline.stop()
        if until - self.clock.now() > self._park_after_s and self._ending is None:
            self._finish(Outcome("waiting", until))

    def _end_stopped(self, ending: Ending) -> None:
        kind = events.RunCancelled if ending.status == "cancelled" else events.RunFailed
        self.tell.emit(kind, error=ending.error)
        self._finish(Outcome(ending.status))

    def _end_failed(self, failure: dict[str, Json]) -> None:
        """All that depends on what failed is skipped by name; what was not reached has no step."""
        for node, error in unreached(self.plan, self.state):
            self.tell.skipped(node, error)
        self.tell.emit(events.RunFailed, error=failure)
        self._finish(Outcome("failed"))

    async def _clean_up(self) -> None:
        self.tell.closed = True
        self.deadline.stop()
        self._waits.drop()
        if self._grace is not None:
            self._grace.cancel()
        self._naps.wake()
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_GRACE_S)
