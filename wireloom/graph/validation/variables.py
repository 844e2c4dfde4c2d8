"""Who writes which variable, and whether the result can be told without a clock (RUNS.md X10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from wireloom.graph.node_type import Reducer
from wireloom.graph.problems import Problem
from wireloom.graph.regions import Regions
from wireloom.graph.topology import Topology
from wireloom.graph.validation.configs import ConfiguredNode


@dataclass(frozen=True, slots=True)
class Writers:
    """The nodes that write one variable, by their places in topological order."""

    places: tuple[int, ...]
    reducer: Reducer | None


def writers_in(
    nodes: Mapping[str, ConfiguredNode], places: Mapping[str, int], shape: Topology
) -> dict[str, Writers]:
    """Every variable's writers, by its name. Of several reducers the first counts."""
    rank = {place: order for order, place in enumerate(shape.order)}
    found: dict[str, list[tuple[int, Reducer | None]]] = {}
    for name, one in nodes.items():
        rule = one.type.writes
        if rule is not None and places[name] in rank:
            variable = getattr(one.config, rule.name)
            found.setdefault(variable, []).append((places[name], getattr(one.config, rule.reducer)))
    return {
        variable: Writers(
            tuple(sorted((place for place, _ in writes), key=rank.__getitem__)),
            next((reducer for _, reducer in writes if reducer), None),
        )
        for variable, writes in found.items()
    }


def check_writes(
    writers: Mapping[str, Writers],
    nodes: Mapping[str, ConfiguredNode],
    regions: Regions,
    precedes: Callable[[int, int], bool],
    name_of: Callable[[int], str],
    errors: list[Problem],
) -> None:
    """Two writers of which neither comes before the other need a reducer, and all the same one."""
    for variable, one in writers.items():
        reducers = {_reducer(nodes[name_of(place)]) for place in one.places}
        if len(reducers) > 1:
            names = ", ".join(repr(name_of(place)) for place in one.places)
            message = f"All that write {variable!r} must name the same reducer: {names}."
            errors.append(_conflict(nodes[name_of(one.places[-1])], message))
        elif one.reducer is None:
            errors.extend(_races(variable, one, nodes, regions, precedes, name_of))


def _races(
    variable: str,
    writers: Writers,
    nodes: Mapping[str, ConfiguredNode],
    regions: Regions,
    precedes: Callable[[int, int], bool],
    name_of: Callable[[int], str],
) -> Iterator[Problem]:
    for place in writers.places:
        if any(region.kind == "split" for region in regions.around(place)):
            message = f"{name_of(place)!r} writes {variable!r} once for each item; that needs a reducer."
            yield _conflict(nodes[name_of(place)], message)
    # In topological order neighbours suffice: if each comes before the next, all are in line.
    for earlier, later in zip(writers.places, writers.places[1:], strict=False):
        if not precedes(earlier, later):
            message = (
                f"{name_of(earlier)!r} and {name_of(later)!r} both write {variable!r} and neither comes before"
                " the other; that needs a reducer."
            )
            yield _conflict(nodes[name_of(later)], message)


def _reducer(node: ConfiguredNode) -> Reducer | None:
    assert node.type.writes is not None
    reducer: Reducer | None = getattr(node.config, node.type.writes.reducer)
    return reducer


def _conflict(node: ConfiguredNode, message: str) -> Problem:
    field = node.type.writes.reducer if node.type.writes else None
    return Problem("conflicting_writes", message, node=node.node.id, field=field)
