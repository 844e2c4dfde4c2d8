"""Who writes which variable, and whether the result can be told without a clock (RUNS.md X10)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

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


@dataclass(frozen=True, slots=True)
class WriteCheck:
    """Two writers of which neither comes before the other need a reducer, and all of a variable the same one."""

    nodes: Mapping[str, ConfiguredNode]
    #: The node ids by place.
    ids: Sequence[str]
    regions: Regions
    #: Whether the first of two places comes before the second.
    precedes: Callable[[int, int], bool]

    def problems(self, writers: Mapping[str, Writers]) -> Iterator[Problem]:
        for variable, one in writers.items():
            if len({self._reducer(place) for place in one.places}) > 1:
                names = ", ".join(repr(self.ids[place]) for place in one.places)
                message = f"All that write {variable!r} must name the same reducer: {names}."
                yield self._conflict(one.places[-1], message)
            elif one.reducer is None:
                yield from self._races(variable, one)

    def _races(self, variable: str, writers: Writers) -> Iterator[Problem]:
        for place in writers.places:
            if any(region.kind == "split" for region in self.regions.around(place)):
                message = f"{self.ids[place]!r} writes {variable!r} once for each item; that needs a reducer."
                yield self._conflict(place, message)
        # In topological order neighbours suffice: if each comes before the next, all are in line.
        for earlier, later in pairwise(writers.places):
            if not self.precedes(earlier, later):
                message = (
                    f"{self.ids[earlier]!r} and {self.ids[later]!r} both write {variable!r} and neither comes"
                    " before the other; that needs a reducer."
                )
                yield self._conflict(later, message)

    def _reducer(self, place: int) -> Reducer | None:
        node = self.nodes[self.ids[place]]
        assert node.type.writes is not None
        reducer: Reducer | None = getattr(node.config, node.type.writes.reducer)
        return reducer

    def _conflict(self, place: int, message: str) -> Problem:
        node = self.nodes[self.ids[place]]
        assert node.type.writes is not None
        return Problem("conflicting_writes", message, node=node.node.id, field=node.type.writes.reducer)
