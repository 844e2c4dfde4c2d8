"""The graph as a whole: cycles, what can never be reached, and its regions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wireloom.graph.document import Document
from wireloom.graph.node_type import EXHAUSTED_PORT, OUT_PORT
from wireloom.graph.problems import Problem
from wireloom.graph.regions import Link, LoopLink, Regions
from wireloom.graph.topology import Topology
from wireloom.graph.validation.configs import ConfiguredNode


def positions(document: Document) -> dict[str, int]:
    """Each node's place in the document, by id; of equal ids the first counts."""
    index: dict[str, int] = {}
    for position, node in enumerate(document.nodes):
        index.setdefault(node.id, position)
    return index


def topology(document: Document) -> Topology:
    """The graph without its loop edges, edges to nowhere and self-loops left out."""
    index = positions(document)
    return Topology(
        len(document.nodes),
        (
            (index[edge.source], index[edge.target])
            for edge in document.edges
            if edge.loop is None and edge.source != edge.target and {edge.source, edge.target} <= index.keys()
        ),
    )


def check_shape(document: Document, shape: Topology, errors: list[Problem]) -> None:
    cyclic = set(shape.in_cycles())
    for position in sorted(cyclic):
        node = document.nodes[position]
        message = f"{node.name!r} stands on a cycle; mark the edge that leads back as a loop."
        errors.append(Problem("cycle", message, node=node.id))
    for position in sorted(set(range(shape.size)) - set(shape.order) - cyclic):
        node = document.nodes[position]
        errors.append(Problem("unreachable", f"{node.name!r} waits behind a cycle for ever.", node=node.id))


def find_regions(
    document: Document, shape: Topology, nodes: Mapping[str, ConfiguredNode], errors: list[Problem]
) -> Regions:
    """Give the loops and splits; none where cycles leave no order to find them in."""
    names = [node.name for node in document.nodes]
    if len(shape.order) < shape.size:
        return Regions(Topology(shape.size, ()), (), (), frozenset(), names)
    at = positions(document)
    known = [edge for edge in document.edges if edge.source in at and edge.target in at]
    splits = {node_id for node_id, one in nodes.items() if one.type.flow == "split"}
    links = [
        Link(at[edge.source], at[edge.target], edge.source in splits and edge.source_port == OUT_PORT)
        for edge in known
        if edge.loop is None and edge.source != edge.target
    ]
    loops = [LoopLink(at[edge.source], at[edge.target]) for edge in known if edge.loop is not None]
    collects = {
        at[node_id]
        for node_id, one in nodes.items()
        if one.node.pin is None and one.type.start_rule(one.config) == "collect"
    }
    regions = Regions(shape, links, loops, frozenset(collects), names)
    errors.extend(
        Problem(fault.code, fault.message, node=document.nodes[fault.node].id) for fault in regions.faults
    )
    errors.extend(_exhausted_inside(document, at, regions))
    return regions


def _exhausted_inside(document: Document, at: Mapping[str, int], regions: Regions) -> Iterator[Problem]:
    """What a loop gives when it is exhausted must leave it."""
    heads = {(edge.source, at[edge.target]) for edge in document.edges if edge.loop and edge.target in at}
    for index, edge in enumerate(document.edges):
        if edge.source_port != EXHAUSTED_PORT or edge.source not in at or edge.target not in at:
            continue
        around = {one.opener for one in regions.around(at[edge.target]) if one.kind == "loop"}
        if any((edge.source, head) in heads for head in around):
            message = (
                f"{edge.target!r} stands in the loop itself; what {EXHAUSTED_PORT!r} gives must leave it."
            )
            yield Problem("crossed_regions", message, node=edge.target, field=f"edges.{index}")
