"""Each edge by itself: its ends, its ports, their types."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from wireloom.graph.document import Document, Edge
from wireloom.graph.node_type import ERROR_PORT, EXHAUSTED_PORT, NodeType, Port, PortType
from wireloom.graph.problems import Problem
from wireloom.graph.validation.configs import ConfiguredNode

_ERROR = Port(ERROR_PORT, "object")
_EXHAUSTED = Port(EXHAUSTED_PORT)


def check_edges(
    document: Document,
    catalogue: Mapping[str, NodeType],
    nodes: Mapping[str, ConfiguredNode],
    errors: list[Problem],
    warnings: list[Problem],
) -> None:
    types = {node.id: catalogue.get(node.type) for node in document.nodes}
    looping = {edge.source for edge in document.edges if edge.loop is not None}
    outputs = {
        node_id: {port.name: port for port in _ports(one, loops=node_id in looping)}
        for node_id, one in nodes.items()
    }
    seen: set[tuple[str, str, str, str]] = set()
    for index, edge in enumerate(document.edges):
        place = f"edges.{index}"
        if edge.ends in seen:
            message = f"{edge.source!r} and {edge.target!r} are joined twice by the same ports."
            errors.append(Problem("duplicate_edge", message, node=edge.target, field=place))
        seen.add(edge.ends)
        strangers = [end for end in dict.fromkeys((edge.source, edge.target)) if end not in types]
        errors.extend(
            Problem("unknown_node", f"An edge names {end!r}, which is no node.", field=place)
            for end in strangers
        )
        if strangers:
            continue
        errors.extend(_own_problems(edge, place))
        errors.extend(_port_problems(edge, place, types[edge.target], outputs.get(edge.source)))
        if _never_live(edge, nodes):
            message = f"{edge.source!r} does not route its errors, so this edge to {edge.target!r} never carries one."
            warnings.append(Problem("unreachable", message, node=edge.target, field=place))


def _ports(node: ConfiguredNode, *, loops: bool) -> Iterator[Port]:
    yield from node.type.output_ports(node.config)
    yield _ERROR
    if loops:
        yield _EXHAUSTED


def _own_problems(edge: Edge, place: str) -> Iterator[Problem]:
    if edge.source == edge.target and edge.loop is None:
        yield Problem("self_loop", f"{edge.source!r} feeds itself.", node=edge.source, field=place)
    if edge.loop is not None and edge.loop.max_iterations is None:
        message = f"The loop from {edge.source!r} to {edge.target!r} needs max_iterations."
        yield Problem("loop_unbounded", message, node=edge.target, field=f"{place}.loop.max_iterations")


def _port_problems(
    edge: Edge, place: str, target: NodeType | None, outputs: Mapping[str, Port] | None
) -> Iterator[Problem]:
    """Ports are only judged where they are known: of a type that is, by a config that is sound."""
    inputs = {port.name: port for port in target.inputs} if target else None
    target_port = inputs.get(edge.target_port) if inputs else None
    source_port = outputs.get(edge.source_port) if outputs else None
    if inputs is not None and target_port is None:
        yield _unknown_port(edge.target, "input", edge.target_port, inputs, f"{place}.target_port")
    if outputs is not None and source_port is None:
        yield _unknown_port(edge.source, "output", edge.source_port, outputs, f"{place}.source_port")
    if source_port and target_port and not fits(source_port.type, target_port.type):
        message = f"{edge.source!r} gives {source_port.type}, but {edge.target!r} takes {target_port.type}."
        yield Problem("incompatible_types", message, node=edge.target, field=place)


def fits(given: PortType, taken: PortType) -> bool:
    """Whether a value of one port type may flow into another: text takes every type, rendered."""
    return given == taken or "any" in (given, taken) or taken == "text"


def _unknown_port(node: str, kind: str, port: str, ports: Collection[str], field: str) -> Problem:
    known = ", ".join(ports) or "none"
    return Problem(
        "unknown_port", f"{node!r} has no {kind} {port!r}. It has {known}.", node=node, field=field
    )


def _never_live(edge: Edge, nodes: Mapping[str, ConfiguredNode]) -> bool:
    source = nodes.get(edge.source)
    return edge.source_port == ERROR_PORT and source is not None and source.node.policy.on_error != "route"
