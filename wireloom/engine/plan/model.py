"""A compiled workflow: nodes and edges as integers, fan-in counted, all configs ready.

Compiled once and shared between runs; nothing in it changes. A plan is a tree
of regions: the whole workflow, its loops and splits, and the bodies of its
sub-workflows. A region's units are its own nodes and the regions directly in
it, and each of its edges joins two units: so a run keeps one small table per
pass or item.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from wireloom.graph.config import NodeConfig
from wireloom.graph.document import Pin, Policy, Settings
from wireloom.graph.node_type import NodeType, PortType, Reducer, StartRule
from wireloom.graph.topology import Topology

type RegionKind = Literal["root", "loop", "split", "body"]


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """How one node finds another's step: up to `home`, back by one pass if `back`, then down through `path`."""

    name: str
    node: PlannedNode
    home: Region
    path: tuple[Region, ...]
    back: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class PlannedEdge:
    """An edge as its `home` settles it: the innermost region around both ends.

    `slot` is its place among the home's edges, `unit` the unit it leads into
    there. A loop edge has no slot; its home is the loop.
    """

    source: PlannedNode
    source_port: str
    context: bool
    slot: int
    unit: int
    #: Where its value is: its route's home is the edge's.
    route: Route
    #: Whether it joins two nodes of its home: then nothing lies between them.
    direct: bool
    #: Whether it leads back to the beginning of a loop.
    loops: bool
    #: Whether it hands each item of a split into its region.
    hands_items: bool
    #: Whether its target starts on the first live edge.
    races: bool


@dataclass(frozen=True, slots=True, eq=False)
class VariableRead:
    """A variable that a node reads, and the nodes whose writes it may see."""

    name: str
    reducer: Reducer | None
    writers: tuple[Route, ...]


@dataclass(slots=True, eq=False)
class PlannedNode:
    """One node. Within a sub-workflow `id` leads through the nodes around it, `review.judge`, and `name` is its last part."""

    index: int
    id: str
    name: str
    label: str
    type: NodeType
    config: NodeConfig
    policy: Policy
    #: What it gives without running.
    pin: Pin | None
    start_rule: StartRule
    #: The type of its `in` port; `any` too where it has none.
    port: PortType
    cancels_losers: bool
    #: Its place in topological order, by which order is broken wherever completion must not decide.
    rank: int
    region: Region
    unit: int
    #: Every edge into it, in edge order; loop edges too.
    incoming: tuple[PlannedEdge, ...] = ()
    #: How many of them are no loop edges.
    wanted: int = 0
    #: Whether they all are direct.
    is_plain: bool = True
    #: The edges out of it that its own region settles.
    outgoing: tuple[PlannedEdge, ...] = ()
    #: The names at the other ends of `incoming`.
    parents: tuple[str, ...] = ()
    #: Whether something is wired to its `exhausted` port.
    tells_exhaustion: bool = False
    #: What its expressions read of other nodes and of variables.
    reads: tuple[Route, ...] = ()
    variables: tuple[VariableRead, ...] = ()
    #: The splits that it collects the items of: one, or none.
    collects: Region | None = None
    #: What it runs, if it is a sub-workflow.
    body: Region | None = None
    #: The units of its region that a `first` join no longer needs once it has started.
    losers: frozenset[int] = frozenset()


@dataclass(slots=True, eq=False)
class Body:
    """What belongs to a workflow as a whole: the one that runs, or a sub-workflow."""

    inputs: dict[str, object]
    settings: Settings
    #: Nodes whose values are its output: the `result` nodes, or else the sinks.
    results: tuple[Route, ...]
    #: Whether `results` are declared (an output node) or just the sinks.
    declared_results: bool


@dataclass(slots=True, eq=False)
class Region:
    """Nodes that are done together: once, pass after pass, or item by item."""

    kind: RegionKind
    parent: Region | None
    #: Its place among the parent's units; a body has none.
    unit: int
    #: A loop's head, or the split; None for whole workflows.
    opener: PlannedNode | None = None
    units: tuple[PlannedNode | Region, ...] = ()
    #: Per unit: how many of this region's edges lead into it.
    fan_in: tuple[int, ...] = ()
    #: The units without any, in topological order.
    first: tuple[int, ...] = ()
    #: The ends of this region's edges, as units.
    links: tuple[tuple[int, int], ...] = ()
    #: Edges from farther outside, each with the unit that it leads into here.
    entries: list[tuple[PlannedEdge, int]] = field(default_factory=list)
    #: How many edges lead into the region from outside, at whatever depth they end.
    wanted: int = 0
    #: Edges out of it that the parent settles when it ends.
    exits: list[PlannedEdge] = field(default_factory=list)
    #: A loop's edges back, and how many passes it may have.
    loops: list[PlannedEdge] = field(default_factory=list)
    max_passes: int = 1
    #: A split's items: how many at a time, and what a failed one means.
    max_concurrency: int = 1
    on_item_error: Literal["fail", "null", "drop"] = "fail"
    workflow: Body | None = None
    _level: Topology | None = None

    def descendants(self, units: Iterable[int]) -> list[int]:
        """The units after any of `units`, in topological order."""
        if self._level is None:
            self._level = Topology(len(self.units), self.links)
        before = set(units)
        found: list[int] = []
        for unit in self._level.order:
            if unit not in before and not before.isdisjoint(self._level.parents[unit]):
                found.append(unit)
                before.add(unit)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A workflow ready to run."""

    content_hash: str
    inputs: dict[str, object]
    settings: Settings
    #: In document order, those of sub-workflows after all others.
    nodes: tuple[PlannedNode, ...]
    root: Region
    by_id: Mapping[str, PlannedNode]
    #: How many steps loops may repeat.
    max_repeats: int
