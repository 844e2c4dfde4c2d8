"""What a step is given: its live edges' values, and the scope of its expressions (X2, X9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wireloom.engine.node_io import Inputs, Source, joined
from wireloom.engine.plan import PlannedNode
from wireloom.engine.services import Json
from wireloom.engine.state import RunState
from wireloom.engine.values import as_port_type


class StepInputs(Inputs):
    """The inputs of a step under way. Only what the node asks for is put together."""

    __slots__ = ("_node", "_scope", "_state")

    def __init__(self, state: RunState, node: PlannedNode) -> None:
        """Raises TypeMismatch if the value is not of its port's type."""
        self._state = state
        self._node = node
        self._scope: Mapping[str, Any] | None = None
        self.value = _typed(self._value(), node)

    def _value(self) -> Json:
        sources = self._state.sources(self._node)
        steps = self._state.steps
        if len(sources) == 1:
            return steps[sources[0]].value
        return joined({source: steps[source].value for source in sources}, otherwise=self._state.input)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every live edge into `in`, in edge order."""
        state, nodes = self._state, self._state.plan.nodes
        return tuple(
            Source(source.id, source.label, state.value_of(source.id), edge.context)
            for edge in self._node.incoming
            if state.is_live(edge.index)
            for source in (nodes[edge.source],)
        )

    @property
    def scope(self) -> Mapping[str, Any]:
        """The values of the roots, for expressions. Of `nodes`, those that this node's fields name."""
        if self._scope is None:
            self._scope = self._build_scope()
        return self._scope

    def _build_scope(self) -> Mapping[str, Any]:
        state, node = self._state, self._node
        reads = state.plan.ancestors(node.index) if node.reads is None else node.reads
        steps = state.steps
        nodes = {name: steps[name].value for name in reads if name in steps and steps[name].ports}
        return {"input": state.input, "vars": state.variables, "nodes": nodes}


def _typed(value: Json, node: PlannedNode) -> Json:
    ports = node.type.inputs
    if not ports or ports[0].type == "any":
        return value
    return as_port_type(value, ports[0].type, node.label)
