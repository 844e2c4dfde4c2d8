"""What a run's events amount to as rows: one run, its steps, their calls.

The executor's `RunState` answers what happens next; this answers what a person
will read. Both follow from the same events and nothing else.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from runs.journal.payloads import NOTHING, Payloads, dump, plain
from runs.models import RunStatus
from wireloom.engine import events
from wireloom.engine.events import Event


@dataclass(slots=True)
class StepRow:
    """The columns of one step, in the order of `STEP_COLUMNS`."""

    key: str
    position: int
    node: str
    status: str
    handled: bool = False
    ports: str = "[]"
    attempt: int = 0
    sources: str = "[]"
    given: str = NOTHING
    output: str = NOTHING
    notes: str | None = None
    error: str | None = None
    started_at: float | None = None
    duration_ms: float | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None


@dataclass(slots=True)
class CallRow:
    """The columns of one call, in the order of `CALL_COLUMNS`."""

    step: str
    n: int
    attempt: int
    kind: str
    name: str
    request: str
    started_at: float
    result: str = NOTHING
    error: str | None = None
    usage: str | None = None
    duration_ms: float | None = None


@dataclass(slots=True)
class RunRow:
    """The columns of a run that its events change, in the order of `RUN_COLUMNS`."""

    status: str = RunStatus.PENDING
    last_seq: int = 0
    wake_at: float | None = None
    output: str = NOTHING
    error: str | None = None
    started_at: float | None = None
    finished_at: float | None = None
    active_ms: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None
    cost_complete: bool = True
    step_counts: str = "{}"


STEP_COLUMNS = tuple(StepRow.__dataclass_fields__)
CALL_COLUMNS = tuple(CallRow.__dataclass_fields__)
RUN_COLUMNS = tuple(RunRow.__dataclass_fields__)


@dataclass(slots=True)
class Projection:
    """The rows of one run that is being driven. `changed_*` is what the next transaction writes."""

    run: RunRow = field(default_factory=RunRow)
    steps: dict[str, StepRow] = field(default_factory=dict)
    calls: dict[tuple[str, int, int], CallRow] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    changed_steps: dict[str, StepRow] = field(default_factory=dict)
    changed_calls: dict[tuple[str, int, int], CallRow] = field(default_factory=dict)
    #: Up to when `active_ms` counts; None while the run is not driven.
    _counted_to: float | None = None

    def apply(self, event: Event, payloads: Payloads) -> None:
        """Take one event into the rows; long values go to `payloads`."""
        self.run.last_seq = event.seq
        self._count_time(event)
        match event:
            case events.StepEvent():
                self._step(event, payloads)
            case events.RunStarted():
                self.run.started_at = event.at
                self._drive(event)
            case events.RunResumed():
                self.run.wake_at = None
                self._drive(event)
            case events.RunWaiting():
                self._rest(RunStatus.WAITING)
                self.run.wake_at = event.until
            case events.RunSucceeded():
                self._end(event, RunStatus.SUCCEEDED)
                self.run.output = payloads.keep(event.output)
            case events.RunFailed():
                self._end(event, RunStatus.FAILED)
                self.run.error = dump(event.error)
            case events.RunCancelled():
                self._end(event, RunStatus.CANCELLED)
                self.run.error = dump(event.error)

    def take_over(self, at: float) -> None:
        """Go on from rows that another process left: the time from its last event until `at` does not count."""
        self._counted_to = at if self.run.status == RunStatus.RUNNING else None

    def flushed(self) -> None:
        """Forget what was written; ended steps and calls are not needed again."""
        for key, step in self.changed_steps.items():
            if step.status not in (RunStatus.RUNNING, RunStatus.WAITING):
                self.steps.pop(key, None)
        for call, row in self.changed_calls.items():
            if row.duration_ms is not None:
                self.calls.pop(call, None)
        self.changed_steps.clear()
        self.changed_calls.clear()

    # -- the run

    def _count_time(self, event: Event) -> None:
        if self._counted_to is not None:
            self.run.active_ms += max(0.0, event.at - self._counted_to) * 1000
            self._counted_to = event.at

    def _drive(self, event: Event) -> None:
        self.run.status = RunStatus.RUNNING
        self._counted_to = event.at

    def _rest(self, status: str) -> None:
        self.run.status = status
        self._counted_to = None

    def _end(self, event: Event, status: str) -> None:
        self._rest(status)
        self.run.finished_at = event.at
        self.run.wake_at = None

    # -- its steps

    def _step(self, event: events.StepEvent, payloads: Payloads) -> None:
        row = self.steps.get(event.step)
        if row is None:
            row = self.steps[event.step] = StepRow(event.step, event.seq, event.node, "")
        before = row.status
        match event:
            case events.StepStarted():
                row.status, row.attempt, row.sources = "running", event.attempt, dump(event.sources)
                row.started_at = row.started_at or event.at
                if event.given is not None:
                    row.given = payloads.keep(event.given)
            case events.StepRetrying():
                row.error = dump(event.error)
            case events.StepWaiting():
                row.status = "waiting"
            case events.StepSucceeded():
                row.status, row.error, row.duration_ms = "succeeded", None, event.duration_ms
                row.output, row.ports = payloads.keep(event.output), dump(event.ports)
                row.notes = None if event.notes is None else dump(event.notes)
            case events.StepFailed():
                row.status, row.handled, row.duration_ms = "failed", event.handled, event.duration_ms
                row.output, row.ports = payloads.keep(event.output), dump(event.ports)
                row.error = dump(event.error)
            case events.StepSkipped():
                row.status, row.error = "skipped", dump(event.error) if event.error else None
            case events.StepCancelled():
                row.status, row.error, row.duration_ms = "cancelled", dump(event.error), event.duration_ms
            case events.CallStarted():
                self._call_started(event, payloads)
            case events.CallFinished():
                self._call_finished(event, row, payloads)
        self.changed_steps[event.step] = row
        if before != row.status:
            self._count(before, row.status)

    def _count(self, before: str, after: str) -> None:
        if before:
            self.counts[before] -= 1
        self.counts[after] += 1
        self.run.step_counts = dump({status: count for status, count in self.counts.items() if count})

    def _call_started(self, event: events.CallStarted, payloads: Payloads) -> None:
        kind = event.type.partition(".")[0]
        key = (event.step, event.call, event.attempt)
        request = payloads.keep(event.request)
        self.calls[key] = self.changed_calls[key] = CallRow(*key, kind, plain(event.name), request, event.at)

    def _call_finished(self, event: events.CallFinished, step: StepRow, payloads: Payloads) -> None:
        key = (event.step, event.call, event.attempt)
        row = self.calls[key]
        row.duration_ms = event.duration_ms
        row.result = payloads.keep(event.result)
        row.error = dump(event.error) if event.error else None
        row.usage = dump(event.usage) if event.usage else None
        self.changed_calls[key] = row
        if event.usage:
            for total in (self.run, step):
                total.input_tokens += event.usage["input_tokens"]
                total.output_tokens += event.usage["output_tokens"]
                if event.usage["cost_usd"] is not None:
                    total.cost_usd = (total.cost_usd or 0.0) + event.usage["cost_usd"]
            self.run.cost_complete = self.run.cost_complete and event.usage["cost_usd"] is not None
