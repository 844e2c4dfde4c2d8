"""What a run's events so far amount to (X16).

`RunState.apply` is the one place where an event changes anything: the executor
applies each event that it emits, recovery applies the journal's, and both
arrive at the same state. Applying an event settles edges; nodes whose edges are
all settled are queued in `decided`, in an order that only the graph decides.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from wireloom.engine import events
from wireloom.engine.events import Event
from wireloom.engine.plan import Plan, PlannedNode
from wireloom.engine.services import Json, Usage
from wireloom.graph.node_type import ERROR_PORT

type StepStatus = Literal["running", "waiting", "succeeded", "failed", "skipped", "cancelled"]
type RunStatus = Literal["pending", "running", "waiting", "succeeded", "failed", "cancelled"]


@dataclass(slots=True)
class StepState:
    """One step so far. `value` is what its live ports carry."""

    key: str
    node: int
    status: StepStatus
    attempt: int = 0
    #: Attempts that a crash cut short; they do not count against `max_attempts`.
    interrupted: int = 0
    started_at: float = 0.0
    #: Between a failed attempt and the next: when that begins.
    retry_at: float | None = None
    value: Json = None
    ports: Sequence[str] = ()
    error: dict[str, Json] | None = None
    waits: events.StepWaiting | None = None
    #: Finished calls, by number; None before the first call.
    calls: dict[int, events.CallFinished] | None = None
    #: Each call's request, by number.
    requests: dict[int, events.CallStarted] | None = None

    @property
    def tries(self) -> int:
        """Attempts that count against `max_attempts`."""
        return self.attempt - self.interrupted


class RunState:
    """The fold of a run's events. Create it empty, apply events in order."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.status: RunStatus = "pending"
        self.seq = 0
        self.input: Json = None
        self.variables: dict[str, Json] = {}
        self.output: Json = None
        self.error: dict[str, Json] | None = None
        #: The first failure that nothing handled; after it nothing new starts (X11).
        self.failure: dict[str, Json] | None = None
        self.steps: dict[str, StepState] = {}
        #: Nodes whose incoming edges are all settled and that have no step yet.
        self.decided: deque[int] = deque()
        self.started_at = 0.0
        #: Seconds the run was driven, waits left out, up to `_active_since`.
        self.active_s = 0.0
        self._active_since = 0.0
        #: When the last event was.
        self._at = 0.0
        self.usage = Usage()
        #: Per node: how many edges into it are not settled, and how many of the settled ones are live.
        self._pending = list(plan.fan_in)
        self._live = [0] * len(plan.nodes)
        self._edges = bytearray(plan.edge_count)

    def apply(self, event: Event) -> None:
        self.seq = event.seq
        _APPLY[type(event)](self, event)
        self._at = event.at

    # -- questions

    def starts(self, node: PlannedNode) -> bool:
        """Whether a decided node runs (X2, X7); otherwise it is skipped."""
        wanted = len(node.incoming)
        live = self._live[node.index]
        return live == wanted if node.start_rule == "all" or not wanted else live > 0

    def sources(self, node: PlannedNode) -> tuple[str, ...]:
        """The ids of the nodes whose edges into `node` are live, in edge order."""
        if self._live[node.index] == len(node.incoming):
            return node.parents
        nodes, edges = self.plan.nodes, self._edges
        return tuple([nodes[edge.source].id for edge in node.incoming if edges[edge.index]])

    def is_live(self, edge: int) -> bool:
        return bool(self._edges[edge])

    def value_of(self, node_id: str) -> Json:
        return self.steps[node_id].value

    def active_seconds(self, now: float) -> float:
        """How long the run was driven, waits left out (X13)."""
        return self.active_s + (now - self._active_since if self.status == "running" else 0.0)

    # -- recovery

    def resume(self, now: float) -> list[StepState]:
        """After a journal is folded: leave in `decided` what has no step yet, and give the steps under way.

        Both in graph order. The time until `now` does not count.
        """
        if self.status == "running":
            self._leave_out_pause(now)
        nodes, place = self.plan.nodes, {index: rank for rank, index in enumerate(self.plan.order)}
        left = {index for index in self.decided if nodes[index].id not in self.steps}
        self.decided = deque(sorted(left, key=place.__getitem__))
        under_way = [step for step in self.steps.values() if step.status in ("running", "waiting")]
        return sorted(under_way, key=lambda step: (place[step.node], step.key))

    def _leave_out_pause(self, until: float) -> None:
        """The time from the last event to `until` does not count: nobody drove the run."""
        self.active_s = self.active_seconds(max(self._at, self._active_since))
        self._active_since = until

    # -- edges

    def _settle(self, node: PlannedNode, ports: Sequence[str]) -> None:
        pending = self._pending
        for edge in node.outgoing:
            target = edge.target
            if edge.source_port in ports:
                self._edges[edge.index] = 1
                self._live[target] += 1
            left = pending[target] = pending[target] - 1
            if not left:
                self.decided.append(target)

    # -- the run

    def _run_started(self, event: events.RunStarted) -> None:
        self.status = "running"
        self.started_at = self._active_since = event.at
        self.input = event.input
        self.variables = {**self.plan.settings.variables, **event.variables}
        self.decided.extend(node.index for node in self.plan.nodes if not node.incoming)

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
        self.decided.clear()

    # -- its steps

    def _step_started(self, event: events.StepStarted) -> None:
        step = self.steps.get(event.step)
        if step is None:
            node = self.plan.by_id[event.node]
            self.steps[event.step] = StepState(event.step, node, "running", event.attempt, 0, event.at)
            return
        step.status = "running"
        step.attempt = event.attempt
        step.retry_at = None

    def _step_retrying(self, event: events.StepRetrying) -> None:
        step = self.steps[event.step]
        step.error = event.error
        step.retry_at = event.at + event.delay_s

    def _step_waiting(self, event: events.StepWaiting) -> None:
        step = self.steps[event.step]
        step.status = "waiting"
        step.waits = event

    def _step_succeeded(self, event: events.StepSucceeded) -> None:
        step = self.steps[event.step]
        step.status = "succeeded"
        step.value = event.output
        step.error = None
        self._close(step, event.ports)

    def _step_failed(self, event: events.StepFailed) -> None:
        step = self.steps[event.step]
        step.status = "failed"
        step.error = event.error
        if event.handled:
            step.value = event.error if ERROR_PORT in event.ports else event.output
            self._close(step, event.ports)
        else:
            self.failure = self.failure or event.error

    def _step_skipped(self, event: events.StepSkipped) -> None:
        node = self.plan.by_id[event.node]
        self.steps[event.step] = step = StepState(event.step, node, "skipped", error=event.error)
        self._close(step, ())

    def _step_cancelled(self, event: events.StepCancelled) -> None:
        step = self.steps[event.step]
        step.status = "cancelled"
        step.error = event.error

    def _step_interrupted(self, event: events.StepInterrupted) -> None:
        self.steps[event.step].interrupted += 1
        self._leave_out_pause(event.at)

    def _close(self, step: StepState, ports: Sequence[str]) -> None:
        step.ports = ports
        step.waits = None
        step.calls = step.requests = None  # a finished step is never replayed
        if self.failure is None:
            self._settle(self.plan.nodes[step.node], ports)

    # -- their calls

    def _call_started(self, event: events.CallStarted) -> None:
        step = self.steps[event.step]
        if step.calls is None or step.requests is None:
            step.calls, step.requests = {}, {}
        step.requests[event.call] = event

    def _call_finished(self, event: events.CallFinished) -> None:
        calls = self.steps[event.step].calls
        if event.error is None and calls is not None:
            calls[event.call] = event
        if event.usage is not None:
            self.usage = _added(self.usage, event.usage)


def _added(total: Usage, usage: Mapping[str, Any]) -> Usage:
    cost = usage.get("cost_usd")
    costs = [one for one in (total.cost_usd, cost) if one is not None]
    return Usage(
        input_tokens=total.input_tokens + usage.get("input_tokens", 0),
        output_tokens=total.output_tokens + usage.get("output_tokens", 0),
        cached_tokens=total.cached_tokens + usage.get("cached_tokens", 0),
        reasoning_tokens=total.reasoning_tokens + usage.get("reasoning_tokens", 0),
        cost_usd=sum(costs) if costs else None,
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
    events.LlmStarted: RunState._call_started,
    events.LlmFinished: RunState._call_finished,
}
