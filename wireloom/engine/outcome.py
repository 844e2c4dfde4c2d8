"""How a run ends, or how far it came; and what it gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from wireloom.engine.plan import Plan, PlannedNode
from wireloom.engine.services import Json
from wireloom.engine.state import RunState


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far the run came. `waiting`: drive it again from its journal at `until` (seconds since the epoch)."""

    status: Literal["succeeded", "failed", "cancelled", "waiting"]
    until: float | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """Why the run is being stopped from outside, and as what it will end."""

    status: Literal["failed", "cancelled"]
    error: dict[str, Json]

    @classmethod
    def cancelled(cls, message: str) -> Ending:
        return cls("cancelled", _run_error("cancelled", message))

    @classmethod
    def out_of_time(cls, timeout_s: float) -> Ending:
        return cls("failed", _run_error("run_timeout", f"The run took longer than {timeout_s:g} s."))


def _run_error(code: str, message: str, node: Json = None) -> dict[str, Json]:
    return {"code": code, "message": message, "node": node, "attempts": 0}


def run_output(plan: Plan, state: RunState) -> Json:
    """X12: one output node's value, an object of several; without one, the live sinks likewise."""
    ends = [(plan.nodes[index].id, state.steps[plan.nodes[index].id]) for index in plan.results]
    live = {name: step.value for name, step in ends if step.ports}
    alone = len(ends) == 1 if plan.declared_results else len(live) == 1
    return next(iter(live.values()), None) if alone or not live else live


def unreached(plan: Plan, state: RunState) -> Iterator[tuple[PlannedNode, dict[str, Json]]]:
    """X11: what depends on a failed step and so never ran, in topological order, each with its error."""
    failed = [step.node for step in state.steps.values() if step.status == "failed" and not step.ports]
    cause = state.failure["node"] if state.failure else None
    for index in plan.descendants(failed):
        node = plan.nodes[index]
        if node.id not in state.steps:
            yield node, _run_error("upstream_failed", f"{node.label!r} depends on a step that failed.", cause)
