"""What a run's events so far amount to (X16).

`RunState.apply` is the one place where an event changes anything: the executor
applies each event that it emits, recovery applies the journal's, and both
arrive at the same state.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, Literal

from wireloom.engine import events
from wireloom.engine.events import Event
from wireloom.engine.plan import Plan
from wireloom.engine.services import Json, Usage
from wireloom.engine.state.flow import Flow
from wireloom.engine.state.frames import Step
from wireloom.graph.node_type import ERROR_PORT

type RunStatus = Literal["pending", "running", "waiting", "succeeded", "failed", "cancelled"]


class RunState:
    """The fold of a run's events. Create it empty, apply events in order."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.flow = Flow(plan)
        #: Every step that is decided or begun, by key.
        self.steps: dict[str, Step] = self.flow.steps
        self.status: RunStatus = "pending"
        self.seq = 0
        self.input: Json = None
        self.variables: dict[str, Json] = {}
        self.output: Json = None
        self.error: dict[str, Json] | None = None
        self.started_at = 0.0
        #: Seconds the run was driven, waits left out, up to `_active_since`.
        self.active_s = 0.0
        self._active_since = 0.0
        #: When the last event was.
        self._at = 0.0
        self.usage = Usage()
        #: Steps that loops have repeated.
        self.repeats = 0

    def apply(self, event: Event) -> None:
        self.seq = event.seq
        _APPLY[type(event)](self, event)
        self._at = event.at

    # -- questions

    @property
    def failure(self) -> dict[str, Json] | None:
        """The first failure that nothing handled; after it nothing new starts (X11)."""
        return self.flow.root.failure

    def active_seconds(self, now: float) -> float:
        """How long the run was driven, waits left out (X13)."""
        return self.active_s + (now - self._active_since if self.status == "running" else 0.0)

    # -- recovery

    def resume(self, now: float) -> list[Step]:
        """After a journal is folded: put in order what is decided and not begun, and give the steps under way.

        Both in graph order (X16). The time until `now` does not count.
        """
        if self.status == "running":
            self._leave_out_pause(now)
        flow = self.flow
        left = [step for step in flow.decided if step.status == "pending"]
        flow.decided = deque(sorted(left, key=lambda step: step.order))
        return sorted(
            (step for step in self.steps.values() if step.is_under_way), key=lambda step: step.order
        )

    def _leave_out_pause(self, until: float) -> None:
        """The time from the last event to `until` does not count: nobody drove the run."""
        self.active_s = self.active_seconds(max(self._at, self._active_since))
        self._active_since = until

    # -- the run

    def _run_started(self, event: events.RunStarted) -> None:
        self.status = "running"
        self.started_at = self._active_since = event.at
        self.input = self.flow.root.given = event.input
        self.variables = {**self.plan.settings.variables, **event.variables}
        self.flow.open(self.flow.root)

    def _run_waiting(self, event: events.RunWaiting) -> None:
        self.active_s = self.active_seconds(event.at)
        self.status = "waiting"

    def _run_resumed(self, event: events.RunResumed) -> None:
        self.status = "running"
        self._active_since = event.at

    def _run_succeeded(self, event: events.RunSucceeded) -> None:
        self._end("succeeded", event)
        self.output = event.output

    def _run_failed(self, event: events.RunFailed) -> None:
        self._end("failed", event)
        self.error = event.error

    def _run_cancelled(self, event: events.RunCancelled) -> None:
        self._end("cancelled", event)
        self.error = event.error

    def _end(self, status: RunStatus, event: Event) -> None:
        self.active_s = self.active_seconds(event.at)
        self.status = status
        self.flow.decided.clear()

    # -- its steps

    def _step_started(self, event: events.StepStarted) -> None:
        step = self.steps[event.step]
        first = step.status == "pending"
        step.status = "running"
        step.attempt = event.attempt
        if step.retry_at is not None:
            step.retry_at = None
        if first:
            step.started_at = event.at
            frame = step.frame
            if frame.parent is None:
                frame.busy += 1
            else:
                self.repeats += frame.again
                self.flow.began(step)
            if step.node.body is not None:
                self.flow.open_body(step, event.given)

    def _step_retrying(self, event: events.StepRetrying) -> None:
        step = self.steps[event.step]
        step.error = event.error
        step.retry_at = event.at + event.delay_s

    def _step_waiting(self, event: events.StepWaiting) -> None:
        step = self.steps[event.step]
        step.status = "waiting"
        step.waits = event
        self.flow.rested(step)

    def _step_succeeded(self, event: events.StepSucceeded) -> None:
        step = self.steps[event.step]
        if step.status == "waiting":
            self.flow.woke(step)
        step.status = "succeeded"
        step.value = event.output
        step.notes = event.notes
        if step.error is not None:
            step.error = None
        step.ended = event.seq
        self.flow.ended(step)
        self.flow.close(step, event.ports)

    def _step_failed(self, event: events.StepFailed) -> None:
        step = self.steps[event.step]
        step.status = "failed"
        step.error = event.error
        step.ended = event.seq
        self._give_up_body(step)
        self.flow.ended(step)
        if event.handled:
            step.value = event.error if ERROR_PORT in event.ports else event.output
            self.flow.close(step, event.ports)
        else:
            self.flow.fail(step.frame, event.error)

    def _step_skipped(self, event: events.StepSkipped) -> None:
        step = self.steps.get(event.step)
        if step is None:  # it was never reached, and is named only because something before it failed
            node = self.plan.by_id[event.node]
            step = self.steps[event.step] = Step(event.step, node, self.flow.root)
            step.status, step.error = "skipped", event.error
            return
        step.status = "skipped"
        step.error = event.error
        self.flow.close(step, ())
        if step.node.body is not None:
            self.flow.skip_body(step)

    def _step_cancelled(self, event: events.StepCancelled) -> None:
        step = self.steps[event.step]
        if step.status == "waiting":
            self.flow.woke(step)
        step.status = "cancelled"
        step.error = event.error
        step.ended = event.seq
        self._give_up_body(step)
        self.flow.ended(step)
        self.flow.close(step, ())

    def _step_interrupted(self, event: events.StepInterrupted) -> None:
        self.steps[event.step].interrupted += 1
        self._leave_out_pause(event.at)

    def _give_up_body(self, step: Step) -> None:
        if step.body is not None:
            step.body.dropped = True

    # -- their calls

    def _call_started(self, event: events.CallStarted) -> None:
        step = self.steps[event.step]
        if step.calls is None or step.requests is None:
            step.calls, step.requests = {}, {}
        step.requests[event.call] = event

    def _call_finished(self, event: events.CallFinished) -> None:
        calls = self.steps[event.step].calls
        if calls is not None:
            calls[event.call] = event
        if event.usage is not None:
            self.usage = _added(self.usage, event.usage)
            cost = event.usage.get("cost_usd")
            if cost:
                for workflow in self.steps[event.step].frame.workflows():
                    workflow.cost_usd += cost


def _added(total: Usage, usage: Mapping[str, Any]) -> Usage:
    cost, known = usage.get("cost_usd"), total.cost_usd
    return Usage(
        total.input_tokens + usage.get("input_tokens", 0),
        total.output_tokens + usage.get("output_tokens", 0),
        total.cached_tokens + usage.get("cached_tokens", 0),
        total.reasoning_tokens + usage.get("reasoning_tokens", 0),
        known if cost is None else cost if known is None else known + cost,
    )


_APPLY: dict[type[Event], Callable[[RunState, Any], None]] = {
    events.RunStarted: RunState._run_started,
    events.RunWaiting: RunState._run_waiting,
    events.RunResumed: RunState._run_resumed,
    events.RunSucceeded: RunState._run_succeeded,
    events.RunFailed: RunState._run_failed,
    events.RunCancelled: RunState._run_cancelled,
    events.StepStarted: RunState._step_started,
    events.StepRetrying: RunState._step_retrying,
    events.StepWaiting: RunState._step_waiting,
    events.StepSucceeded: RunState._step_succeeded,
    events.StepFailed: RunState._step_failed,
    events.StepSkipped: RunState._step_skipped,
    events.StepCancelled: RunState._step_cancelled,
    events.StepInterrupted: RunState._step_interrupted,
    **{started: RunState._call_started for started, _ in events.CALL_EVENTS.values()},
    **{finished: RunState._call_finished for _, finished in events.CALL_EVENTS.values()},
}
