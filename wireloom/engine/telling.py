"""How a run's facts are made: each is applied to the state, then handed to the journal, under the next number."""

from __future__ import annotations

from typing import Any

from wireloom.engine import events
from wireloom.engine.errors import describe
from wireloom.engine.events import Event
from wireloom.engine.journal import Journal
from wireloom.engine.node_io import Output, Wait
from wireloom.engine.plan import PlannedNode
from wireloom.engine.services import Clock, Json
from wireloom.engine.state import RunState
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
        self._record(kind(seq=self.state.seq + 1, at=self.clock.now(), **facts))

    def _record(self, event: Event) -> None:
        if not self.closed:
            self.state.apply(event)
            self.journal.append(event)

    # -- steps

    def started(self, node: PlannedNode, attempt: int) -> None:
        # This and `succeeded` are told of every node, so they are built without a detour.
        state = self.state
        self._record(
            events.StepStarted(
                seq=state.seq + 1,
                at=self.clock.now(),
                step=node.id,
                node=node.id,
                attempt=attempt,
                sources=state.sources(node),
            )
        )

    def succeeded(self, node: PlannedNode, output: Output) -> None:
        state, now = self.state, self.clock.now()
        self._record(
            events.StepSucceeded(
                seq=state.seq + 1,
                at=now,
                step=node.id,
                node=node.id,
                output=output.value,
                ports=output.ports,
                duration_ms=max(0.0, now - state.steps[node.id].started_at) * 1000,
            )
        )

    def failed(self, node: PlannedNode, error: dict[str, Json]) -> bool:
        """End a step as failed; give whether its policy handles that (X3)."""
        policy = node.policy
        ports = {"fail": [], "continue": ["out"], "route": [ERROR_PORT]}[policy.on_error]
        self.emit(
            events.StepFailed,
            step=node.id,
            node=node.id,
            error=error,
            handled=bool(ports),
            output=policy.default if policy.on_error == "continue" else None,
            ports=ports,
            duration_ms=self._duration_ms(node.id),
        )
        return bool(ports)

    def retrying(self, node: PlannedNode, error: BaseException, delay_s: float) -> None:
        self.emit(
            events.StepRetrying,
            step=node.id,
            node=node.id,
            attempt=self.state.steps[node.id].attempt,
            delay_s=delay_s,
            error=self.described(node, error),
        )

    def waiting(self, node: PlannedNode, wait: Wait) -> None:
        self.emit(
            events.StepWaiting,
            step=node.id,
            node=node.id,
            until=wait.until,
            output=wait.output.value,
            ports=list(wait.output.ports),
        )

    def skipped(self, node: PlannedNode, error: dict[str, Json] | None = None) -> None:
        self.emit(events.StepSkipped, step=node.id, node=node.id, error=error)

    def cancelled(self, node: PlannedNode, error: dict[str, Json]) -> None:
        self.emit(
            events.StepCancelled,
            step=node.id,
            node=node.id,
            error=error,
            duration_ms=self._duration_ms(node.id),
        )

    def interrupted(self, node: PlannedNode) -> None:
        attempt = self.state.steps[node.id].attempt
        self.emit(events.StepInterrupted, step=node.id, node=node.id, attempt=attempt)

    def described(self, node: PlannedNode, error: BaseException) -> dict[str, Json]:
        return describe(error, node=node.id, attempts=self.state.steps[node.id].tries)

    def _duration_ms(self, key: str) -> float:
        return max(0.0, (self.clock.now() - self.state.steps[key].started_at) * 1000)
