"""What a step is given: its live edges' values, and the scope of its expressions (X2, X9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wireloom.engine.node_io import Inputs, Source, joined
from wireloom.engine.plan import PlannedEdge
from wireloom.engine.services import Json
from wireloom.engine.state.fold import RunState
from wireloom.engine.state.frames import Step
from wireloom.engine.state.lookup import (
    ABSENT,
    collected,
    edge_is_live,
    edge_source,
    edge_value,
    read,
)
from wireloom.engine.state.variables import variable
from wireloom.engine.values import as_port_type


def live_edges(step: Step) -> Iterator[PlannedEdge]:
    """The edges that carry something to the step, in edge order; to a join that takes the first, the one it started on."""
    frame, node = step.frame, step.node
    if frame.winners is not None and node.unit in frame.winners:
        yield frame.winners[node.unit]
        return
    for edge in node.incoming:
        if frame.edges[edge.slot] if edge.direct else edge_is_live(frame, edge):
            yield edge


def source_keys(step: Step) -> tuple[str, ...]:
    """The keys of the steps whose outputs it is given, in edge order. A join that collects names itself: it gives what it is given."""
    frame, node = step.frame, step.node
    if node.is_plain and frame.winners is None:
        if frame.parent is None:
            if frame.live[node.unit] == node.wanted:
                return node.parents
            return tuple([edge.source.id for edge in node.incoming if frame.edges[edge.slot]])
        return tuple([frame.key(edge.source) for edge in node.incoming if frame.edges[edge.slot]])
    if node.collects is not None:
        return (step.key,)
    return tuple([edge_source(frame, edge) for edge in live_edges(step)])


class StepInputs(Inputs):
    """The inputs of a step under way. Only what the node asks for is put together."""

    __slots__ = ("_scope", "_state", "_step", "_value")

    def __init__(self, state: RunState, step: Step) -> None:
        """Raises TypeMismatch if the value is not of its port's type."""
        self._state = state
        self._step = step
        self._scope: Mapping[str, Any] | None = None
        self._value: Json = ABSENT
        port = step.node.port
        if port != "any":
            self._value = as_port_type(self._gathered(), port, step.node.label)

    @property
    def value(self) -> Json:
        """The value of the plain `in` port: of one live edge its value, of several an object by source id."""
        if self._value is ABSENT:
            self._value = self._gathered()
        return self._value

    def _gathered(self) -> Json:
        frame, node = self._step.frame, self._step.node
        if node.collects is not None:
            return collected(frame, node)
        if node.is_plain and len(node.incoming) == 1 and frame.edges[node.incoming[0].slot]:
            return frame.cells[node.incoming[0].source.unit].value  # type: ignore[union-attr]
        values = {edge.source.name: edge_value(frame, edge) for edge in live_edges(self._step)}
        return joined(values, otherwise=frame.top.given)

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every live edge into `in`, in edge order."""
        frame = self._step.frame
        return tuple(
            Source(edge.source.name, edge.source.label, edge_value(frame, edge), edge.context)
            for edge in live_edges(self._step)
        )

    @property
    def scope(self) -> Mapping[str, Any]:
        """The values of the roots, for expressions. Of `nodes` and `vars`, those that this node's fields name."""
        if self._scope is None:
            self._scope = self._build_scope()
        return self._scope

    def _build_scope(self) -> Mapping[str, Any]:
        frame, node = self._step.frame, self._step.node
        top = frame.top
        scope: dict[str, Any] = {"input": top.given, "vars": self._variables(), "nodes": {}}
        for route in node.reads:
            value = read(frame, route)
            if value is not ABSENT:
                scope["nodes"][route.name] = value
        if frame.parent is not None:
            for around in frame.around():
                if around.region.kind == "split":
                    scope.setdefault("item", around.item)
                    scope.setdefault("index", around.number)
                elif around.region.kind == "loop":
                    scope.setdefault("iteration", around.number)
        return scope

    def _variables(self) -> Mapping[str, Json]:
        frame, node = self._step.frame, self._step.node
        workflow = frame.top.region.workflow
        assert workflow is not None
        declared = self._state.variables if frame.top.parent is None else workflow.settings.variables
        if not node.variables:
            return declared
        values = dict(declared)
        for one in node.variables:
            value = variable(frame, one, declared.get(one.name, ABSENT))
            if value is not ABSENT:
                values[one.name] = value
        return values
