"""A part of a workflow, to be run by itself: one node, all up to it, or all from it on, with outputs pinned.

What is left out is gone from the document, so a run of a part is a run like
any other, and its graph shows what ran. A pinned node gives its pin without
running; what led to it is left out where nothing else needs it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wireloom.errors import WireloomError
from wireloom.graph.document import Document, Node, Pin
from wireloom.graph.topology import Topology


class InvalidSelection(WireloomError):
    """A part of a workflow that cannot be; `field` says where it was named."""

    code = "invalid_selection"

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Selection:
    """Which part to run: at most one of `only`, `until` and `start`, each a node's id; `pins` are outputs by node id."""

    only: str | None = None
    until: str | None = None
    start: str | None = None
    pins: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        return not (self.only or self.until or self.start or self.pins)


#: All of it.
WHOLE = Selection()


def select(document: Document, selection: Selection) -> Document:
    """The part of `document` that `selection` names, with its pins in place.

    Raises InvalidSelection for a node that is not there, or for two parts at once.
    """
    _check(document, selection)
    graph = _Graph(_pinned(document, selection.pins))
    if selection.only is not None:
        return graph.part({selection.only}, unpinned=selection.only)
    if selection.start is not None:
        return graph.part(graph.after(selection.start), unpinned=selection.start)
    if selection.until is not None:
        return graph.part(graph.before({selection.until}), unpinned=selection.until)
    return graph.part(graph.before(graph.ends))


def _check(document: Document, selection: Selection) -> None:
    named = {"only": selection.only, "until": selection.until, "from": selection.start}
    given = [(name, node) for name, node in named.items() if node is not None]
    if len(given) > 1:
        raise InvalidSelection(
            f"A run takes one of {', '.join(name for name, _ in given)}, not several.", given[1][0]
        )
    there = {node.id for node in document.nodes}
    for name, node in [*given, *((f"pins.{pinned}", pinned) for pinned in selection.pins)]:
        if node not in there:
            raise InvalidSelection(f"There is no node {node!r}.", name)


def _pinned(document: Document, pins: Mapping[str, Any]) -> Document:
    if not pins:
        return document
    nodes = [
        node.model_copy(update={"pin": Pin(output=pins[node.id])}) if node.id in pins else node
        for node in document.nodes
    ]
    return document.model_copy(update={"nodes": tuple(nodes)})


class _Graph:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._at = {node.id: place for place, node in enumerate(document.nodes)}
        ends = [
            (edge.source, edge.target)
            for edge in document.edges
            if {edge.source, edge.target} <= self._at.keys()
        ]
        forward = [(edge.source, edge.target) for edge in document.edges if edge.loop is None]
        self._all = Topology(len(self._at), [(self._at[one], self._at[two]) for one, two in ends])
        self.ends = {node.id for node in document.nodes} - {source for source, _ in forward}

    @property
    def _nodes(self) -> tuple[Node, ...]:
        return self._document.nodes

    def before(self, ends: Iterable[str]) -> set[str]:
        """These nodes and all that lead to them, through loops too; not what leads only to pinned ones."""
        found = set(ends)
        pending = list(found)
        while pending:
            node = pending.pop()
            if self._nodes[self._at[node]].pin is None:
                parents = {self._nodes[one].id for one in self._all.parents[self._at[node]]} - found
                found |= parents
                pending.extend(parents)
        return found

    def after(self, start: str) -> set[str]:
        """This node and all that follow it."""
        found, pending = {start}, [start]
        while pending:
            children = {self._nodes[one].id for one in self._all.children[self._at[pending.pop()]]} - found
            found |= children
            pending.extend(children)
        return found

    def part(self, kept: set[str], *, unpinned: str | None = None) -> Document:
        """The document of the nodes in `kept` and of all pinned ones; the one that was asked for runs, pinned or not."""
        nodes = [
            node.model_copy(update={"pin": None}) if node.id == unpinned else node
            for node in self._nodes
            if node.id in kept or node.pin is not None
        ]
        running = {node.id for node in nodes if node.pin is None}
        there = {node.id for node in nodes}
        edges = [edge for edge in self._document.edges if edge.source in there and edge.target in running]
        return self._document.model_copy(update={"nodes": tuple(nodes), "edges": tuple(edges)})
