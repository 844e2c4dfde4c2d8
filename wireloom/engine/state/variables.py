"""What a variable is for one step: the writes of its ancestors, brought together (X10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from wireloom.engine.plan import Route, VariableRead
from wireloom.engine.services import Json
from wireloom.engine.state.frames import Frame, Step
from wireloom.engine.state.lookup import Absent, steps_of
from wireloom.graph.node_type import OUT_PORT, Reducer


def variable(frame: Frame, wanted: VariableRead, declared: Json | Absent) -> Json | Absent:
    """The variable as a step in `frame` sees it; `declared` is its value before any write."""
    # An error that is routed on is no write.
    steps = [step for route in wanted.writers for step in _written(frame, route) if OUT_PORT in step.ports]
    if not steps:
        return declared
    if wanted.reducer is None:
        return max(steps, key=lambda step: step.ended).value  # each comes after the one before it
    ordered = sorted(steps, key=lambda step: step.order)
    return _REDUCE[wanted.reducer](declared, [step.value for step in ordered])


def _written(frame: Frame, route: Route) -> Iterator[Step]:
    """The writer's steps that come before: in this pass, over all items that were joined, and in every earlier pass."""
    if not route.back:
        yield from steps_of(frame.up_to(route.home), route.path, route.node)
    for around in frame.around():
        earlier = around.previous
        while earlier is not None:
            yield from _below(earlier, route)
            earlier = earlier.previous


def _below(frame: Frame, route: Route) -> Iterable[Step]:
    """The writer's steps in an earlier pass, if the loop goes round it."""
    path: list[object] = []
    region = route.node.region
    while region is not frame.region:
        path.append(region)
        if region.parent is None or region.workflow is not None:
            return ()
        region = region.parent
    return steps_of(frame, tuple(reversed(path)), route.node)  # type: ignore[arg-type]


def _append(declared: Json | Absent, values: Sequence[Json]) -> Json:
    before = declared if isinstance(declared, list) else []
    return [*before, *values]


def _merge(declared: Json | Absent, values: Sequence[Json]) -> Json:
    merged = dict(declared) if isinstance(declared, dict) else {}
    for value in values:
        if isinstance(value, dict):
            merged |= value
    return merged


def _sum(declared: Json | Absent, values: Sequence[Json]) -> Json:
    return sum([value for value in (declared, *values) if _is_number(value)])


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _last(declared: Json | Absent, values: Sequence[Json]) -> Json:
    return values[-1]


_REDUCE: dict[Reducer, Callable[[Json | Absent, Sequence[Json]], Json]] = {
    "append": _append,
    "merge": _merge,
    "sum": _sum,
    "last_by_order": _last,
}
