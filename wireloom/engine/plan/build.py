"""From a valid document to a plan: regions, units, edges with their routes, the bodies of sub-workflows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wireloom.engine.plan.model import Body, Plan, PlannedEdge, PlannedNode, Region
from wireloom.engine.plan.reading import reads_of, route
from wireloom.graph.document import Document, Edge
from wireloom.graph.node_type import EXHAUSTED_PORT, OUT_PORT, NodeType
from wireloom.graph.regions import Region as FoundRegion
from wireloom.graph.validation import Report, WorkflowSource, validate

#: What loops may repeat where nothing else is set: so many steps, or so many for each node if that is more.
_REPEATS = 1_000
_REPEATS_PER_NODE = 10


def compile_plan(
    document: Document,
    catalogue: Mapping[str, NodeType],
    workflows: WorkflowSource | None = None,
    *,
    slug: str | None = None,
) -> Plan:
    """Compile `document`; `workflows` finds what its sub-workflows name, none of which may bear its own `slug`.

    Raises InvalidWorkflow with every problem if it cannot run.
    """
    report = validate(document, catalogue, workflows, slug=slug)
    report.raise_if_invalid()
    root = Region("root", None, 0)
    nodes: list[PlannedNode] = []
    _build(document, report, root, nodes, "")
    most = max(_REPEATS, _REPEATS_PER_NODE * len(nodes))
    return Plan(
        content_hash=document.content_hash,
        inputs=document.inputs,
        settings=document.settings,
        nodes=tuple(nodes),
        root=root,
        by_id={node.id: node for node in nodes},
        max_repeats=document.settings.max_steps or most,
    )


def _build(document: Document, report: Report, top: Region, nodes: list[PlannedNode], prefix: str) -> None:
    """Plan one workflow into `top`, its nodes appended to `nodes` and named below `prefix`."""
    body = _Body(document, report, top, len(nodes), prefix)
    nodes.extend(body.nodes)
    for node in body.nodes:
        nested = report.bodies.get(node.name)
        if nested is not None and node.pin is None:
            node.body = Region("body", node.region, 0, opener=node)
            _build(nested.document, nested.report, node.body, nodes, f"{node.id}.")


class _Body:
    """One workflow on its way into a plan."""

    def __init__(self, document: Document, report: Report, top: Region, first: int, prefix: str) -> None:
        self._document = document
        self._report = report
        self._found = report.regions
        self._at = {node.id: place for place, node in enumerate(document.nodes)}
        self._regions: dict[int, Region] = {}
        self._top = top
        self._make_regions()
        ranks = {place: first + rank for rank, place in enumerate(report.shape.order)}
        self.nodes = [
            self._node(place, first + place, ranks[place], prefix) for place in range(len(document.nodes))
        ]
        self._place_units()
        self._join_edges()
        self._look_around()

    # -- regions and their units

    def _make_regions(self) -> None:
        for found in self._found.all:
            self._regions[id(found)] = Region(found.kind, self._planned(found.parent), 0)

    def _planned(self, found: FoundRegion | None) -> Region:
        return self._top if found is None else self._regions[id(found)]

    def _node(self, place: int, index: int, rank: int, prefix: str) -> PlannedNode:
        one = self._report.nodes[self._document.nodes[place].id]
        return PlannedNode(
            index=index,
            id=prefix + one.node.id,
            name=one.node.id,
            label=one.node.name,
            type=one.type,
            config=one.config,
            policy=one.node.policy,
            pin=one.node.pin,
            start_rule="any" if one.node.pin else one.type.start_rule(one.config),
            port=one.type.inputs[0].type if one.type.inputs else "any",
            cancels_losers=one.type.cancels_losers(one.config),
            rank=rank,
            region=self._planned(self._found.inner[place]),
            unit=0,
        )

    def _place_units(self) -> None:
        units: dict[int, list[PlannedNode | Region]] = {id(self._top): []}
        for found in self._found.all:
            region = self._planned(found)
            units[id(region)] = []
            region.opener = self.nodes[found.opener]
            if found.kind == "split":
                config = region.opener.config
                region.max_concurrency = config.max_concurrency  # type: ignore[attr-defined]
                region.on_item_error = config.on_item_error  # type: ignore[attr-defined]
                for closer in found.closers:
                    self.nodes[closer].collects = region
        for node in self.nodes:
            node.unit = len(units[id(node.region)])
            units[id(node.region)].append(node)
        for region in self._regions.values():
            assert region.parent is not None
            region.unit = len(units[id(region.parent)])
            units[id(region.parent)].append(region)
        for region in (self._top, *self._regions.values()):
            region.units = tuple(units[id(region)])

    # -- edges

    def _join_edges(self) -> None:
        slots: dict[int, int] = {}
        links: dict[int, list[tuple[int, int]]] = {}
        fan_in = {id(region): [0] * len(region.units) for region in (self._top, *self._regions.values())}
        incoming: list[list[PlannedEdge]] = [[] for _ in self.nodes]
        outgoing: list[list[PlannedEdge]] = [[] for _ in self.nodes]
        for edge in self._document.edges:
            source, target = self._at[edge.source], self._at[edge.target]
            if edge.loop is not None:
                incoming[target].append(self._loop(edge, source, target))
                continue
            home, planned = self._edge(edge, source, target, slots)
            incoming[target].append(planned)
            self.nodes[source].tells_exhaustion |= edge.source_port == EXHAUSTED_PORT
            fan_in[id(home)][planned.unit] += 1
            left = self._left_by(planned, self.nodes[source], self.nodes[target])
            from_unit = self.nodes[source].unit if left is None else left.unit
            links.setdefault(id(home), []).append((from_unit, planned.unit))
            (outgoing[source] if left is None else left.exits).append(planned)
            self._enter(planned, self.nodes[target])
        for node, into, out in zip(self.nodes, incoming, outgoing, strict=True):
            node.incoming, node.outgoing = tuple(into), tuple(out)
            node.wanted = sum(not edge.loops for edge in into)
            node.is_plain = all(edge.direct for edge in into) and node.collects is None
            node.parents = tuple(edge.source.name for edge in into)
        for region in (self._top, *self._regions.values()):
            region.fan_in = tuple(fan_in[id(region)])
            region.links = tuple(links.get(id(region), ()))
            region.first = tuple(unit for unit, count in enumerate(region.fan_in) if not count)

    def _edge(
        self, edge: Edge, source: int, target: int, slots: dict[int, int]
    ) -> tuple[Region, PlannedEdge]:
        found_home, _, into = self._found.meeting(source, target)
        home = self._planned(found_home)
        slot = slots.get(id(home), 0)
        slots[id(home)] = slot + 1
        node, other = self.nodes[source], self.nodes[target]
        way = route(edge.source, node, home)
        return home, PlannedEdge(
            source=node,
            source_port=edge.source_port,
            context=edge.context,
            slot=slot,
            unit=other.unit if into is None else self._planned(into).unit,
            route=way,
            direct=into is None and not way.path,
            loops=False,
            hands_items=node.type.flow == "split" and edge.source_port == OUT_PORT,
            races=into is None and other.start_rule == "first",
        )

    def _loop(self, edge: Edge, source: int, target: int) -> PlannedEdge:
        found = next(one for one in self._found.around(target) if one.kind == "loop" and one.opener == target)
        home = self._planned(found)
        assert edge.loop is not None
        assert edge.loop.max_iterations is not None
        limit = edge.loop.max_iterations
        home.max_passes = min(home.max_passes, limit) if home.loops else limit
        planned = PlannedEdge(
            source=self.nodes[source],
            source_port=edge.source_port,
            context=edge.context,
            slot=-1,
            unit=self.nodes[target].unit,
            route=route(edge.source, self.nodes[source], home, back=True),
            direct=False,
            loops=True,
            hands_items=False,
            races=False,
        )
        home.loops.append(planned)
        return planned

    def _left_by(self, edge: PlannedEdge, source: PlannedNode, target: PlannedNode) -> Region | None:
        """The region whose end settles the edge: it leads out of it, or hands a split's items straight to their join."""
        if edge.route.path:
            return edge.route.path[0]
        items = target.collects
        return items if edge.hands_items and items is not None and items.opener is source else None

    def _enter(self, edge: PlannedEdge, target: PlannedNode) -> None:
        """Have each region that the edge leads into know of it."""
        unit, region = target.unit, target.region
        while region is not edge.route.home:
            assert region.parent is not None
            region.entries.append((edge, unit))
            region.wanted += 1
            unit, region = region.unit, region.parent

    # -- what nodes see

    def _look_around(self) -> None:
        report = self._report
        for node in self.nodes:
            node.reads, node.variables = reads_of(node, report, self._at, self.nodes)
            if node.cancels_losers and node.start_rule == "first":
                node.losers = _losers(node)
        sources = {edge.source for edge in self._document.edges if edge.loop is None}
        declared = [node for node in self.nodes if node.type.result]
        ends = declared or [node for node in self.nodes if node.name not in sources and node.pin is None]
        self._top.workflow = Body(
            inputs=self._document.inputs,
            settings=self._document.settings,
            results=tuple(route(node.name, node, self._top) for node in ends),
            declared_results=bool(declared),
        )


def _losers(join: PlannedNode) -> frozenset[int]:
    """The units of the join's region that lead nowhere but into it."""
    region = join.region
    children: list[set[int]] = [set() for _ in region.units]
    parents: list[set[int]] = [set() for _ in region.units]
    for source, target in region.links:
        children[source].add(target)
        parents[target].add(source)
    outward = set(_outward(region))
    found = {join.unit}
    pending = list(parents[join.unit])
    while pending:
        unit = pending.pop()
        if unit not in found and unit not in outward and children[unit] <= found:
            found.add(unit)
            pending.extend(parents[unit])
    return frozenset(found - {join.unit})


def _outward(region: Region) -> Iterator[int]:
    """The units from which an edge leads out of the region, or back to the beginning of a loop."""
    around: Region | None = region
    while around is not None:
        for edge in (*around.exits, *around.loops):
            way = [edge.route.home, *edge.route.path]
            if region in way:
                below = way[way.index(region) + 1 :]
                yield below[0].unit if below else edge.source.unit
        around = around.parent
