"""What a node's `run` is given and gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wireloom.engine.services import Json
from wireloom.frozen import frozen
from wireloom.graph.expressions import Expression
from wireloom.graph.templates import Template


@frozen
class Source:
    """One live edge into a node, with the value it carries."""

    id: str
    label: str
    value: Json
    #: Whether the edge lets its value be injected into a prompt.
    context: bool


def joined(values: Mapping[str, Json], *, otherwise: Json) -> Json:
    """What a node is given (X2): of one live edge its value, of several an object by source id, of none `otherwise`."""
    if not values:
        return otherwise
    return next(iter(values.values())) if len(values) == 1 else dict(values)


def items_of(value: Json) -> Sequence[Any]:
    """What a split does one by one: a list's elements, an object's entries as `{key, value}`; nothing of anything else."""
    if isinstance(value, dict):
        return [{"key": key, "value": inner} for key, inner in value.items()]
    return value if isinstance(value, list | tuple) else ()


class Inputs:
    """What one step sees: the value of its `in` port, and the scope of its expressions."""

    __slots__ = ()

    @property
    def value(self) -> Json:
        """The value of the plain `in` port: of one live edge its value, of several an object by source id."""
        raise NotImplementedError

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every live edge into `in`, in edge order."""
        raise NotImplementedError

    @property
    def scope(self) -> Mapping[str, Any]:
        """The values of the roots that expressions may name."""
        raise NotImplementedError

    @property
    def run_input(self) -> Json:
        return self.scope["input"]

    def evaluate(self, expression: Expression) -> Json:
        """Raises ExpressionError or ExpressionLimit."""
        return expression.evaluate(self.scope)

    def render(self, template: Template) -> str:
        """Raises ExpressionError or ExpressionLimit."""
        return template.render(self.scope)

    def fill(self, value: Any) -> Json:
        """JSON whose texts are templates, filled in. Raises ExpressionError or ExpressionLimit."""
        if isinstance(value, Template):
            return value.value(self.scope)
        if isinstance(value, dict):
            return {name: self.fill(inner) for name, inner in value.items()}
        return [self.fill(inner) for inner in value] if isinstance(value, list) else value

    def by_source(self) -> dict[str, Json]:
        """The live values as an object by source id, in edge order."""
        return {source.id: source.value for source in self.sources}


@frozen
class Output:
    """A step's value, and the ports that carry it on; the others are dead.

    `notes` are kept beside it for people: that an answer was cut short, say.
    """

    value: Json
    ports: tuple[str, ...] = ("out",)
    notes: dict[str, Json] | None = None


@frozen
class Wait:
    """A step that goes on at `until` (seconds since the epoch) and then gives `output`."""

    until: float
    output: Output
