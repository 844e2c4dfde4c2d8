"""How a run's facts are made: each is applied to the state, then handed to the journal, under the next number."""

from __future__ import annotations

from typing import Any

from wireloom.engine import events
from wireloom.engine.errors import describe
from wireloom.engine.events import CallFinished, CallStarted, Event
from wireloom.engine.journal import Journal
from wireloom.engine.node_io import Output, Wait
from wireloom.engine.plan import PlannedNode
from wireloom.engine.services import Clock, Json
from wireloom.engine.state import RunState, Step
from wireloom.engine.state.gathering import source_keys
from wireloom.graph.node_type import ERROR_PORT


class Teller:
    """Tells one run. Once it is closed, what a straggling step tells is dropped."""

    __slots__ = ("clock", "closed", "journal", "state")

    def __init__(self, state: RunState, journal: Journal, clock: Clock) -> None:
        self.state = state
        self.journal = journal
        self.clock = clock
        self.closed = False

    def emit(self, kind: type[Event], **facts: Any) -> None:
        """Make the next event a fact."""
        if not self.closed:
            event = kind(seq=self.state.seq + 1, at=self.clock.now(), **facts)
            self.state.apply(event)
            self.journal.append(event)

    def call(self, kind: type[CallStarted | CallFinished], step: Step, *facts: Any) -> None:
        """Tell of a call of `step`; `facts` are the event's own fields, in their order (see `started`)."""
        if self.closed:
            return
        event = kind(self.state.seq + 1, self.clock.now(), step.key, step.node.id, *facts)
        self.state.apply(event)
        self.journal.append(event)

    # -- steps

    def started(self, step: Step, attempt: int, *, given: Json = None) -> None:
        # This and `succeeded` are told of every node: without a detour, and by
        # position, since keywords make an event twice as costly.
        if self.closed:
            return
        state, now = self.state, self.clock.now()
        event = events.StepStarted(
            state.seq + 1, now, step.key, step.node.id, attempt, source_keys(step), given
        )
        state.apply(event)
        self.journal.append(event)

    def succeeded(self, step: Step, output: Output) -> None:
        if self.closed:
            return
        state, now = self.state, self.clock.now()
        took = max(0.0, now - step.started_at) * 1000
        event = events.StepSucceeded(
            state.seq + 1, now, step.key, step.node.id, output.value, output.ports, took, output.notes
        )
        state.apply(event)
        self.journal.append(event)

    def failed(self, step: Step, error: dict[str, Json], *, final: bool = False) -> bool:
        """End a step as failed; give whether its policy handles that (X3). A `final` failure is never handled."""
        policy = step.node.policy
        on_error = "fail" if final else policy.on_error
        ports = {"fail": [], "continue": ["out"], "route": [ERROR_PORT]}[on_error]
        self.emit(
            events.StepFailed,
            step=step.key,
            node=step.node.id,
            error=error,
            handled=bool(ports),
            output=policy.default if on_error == "continue" else None,
            ports=ports,
            duration_ms=self._duration_ms(step),
        )
        return bool(ports)

    def retrying(self, step: Step, error: BaseException, delay_s: float) -> None:
        self.emit(
            events.StepRetrying,
            step=step.key,
            node=step.node.id,
            attempt=step.attempt,
            delay_s=delay_s,
            error=self.described(step, error),
        )

    def waiting(self, step: Step, wait: Wait) -> None:
        self.emit(
            events.StepWaiting,
            step=step.key,
            node=step.node.id,
            until=wait.until,
            output=wait.output.value,
            ports=list(wait.output.ports),
        )

    def skipped(self, key: str, node: PlannedNode, error: dict[str, Json] | None = None) -> None:
        self.emit(events.StepSkipped, step=key, node=node.id, error=error)

    def cancelled(self, step: Step, error: dict[str, Json]) -> None:
        self.emit(
            events.StepCancelled,
            step=step.key,
            node=step.node.id,
            error=error,
            duration_ms=self._duration_ms(step),
        )

    def interrupted(self, step: Step) -> None:
        self.emit(events.StepInterrupted, step=step.key, node=step.node.id, attempt=step.attempt)

    def described(self, step: Step, error: BaseException) -> dict[str, Json]:
        return describe(error, node=step.node.id, attempts=step.tries)

    def _duration_ms(self, step: Step) -> float:
        return max(0.0, (self.clock.now() - step.started_at) * 1000)
