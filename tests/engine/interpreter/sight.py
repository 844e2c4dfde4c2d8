"""What a node is given by its edges, and what its expressions see (X2, X6, X9, X10)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.engine.interpreter.book import Place, Step
from tests.engine.interpreter.drawing import Area, Workflow
from wireloom.graph.document import Edge, Node
from wireloom.graph.expressions import Reference, compile_expression

ABSENT = object()


class Sight:
    """All of one workflow under way that can be seen from a place in it."""

    def __init__(self, workflow: Workflow, given: Any) -> None:
        self.workflow = workflow
        self.given = given

    # -- what a node is given (X2)

    def given_to(self, place: Place, node: Node) -> Any:
        values = self.live_values(place, node)
        if len(values) > 1:
            return values
        return next(iter(values.values()), self.given)

    def live_values(self, place: Place, node: Node) -> dict[str, Any]:
        """The values of the live edges by source, in edge order; loop edges bring what the last pass gave."""
        live = {}
        for edge in self.workflow.document.edges:
            if edge.target != node.id:
                continue
            if edge.loop:
                loop = next(one for one in place.around() if one.area and one.area.opener == node.id)
                if loop.previous is not None and self.is_live(loop.previous, edge):
                    live[edge.source] = self.step_below(loop.previous, edge.source).value  # type: ignore[union-attr]
            elif (end := self.end(edge, place)) is not None:
                live[edge.source] = end[0]
        return live

    def end(self, edge: Edge, place: Place) -> tuple[Any] | None:
        """What an edge carries to a place; None if it is dead."""
        if edge.source_port == "out":
            for one in place.around():
                if one.area is not None and one.area.kind == "split" and one.area.opener == edge.source:
                    return (one.item,)
        home = self._home(place, edge.source)
        if not self.is_live(home, edge):
            return None
        return (self.step_below(home, edge.source).value,)  # type: ignore[union-attr]

    def _home(self, place: Place, name: str) -> Place:
        """The innermost place around `place` whose region holds a node."""
        return next(one for one in place.around() if one.area is None or name in one.area.members)

    def is_live(self, place: Place, edge: Edge) -> bool:
        step = self.step_below(place, edge.source)
        return step is not None and edge.source_port in step.ports

    def step_below(self, place: Place, name: str) -> Step | None:
        """A node's step, in the last pass of the loops on the way to it."""
        unit = self.workflow.unit(name, place.area)
        if isinstance(unit, Area) and name not in place.steps:
            return self.step_below(place.inside[unit][-1], name) if place.inside.get(unit) else None
        return place.steps.get(name)

    def collected_by(self, name: str) -> Area | None:
        return next((area for area in self.workflow.areas if name in area.closers), None)

    def collected(self, place: Place, node: Node) -> Any:
        """X6: the outputs in item order."""
        area = self.collected_by(node.id)
        if area is None:
            return self.given_to(place, node)
        policy, values = self.workflow.on_item_error(area), []
        for one in place.inside[area]:
            if one.failures:
                live: dict[str, Any] = {}
            else:
                live = self.live_values(one, node)
            if live:
                values.append(live if len(live) > 1 else next(iter(live.values())))
            elif policy == "null":
                values.append(None)
        return values

    # -- what a node sees (X9, X10)

    def value(self, place: Place, node: Node, expression: str) -> Any:
        compiled = compile_expression(expression)
        return compiled.evaluate(self.scope(place, node, compiled.references))

    def scope(self, place: Place, node: Node, references: tuple[Reference, ...]) -> dict[str, Any]:
        named = [one.path[0] for one in references if one.root == "nodes"]
        nodes = {other: self._read(place, node.id, other) for other in named}
        scope = {
            "input": self.given,
            "nodes": {name: value for name, value in nodes.items() if value is not ABSENT},
            "vars": self._variables(place, node.id),
        }
        for one in place.around():
            if one.area is not None and one.area.kind == "split":
                scope.setdefault("item", one.item)
                scope.setdefault("index", one.number)
            elif one.area is not None:
                scope.setdefault("iteration", one.number)
        return scope

    def _read(self, place: Place, reader: str, other: str) -> Any:
        if not self.workflow.sees(reader, other):
            return ABSENT
        if other in self.workflow.before[reader]:
            return self.below(self._home(place, other), other)
        loop = next(
            one
            for one in place.around()
            if one.area and one.area.kind == "loop" and other in one.area.members
        )
        return None if loop.previous is None else self.below(loop.previous, other)

    def below(self, place: Place, name: str) -> Any:
        """A node's value: of the last pass, a list over items. What a failed item came to by chance is left out."""
        unit = self.workflow.unit(name, place.area)
        if not isinstance(unit, Area):
            step = place.steps.get(name)
            return step.value if step is not None and step.ports else ABSENT
        if unit not in place.inside:
            return ABSENT
        if unit.kind == "loop":
            return self.below(place.inside[unit][-1], name)
        kept = [
            one
            for one in place.inside[unit]
            if not (one.failures and self.workflow.on_item_error(unit) == "drop")
        ]
        values = [ABSENT if one.failures else self.below(one, name) for one in kept]
        return [None if value is ABSENT else value for value in values]

    def _variables(self, place: Place, reader: str) -> dict[str, Any]:
        values = dict(self.workflow.document.settings.variables)
        writers: dict[str, list[str]] = {}
        for name, node in self.workflow.nodes.items():
            if node.type == "set_variable" and self.workflow.sees(reader, name):
                writers.setdefault(node.config["name"], []).append(name)
        for variable, names in writers.items():
            writes = [step for name in names for step in self._writes(place, reader, name)]
            if writes:
                reducer = self.workflow.nodes[names[0]].config.get("reducer")
                values[variable] = _reduced(reducer, values.get(variable, ABSENT), writes)
        return values

    def _writes(self, place: Place, reader: str, writer: str) -> Iterator[Step]:
        """Those that come before: in this pass if it is an ancestor, and in all earlier passes."""
        if writer in self.workflow.before[reader]:
            yield from self._all_below(self._home(place, writer), writer)
        for one in place.around():
            earlier = one.previous
            while earlier is not None:
                if earlier.area is None or writer in earlier.area.members:
                    yield from self._all_below(earlier, writer)
                earlier = earlier.previous

    def _all_below(self, place: Place, name: str) -> Iterator[Step]:
        unit = self.workflow.unit(name, place.area)
        if isinstance(unit, Area):
            for one in place.inside.get(unit, ()):
                if not one.failures:
                    yield from self._all_below(one, name)
        elif name in place.steps and "out" in place.steps[name].ports:
            yield place.steps[name]


def _reduced(reducer: str | None, declared: Any, writes: list[Step]) -> Any:
    """X10."""
    if reducer is None:
        return max(writes, key=lambda step: step.moment).value
    values = [step.value for step in sorted(writes, key=lambda step: step.order)]
    match reducer:
        case "append":
            return [*(declared if isinstance(declared, list) else []), *values]
        case "merge":
            objects = [one for one in (declared, *values) if isinstance(one, dict)]
            return {name: value for one in objects for name, value in one.items()}
        case "sum":
            numbers = [one for one in (declared, *values) if type(one) in (int, float)]
            return sum(numbers)
    return values[-1]
