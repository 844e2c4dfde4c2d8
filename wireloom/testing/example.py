"""One use of a node type: its config, what it is given, what it should give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from wireloom.engine.node_io import Inputs, Source
from wireloom.engine.services import HttpReply, Json

#: Says of an example's output that it does not matter.
ANYTHING: Final = object()


@dataclass(frozen=True, slots=True)
class Answers:
    """What the outside says: a model its texts in turn, the last one for ever; the others always the same."""

    llm: tuple[str, ...] = ("An answer.",)
    http: HttpReply = field(default_factory=lambda: HttpReply(200, {}, {}))
    tools: Mapping[str, Json] = field(default_factory=dict)
    code: Json = None


@dataclass(frozen=True, slots=True)
class Example:
    """A config and what reaches the node's `in` port; then what it gives, or with which code it fails.

    `sources` holds several live edges by the id of their node, instead of
    `input`. `scope` adds to what expressions see: `input` (the run's), `nodes`,
    `vars`, `item`, `index`, `iteration`.
    """

    config: Mapping[str, Any]
    input: Json = None
    sources: Mapping[str, Json] | None = None
    scope: Mapping[str, Any] = field(default_factory=dict)
    output: Any = ANYTHING
    ports: tuple[str, ...] | None = None
    error: str | None = None
    answers: Answers = Answers()

    def inputs(self) -> GivenInputs:
        sources = {"before": self.input} if self.sources is None else dict(self.sources)
        return GivenInputs(sources, {"input": self.input, "nodes": sources, "vars": {}, **self.scope})


class GivenInputs(Inputs):
    """What a step sees, as an example says it."""

    __slots__ = ("_scope", "_sources")

    def __init__(self, sources: Mapping[str, Json], scope: Mapping[str, Any]) -> None:
        self._sources = tuple(
            Source(name, name.capitalize(), value, context=True) for name, value in sources.items()
        )
        self._scope = scope

    @property
    def value(self) -> Json:
        """Of one live edge its value, of several an object by source id."""
        return self._sources[0].value if len(self._sources) == 1 else self.by_source()

    @property
    def sources(self) -> tuple[Source, ...]:
        return self._sources

    @property
    def scope(self) -> Mapping[str, Any]:
        return self._scope
