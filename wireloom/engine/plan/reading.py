"""What each node reads of others, and how it finds their steps (RUNS.md X9, X10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from wireloom.engine.plan.model import PlannedNode, Region, Route, VariableRead
from wireloom.graph.config import compiled_fields
from wireloom.graph.validation import Report


def route(name: str, node: PlannedNode, home: Region, *, back: bool = False) -> Route:
    """The way to `node` from anywhere within `home`."""
    path: list[Region] = []
    region = node.region
    while region is not home:
        path.append(region)
        assert region.parent is not None
        region = region.parent
    return Route(name, node, home, tuple(reversed(path)), back)


def reads_of(
    node: PlannedNode, report: Report, places: Mapping[str, int], nodes: Sequence[PlannedNode]
) -> tuple[tuple[Route, ...], tuple[VariableRead, ...]]:
    """The nodes and the variables that the node's fields name; all in sight where they choose at run time."""
    if node.pin is not None:
        return (), ()
    references = [one for _, compiled in compiled_fields(node.config) for one in compiled.references]
    of_nodes = [one.path for one in references if one.root == "nodes"]
    of_vars = [one.path for one in references if one.root == "vars"]
    here = places[node.name]
    seen = report.sight.of(here) if of_nodes or of_vars else ()
    if all(of_nodes):
        wanted = dict.fromkeys(path[0] for path in of_nodes)
        reads = tuple(_way(node, nodes[places[name]], report) for name in wanted)
    else:
        reads = tuple(_way(node, nodes[place], report) for place in seen)
    names = dict.fromkeys(path[0] for path in of_vars) if all(of_vars) else dict.fromkeys(report.writers)
    variables = tuple(_variable_reads(node, names, set(seen), report, nodes))
    return reads, variables


def _variable_reads(
    node: PlannedNode, names: Mapping[str, None], seen: set[int], report: Report, nodes: Sequence[PlannedNode]
) -> Iterator[VariableRead]:
    for name in names:
        writers = report.writers.get(name)
        if writers is not None:
            visible = [nodes[place] for place in writers.places if place in seen]
            yield VariableRead(name, writers.reducer, tuple(_way(node, one, report) for one in visible))


def _way(node: PlannedNode, other: PlannedNode, report: Report) -> Route:
    """To an ancestor, by the innermost region around both; to another, by the loop that brings its last pass round."""
    home = _meeting(node.region, other.region)
    back = not report.sight.precedes(report.places[other.name], report.places[node.name])
    while back and home.kind != "loop":
        assert home.parent is not None
        home = home.parent
    return route(other.name, other, home, back=back)


def _meeting(one: Region, other: Region) -> Region:
    around = set()
    region: Region | None = one
    while region is not None:
        around.add(id(region))
        region = region.parent
    region = other
    while id(region) not in around:
        assert region.parent is not None
        region = region.parent
    return region
