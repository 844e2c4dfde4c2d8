"""The graph as a whole: cycles, and what can never be reached."""

from __future__ import annotations

from wireloom.graph.document import Document
from wireloom.graph.problems import Problem
from wireloom.graph.topology import Topology


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
    for index, edge in enumerate(document.edges):
        if edge.loop is not None and edge.loop.max_iterations is not None:
            message = f"The edge from {edge.source!r} back to {edge.target!r} is a loop, which this version cannot run."
            errors.append(Problem("loop_unsupported", message, node=edge.source, field=f"edges.{index}.loop"))
