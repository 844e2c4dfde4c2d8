"""What can be said of a document without running it: its order, and which of its nodes are done together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from wireloom.graph.document import Document, Edge


@dataclass(eq=False)
class Area:
    """A loop or the items of a split. `opener` is the loop's head or the split; both it and `closers` are ids."""

    kind: str
    opener: str
    members: frozenset[str]
    closers: frozenset[str] = frozenset()
    parent: Area | None = None


class Workflow:
    """A document, and what can be said of it without running it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.nodes = {node.id: node for node in document.nodes}
        self.forward = [edge for edge in document.edges if edge.loop is None]
        self.order = _sorted(list(self.nodes), [(edge.source, edge.target) for edge in self.forward])
        self.rank = {name: place for place, name in enumerate(self.order)}
        self.before: dict[str, set[str]] = {}
        for name in self.order:
            sources = {edge.source for edge in self.forward if edge.target == name}
            self.before[name] = sources.union(*(self.before[one] for one in sources))
        self.areas = [*self._loops(), *self._splits()]
        self._nest()

    def _loops(self) -> Iterator[Area]:
        """X5: a head, and all between it and the sources of its loop edges."""
        for head in dict.fromkeys(edge.target for edge in self.document.edges if edge.loop):
            ends = {edge.source for edge in self.document.edges if edge.loop and edge.target == head}
            behind = {name for name in self.nodes if name == head or head in self.before[name]}
            leading = ends.union(*(self.before[end] for end in ends))
            yield Area("loop", head, frozenset(behind & leading))

    def _splits(self) -> Iterator[Area]:
        """X6: all behind a split's `out`, up to the joins that collect as often as was split."""
        for split in (name for name, node in self.nodes.items() if node.type == "split"):
            depth = dict.fromkeys(self.nodes, 0)
            closers = set()
            for name in self.order:
                for edge in self.forward:
                    if edge.target == name:
                        opens = self.nodes[edge.source].type == "split" and edge.source_port == "out"
                        above = depth[edge.source] + (
                            opens and (depth[edge.source] > 0 or edge.source == split)
                        )
                        depth[name] = max(depth[name], above)
                if self.is_collecting(name) and depth[name]:
                    depth[name] -= 1
                    if not depth[name]:
                        closers.add(name)
            members = frozenset(name for name in self.nodes if depth[name])
            if members:
                yield Area("split", split, members, frozenset(closers))

    def _nest(self) -> None:
        """X4: each stands in the smallest one around it; of two with the same nodes the split is around the loop."""
        self.areas.sort(key=lambda one: (-len(one.members), one.kind == "loop"))
        for place, area in enumerate(self.areas):
            for other in self.areas[:place]:
                if area.members <= other.members:
                    area.parent = other

    def is_collecting(self, name: str) -> bool:
        return self.nodes[name].config.get("mode") == "collect"

    def on_item_error(self, area: Area) -> str:
        policy: str = self.nodes[area.opener].config.get("on_item_error", "fail")
        return policy

    def units(self, area: Area | None) -> list[str | Area]:
        """The nodes and the regions directly in a region, what comes before first."""
        units: list[Any] = [name for name in self.order if self.inner(name) is area]
        units += [one for one in self.areas if one.parent is area]
        links: list[Any] = [(one, join) for one in self.areas for join in one.closers if one.parent is area]
        for edge in self.forward:
            source, target = self.unit(edge.source, area), self.unit(edge.target, area)
            if source is not None and target is not None and source != target:
                links.append((source, target))
        return _sorted(units, links)

    def inner(self, name: str) -> Area | None:
        """The smallest region around a node."""
        return next((one for one in reversed(self.areas) if name in one.members), None)

    def unit(self, name: str, area: Area | None) -> str | Area | None:
        """What stands for a node among the units of a region; None if it is not in there."""
        found: str | Area = name
        around = self.inner(name)
        while around is not area:
            if around is None:
                return None
            found, around = around, around.parent
        return found

    def edges_into(self, unit: str | Area) -> list[Edge]:
        """The edges that decide a node or a region."""
        inside = unit.members if isinstance(unit, Area) else {unit}
        return [edge for edge in self.forward if edge.target in inside and edge.source not in inside]

    def sees(self, reader: str, other: str) -> bool:
        """X9: an ancestor, or a node of a loop around both."""
        return other in self.before[reader] or any(
            area.kind == "loop" and {reader, other} <= area.members for area in self.areas
        )


def _sorted(units: list[Any], links: list[tuple[Any, Any]]) -> list[Any]:
    """In topological order: a unit follows the last one that it waited for, several in the order of their links."""
    order = [unit for unit in units if all(target != unit for _, target in links)]
    for place, done in enumerate(order):  # grows while it is read
        for source, unit in links:
            waits_for = [one for one, target in links if target == unit]
            if source == done and unit not in order and all(one in order[: place + 1] for one in waits_for):
                order.append(unit)
    return order
