"""One run, driven to its end or to a long wait: dataflow over a plan, everything told as events.

A node starts the moment its last edge is settled. Nodes that need not wait run
on the spot; the others get a task. All state is in `RunState`, which only
events change, so what this class adds is what a crash may take: tasks, timers,
places in queues.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable
from random import Random
from weakref import proxy

from wireloom.engine import events
from wireloom.engine.budget import Budgets
from wireloom.engine.calls import StepCalls
from wireloom.engine.errors import BudgetExceeded, Interrupted, LostLease, StepLimit
from wireloom.engine.events import Event
from wireloom.engine.execution.attempts import called
from wireloom.engine.execution.bodies import Bodies
from wireloom.engine.execution.deadline import Deadline
from wireloom.engine.execution.naps import Naps
from wireloom.engine.execution.outcome import Ending, Outcome, output_of, unreached
from wireloom.engine.execution.tasks import Tasks
from wireloom.engine.execution.telling import Teller
from wireloom.engine.execution.waits import Waits
from wireloom.engine.journal import Journal
from wireloom.engine.limits import Limits
from wireloom.engine.node_io import Output, Wait
from wireloom.engine.plan import Plan
from wireloom.engine.services import Calls, Clock, Json, Services
from wireloom.engine.state import Frame, RunState, Step
from wireloom.engine.state.frames import steps_under_way
from wireloom.engine.state.gathering import StepInputs
from wireloom.engine.values import check_input, check_output
from wireloom.graph.document import Settings

#: How many nodes that need not wait run before others on the loop get a turn.
_TURN = 200
#: How long a cancelled step may take to end.
_GRACE_S = 5.0

#: Jitter for runs that are given no chance of their own; seeding one for each would cost more than starting it.
_CHANCE = Random()  # noqa: S311 - no secret

#: Gives a step its services: by the recorder of its calls, and the settings of the workflow that it stands in.
type ServicesFor = Callable[[Calls, Settings], Services]


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
        # By proxy: a run that is done must be gone at once, not when the garbage collector comes by.
        self._tasks = Tasks(proxy(self), plan.settings.max_concurrency)
        self._naps = Naps(clock)
        self._waits = Waits(clock)
        self.budgets = Budgets()
        self._bodies = Bodies(proxy(self))
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
        """Do all that follows from what has happened; then see whether the run has come to an end."""
        if self._advancing or self.tell.closed:
            return
        self._advancing = True
        try:
            flow, turn = self.state.flow, _TURN
            while True:
                if flow.unwanted or flow.spoilt or flow.returning:
                    self._tidy()
                if not flow.decided or flow.root.failure is not None or self._ending is not None:
                    break
                if not turn:
                    self._loop.call_soon(self._advance)
                    return
                turn -= 1
                self._begin(flow.decided.popleft())
            self._check_end()
        except Exception as error:  # noqa: BLE001 - a listener's fault, or ours: the run is left as its journal has it
            self._finish(error)
        finally:
            self._advancing = False

    def _tidy(self) -> None:
        """Stop what lost its race, name what a failed item leaves undone, end sub-workflows whose bodies have ended."""
        flow = self.state.flow
        while True:  # one of them may bring about another
            if flow.unwanted:
                self._drop(flow.unwanted.popleft())
            elif flow.spoilt:
                self.skip_unreached(flow.spoilt.popleft())
            elif flow.returning and self._ending is None:
                self._bodies.leave(flow.returning.popleft())
            else:
                return

    def _begin(self, step: Step) -> None:
        frame, flow = step.frame, step.node.type.flow
        if frame.parent is not None and frame.is_dead:
            return
        if not self.state.flow.starts(step):
            self.tell.skipped(step.key, step.node)
        elif frame.again and self.state.repeats >= self.plan.max_repeats:
            self._spent(step)
        elif step.node.pin is not None:
            self.tell.started(step, 1)
            self.tell.succeeded(step, Output(step.node.pin.output))
        elif flow == "call":
            self._tasks.add(step)
        elif flow == "nested":
            self._bodies.enter(step)
        else:
            self._run_inline(step)

    def _run_inline(self, step: Step, attempt: int = 1) -> None:
        self.tell.started(step, attempt)
        try:
            inputs = StepInputs(self.state, step)
            if step.node.type.flow == "wait":
                output = called(step, inputs, self.services_for(step))
            else:
                output = called(step, inputs)
                check_output(output.value)
        except Exception as error:  # noqa: BLE001 - here a node's code meets the executor
            self.fail_step(step, error)
            return
        if isinstance(output, Wait):
            self._wait(step, output)
        else:
            self.tell.succeeded(step, output)

    def _spent(self, step: Step) -> None:
        """X5: loops have repeated as many steps as a run may."""
        self.tell.started(step, 1)
        message = f"Loops may repeat {self.plan.max_repeats:,} steps in a run; {step.node.label!r} would be one more."
        self.fail(step, self.tell.described(step, StepLimit(message)), final=True)

    def go_on(self) -> None:
        if not self.tell.closed:
            self._tasks.start()
            self._advance()

    def crash(self, error: BaseException) -> None:
        """Leave the run as its journal has it: an error that no node made is ours."""
        self._finish(error)

    # -- steps, as attempts tell of them

    @property
    def is_stopping(self) -> bool:
        """Whether the run is being ended from outside."""
        return self._ending is not None

    def start_attempt(self, step: Step) -> bool:
        """Begin the next attempt; give False if something failed while the step queued for it (X11)."""
        if step.frame.is_dead or step.unwanted:
            if step.retry_at is not None:
                self.give_up(step)
                return False
            if step.status == "pending":
                return False
        self.tell.started(step, step.attempt + 1)
        return True

    def fail_step(self, step: Step, error: BaseException) -> None:
        """End a step as failed; a failure that nothing handles stops what it is part of (X11)."""
        self.fail(step, self.tell.described(step, error), final=isinstance(error, BudgetExceeded))

    def give_up(self, step: Step) -> None:
        """End a step that was to try again as its last attempt ended."""
        assert step.error is not None
        self.fail(step, step.error)

    def fail(self, step: Step, error: dict[str, Json], *, final: bool = False) -> None:
        if self.tell.failed(step, error, final=final):
            return
        self._tasks.let_dead_go()
        self._naps.wake()

    def cancel_step(self, step: Step) -> None:
        self.tell.cancelled(step, self._reason(step))

    def _reason(self, step: Step) -> dict[str, Json]:
        """Why a step is stopped: the run's ending, the failure around it, or that nothing needs it any more."""
        if self._ending is not None:
            return self._ending.error
        for frame in step.frame.outwards():
            if frame.failure is not None:
                return frame.failure
        return {"code": "cancelled", "message": "Cancelled.", "node": step.node.id, "attempts": 0}

    def services_for(self, step: Step) -> Services:
        workflow = step.frame.top.region.workflow
        assert workflow is not None
        return self._services(StepCalls(self, step), workflow.settings)

    async def nap(self, step: Step, seconds: float) -> bool:
        """Sleep between attempts; give False if something failed before or meanwhile."""
        return not step.frame.is_dead and await self._naps.sleep(step, seconds)

    # -- waits

    def _wait(self, step: Step, wait: Wait) -> None:
        self.tell.waiting(step, wait)
        if not step.unwanted:
            self._waits.arm(step, self._wake)

    def _wake(self, step: Step) -> None:
        assert step.waits is not None
        output = Output(step.waits.output, tuple(step.waits.ports))
        try:
            if self.state.status == "waiting":
                self.tell.emit(events.RunResumed)
                self.deadline.go(self._out_of_time)
            self.tell.succeeded(step, output)
        except Exception as error:  # noqa: BLE001 - a listener's fault, or ours
            self._finish(error)
        self._advance()

    # -- what is given up

    def _drop(self, step: Step) -> None:
        """Stop a step that nothing needs any more."""
        if not step.is_under_way or (step.body is not None and step.body.busy):
            return  # a sub-workflow is stopped once all in it has ended
        if step.body is not None and self._bodies.drop(step):
            return
        if not self._tasks.cancel(step):
            self._waits.disarm(step)
            self.cancel_step(step)

    def skip_unreached(self, frame: Frame) -> None:
        """All that depends on what failed is skipped by name; what was not reached has no step."""
        for key, node, error in list(unreached(frame)):
            if key not in self.state.steps or self.state.steps[key].status == "pending":
                self.tell.skipped(key, node, error)

    # -- recovery

    def _resume_steps(self) -> None:
        """After `recover`: interrupted steps begin again, waits are armed, the rest is decided in graph order."""
        for step in self.state.resume(self.clock.now()):
            if step.body is not None:
                self._bodies.time(step)
                continue  # its steps go on by themselves
            if self._ending is not None or step.unwanted:
                self.cancel_step(step)
            elif step.status == "waiting":
                self._wait_on(step)
            else:
                self._run_again(step)

    def _wait_on(self, step: Step) -> None:
        if step.frame.is_dead:
            self.cancel_step(step)
        else:
            self._waits.arm(step, self._wake)

    def _run_again(self, step: Step) -> None:
        node = step.node
        if step.retry_at is None:
            self.tell.interrupted(step)
            if node.type.effect == "effect" and node.policy.on_interrupt != "retry":
                message = f"{node.label!r} was interrupted; whether it took effect is not known."
                self.fail_step(step, Interrupted(message))
                return
        if node.type.flow == "call":
            self._tasks.add(step)
        else:
            self._run_inline(step, step.attempt + 1)

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
        for key in self._waits.drop():
            self.cancel_step(self.state.steps[key])
        self._tasks.cancel_all()
        self._grace = self._loop.call_later(_GRACE_S, self._let_go)

    def _let_go(self) -> None:
        """Steps that ignored their cancellation for five seconds end without being asked."""
        if self.tell.closed or self._ending is None:
            return
        for step in self._tasks.abandon():
            if step.is_under_way:
                self.cancel_step(step)
        self._advance()

    def _check_end(self) -> None:
        state = self.state
        if self._tasks or self.tell.closed:
            return
        if self._ending is not None and (self._ending.status == "cancelled" or state.failure is None):
            self._end_stopped(self._ending)
        elif state.failure is not None:
            self._end_failed(state.failure)
        elif self._waits:
            self._rest()
        else:
            self.tell.emit(events.RunSucceeded, output=output_of(state.flow.root))
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
        for step in list(steps_under_way((self.state.flow.root,))):
            self.cancel_step(step)
        kind = events.RunCancelled if ending.status == "cancelled" else events.RunFailed
        self.tell.emit(kind, error=ending.error)
        self._finish(Outcome(ending.status))

    def _end_failed(self, failure: dict[str, Json]) -> None:
        self.skip_unreached(self.state.flow.root)
        self.tell.emit(events.RunFailed, error=failure)
        self._finish(Outcome("failed"))

    async def _clean_up(self) -> None:
        self.tell.closed = True
        self.deadline.stop()
        self._waits.drop()
        self._bodies.clear()
        if self._grace is not None:
            self._grace.cancel()
        self._naps.wake(all_of_them=True)
        await self._tasks.close(_GRACE_S)
        self.state.flow.let_go()
