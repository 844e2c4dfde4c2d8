"""A valid workflow compiled for the executor: nodes and edges as integers, fan-in counted, all configs ready.

Compiled once and shared between runs; nothing in it changes. A plan is a tree
of regions. Version 1 of the document has one, the root; loops and splits will
be further ones, each with a frame of its own per pass or item.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wireloom.graph.config import NodeConfig, compiled_fields
from wireloom.graph.document import Document, Policy, Settings
from wireloom.graph.node_type import NodeType, StartRule
from wireloom.graph.topology import Topology
from wireloom.graph.validation import ConfiguredNode, validate
from wireloom.graph.validation.shape import topology

#: The name of the region that has no parent.
ROOT = 0


@dataclass(frozen=True, slots=True)
class PlannedEdge:
    index: int
    source: int
    target: int
    source_port: str
    target_port: str
    context: bool


@dataclass(frozen=True, slots=True, eq=False)
class PlannedNode:
    index: int
    id: str
    label: str
    type: NodeType
    config: NodeConfig
    policy: Policy
    start_rule: StartRule
    region: int
    #: In edge order.
    incoming: tuple[PlannedEdge, ...]
    outgoing: tuple[PlannedEdge, ...]
    #: The ids at the other ends of `incoming`.
    parents: tuple[str, ...]
    #: The ids whose outputs its expressions read; None if they choose at run time.
    reads: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Region:
    index: int
    parent: int | None
    members: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    content_hash: str
    inputs: dict[str, object]
    settings: Settings
    #: In document order; `index` is the place.
    nodes: tuple[PlannedNode, ...]
    #: Places in topological order, by which order is broken wherever completion must not decide.
    order: tuple[int, ...]
    regions: tuple[Region, ...]
    by_id: Mapping[str, int]
    #: Per node: how many edges lead into it.
    fan_in: tuple[int, ...]
    edge_count: int
    #: Nodes whose values are the run's output: the `result` nodes, or else the sinks.
    results: tuple[int, ...]
    #: Whether `results` are declared (an output node) or just the sinks.
    declared_results: bool
    _topology: Topology

    def ancestors(self, index: int) -> tuple[str, ...]:
        """The ids of all nodes before this one, in document order."""
        bits = self._topology.ancestors([index])[index]
        return tuple(node.id for node in self.nodes if bits >> node.index & 1)

    def descendants(self, places: Iterable[int]) -> tuple[int, ...]:
        """The places of all nodes after any of `places`, in topological order."""
        before = set(places)
        found: list[int] = []
        for place in self.order:
            if not before.isdisjoint(self._topology.parents[place]):
                found.append(place)
                before.add(place)
        return tuple(found)


def compile_plan(document: Document, catalogue: Mapping[str, NodeType]) -> Plan:
    """Compile `document`.

    Raises InvalidWorkflow with every problem if it cannot run.
    """
    report = validate(document, catalogue)
    report.raise_if_invalid()
    return _build(document, report.nodes)


class PlanCache:
    """The plans of the workflows that ran last, by content hash. Safe between threads."""

    def __init__(self, catalogue: Mapping[str, NodeType], size: int = 256) -> None:
        self._catalogue = catalogue
        self._size = size
        self._plans: OrderedDict[str, Plan] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, content_hash: str, document: Document | None = None) -> Plan | None:
        """The plan of that content; compiled from `document` if it is not at hand, else None.

        Raises InvalidWorkflow if `document` cannot run.
        """
        with self._lock:
            plan = self._plans.get(content_hash)
            if plan is not None:
                self._plans.move_to_end(content_hash)
        if plan is not None or document is None:
            return plan
        plan = compile_plan(document, self._catalogue)  # outside the lock: it may take a second
        with self._lock:
            self._plans[content_hash] = plan
            if len(self._plans) > self._size:
                self._plans.popitem(last=False)
        return plan


def _build(document: Document, configured: Mapping[str, ConfiguredNode]) -> Plan:
    by_id = {node.id: index for index, node in enumerate(document.nodes)}
    edges = [
        PlannedEdge(
            index, by_id[edge.source], by_id[edge.target], edge.source_port, edge.target_port, edge.context
        )
        for index, edge in enumerate(document.edges)
    ]
    incoming: list[list[PlannedEdge]] = [[] for _ in document.nodes]
    outgoing: list[list[PlannedEdge]] = [[] for _ in document.nodes]
    for edge in edges:
        incoming[edge.target].append(edge)
        outgoing[edge.source].append(edge)
    nodes = tuple(
        _node(
            configured[node.id],
            index=index,
            incoming=tuple(incoming[index]),
            outgoing=tuple(outgoing[index]),
            parents=tuple(document.nodes[edge.source].id for edge in incoming[index]),
        )
        for index, node in enumerate(document.nodes)
    )
    shape = topology(document)
    declared = tuple(node.index for node in nodes if node.type.result)
    sinks = tuple(node.index for node in nodes if not node.outgoing)
    return Plan(
        content_hash=document.content_hash,
        inputs=document.inputs,
        settings=document.settings,
        nodes=nodes,
        order=shape.order,
        regions=(Region(ROOT, None, tuple(range(len(nodes)))),),
        by_id=by_id,
        fan_in=tuple(map(len, incoming)),
        edge_count=len(edges),
        results=declared or sinks,
        declared_results=bool(declared),
        _topology=shape,
    )


def _node(
    one: ConfiguredNode,
    *,
    index: int,
    incoming: tuple[PlannedEdge, ...],
    outgoing: tuple[PlannedEdge, ...],
    parents: tuple[str, ...],
) -> PlannedNode:
    compiled = [field for _, field in compiled_fields(one.config)]
    reads = [reference for field in compiled for reference in field.references if reference.root == "nodes"]
    chosen_late = any(not reference.path for reference in reads)
    return PlannedNode(
        index=index,
        id=one.node.id,
        label=one.node.name,
        type=one.type,
        config=one.config,
        policy=one.node.policy,
        start_rule=one.type.start_rule(one.config),
        region=ROOT,
        incoming=incoming,
        outgoing=outgoing,
        parents=parents,
        reads=None if chosen_late else tuple(dict.fromkeys(reference.path[0] for reference in reads)),
    )
