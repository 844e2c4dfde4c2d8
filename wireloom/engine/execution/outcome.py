"""How a run ends, or how far it came; and what it gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from wireloom.engine.plan import PlannedNode, Region
from wireloom.engine.services import Json
from wireloom.engine.state.frames import Frame, Instances, Step
from wireloom.engine.state.lookup import ABSENT, read


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


def output_of(frame: Frame) -> Json:
    """X12: what a whole workflow gives: its one output node's value, an object of several; without one, its live sinks likewise."""
    body = frame.region.workflow
    assert body is not None
    values = {route.name: read(frame, route) for route in body.results}
    live = {name: value for name, value in values.items() if value is not ABSENT}
    if body.declared_results:
        return live if len(values) > 1 else next(iter(live.values()), None)
    return next(iter(live.values()), None) if len(live) < 2 else live


def unreached(frame: Frame) -> Iterator[tuple[str, PlannedNode, dict[str, Json]]]:
    """X11: what depends on a failed step in `frame` and so never ran: key, node and error, in topological order."""
    failed: list[int] = []
    for unit, cell in enumerate(frame.cells):
        if isinstance(cell, Instances):
            spoilt = [one for one in cell.frames if one.failure is not None and not cell.over]
            for one in spoilt:
                yield from unreached(one)
            if spoilt and cell.region.on_item_error == "fail":  # else the split itself did not fail
                failed.append(unit)
        elif cell is not None and cell.status == "failed" and not cell.ports:
            failed.append(unit)
    for unit in frame.region.descendants(failed):
        cell = frame.cells[unit]
        if cell is None or (isinstance(cell, Step) and cell.status == "pending"):
            yield from _named(frame, frame.region.units[unit], frame.failure)


def _named(
    frame: Frame, unit: PlannedNode | Region, failure: dict[str, Json] | None
) -> Iterator[tuple[str, PlannedNode, dict[str, Json]]]:
    if isinstance(unit, PlannedNode):
        cause = failure["node"] if failure else None
        message = f"{unit.label!r} depends on a step that failed."
        yield frame.key(unit), unit, _run_error("upstream_failed", message, cause)
    else:
        for one in unit.units:
            yield from _named(frame, one, failure)
