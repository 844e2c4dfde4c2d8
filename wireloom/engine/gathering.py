"""What a step is given: its live edges' values, and the scope of its expressions (X2, X9)."""

from __future__ import annotations

from typing import Any

from wireloom.engine.node_io import Inputs, Source, joined
from wireloom.engine.plan import PlannedNode
from wireloom.engine.services import Json
from wireloom.engine.state import RunState
from wireloom.engine.values import as_port_type


def gather(state: RunState, node: PlannedNode) -> Inputs:
    """Raises TypeMismatch if a value is not of its port's type."""
    sources = _sources(state, node)
    value = joined({source.id: source.value for source in sources}, otherwise=state.input)
    return Inputs(_typed(value, node), sources, _scope(state, node))


def _sources(state: RunState, node: PlannedNode) -> tuple[Source, ...]:
    nodes = state.plan.nodes
    return tuple(
        Source(source.id, source.label, state.value_of(source.id), edge.context)
        for edge in node.incoming
        if state.is_live(edge.index)
        for source in (nodes[edge.source],)
    )


def _typed(value: Json, node: PlannedNode) -> Json:
    ports = node.type.inputs
    if not ports or ports[0].type == "any":
        return value
    return as_port_type(value, ports[0].type, node.label)


def _scope(state: RunState, node: PlannedNode) -> dict[str, Any]:
    scope: dict[str, Any] = {"input": state.input, "vars": state.variables}
    if node.evaluates:
        steps = state.steps
        reads = state.plan.ancestors(node.index) if node.reads is None else node.reads
        scope["nodes"] = {name: steps[name].value for name in reads if name in steps and steps[name].ports}
    return scope
