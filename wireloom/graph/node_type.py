"""A node type: one kind of node a person may place, with all that the engine and the canvas must know of it.

The engine names no type. What differs between them is data here: whether a
step runs inline or in a task of its own, what an interrupted one may do again,
when it starts, and which ports it has.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from wireloom.graph.config import NodeConfig

type Group = Literal["flow", "AI", "data", "knowledge", "connect"]
type PortType = Literal["any", "text", "number", "boolean", "list", "object", "file", "document"]

#: How a step is carried out. `inline`: a plain function, called on the spot.
#: `wait`: a plain function that says until when to wait. `call`: a coroutine in
#: a task of its own, under the limits and with retries. `split`: a plain function
#: that gives a list, for each item of which what follows is done; its config has
#: `max_concurrency` and `on_item_error`. `nested`: a plain function that gives the
#: input of another workflow, which its config names by `workflow` and `version`.
type Flow = Literal["inline", "wait", "call", "split", "nested"]

#: X14. `pure`: no clock, no chance, no call. `read`: may run again. `effect`:
#: changes the world outside.
type Effect = Literal["pure", "read", "effect"]

#: X2, X6 and X7. `any`: one live edge into the port is enough. `all`: one dead
#: edge skips the node. `first`: it starts on the first live edge. `collect`: it
#: takes what every item of the innermost split gave.
type StartRule = Literal["any", "all", "first", "collect"]

#: X10. How the writes of several nodes become one value; None: only one may write.
type Reducer = Literal["append", "merge", "sum", "last_by_order"]

#: Every node has it, beside its own.
ERROR_PORT = "error"
#: The source of a loop edge has it too: live when the loop has reached its limit.
EXHAUSTED_PORT = "exhausted"
#: The port of a node that has one alone; a split gives its items through it.
OUT_PORT = "out"


#: What a JSON Schema's types are as ports.
_PORT_TYPES: dict[Any, PortType] = {
    "object": "object",
    "array": "list",
    "string": "text",
    "number": "number",
    "integer": "number",
    "boolean": "boolean",
}


@dataclass(frozen=True, slots=True)
class Port:
    name: str
    type: PortType = "any"
    label: str = ""

    def describe(self) -> dict[str, str]:
        return {"name": self.name, "type": self.type, "label": self.label or self.name.capitalize()}


@dataclass(frozen=True, slots=True)
class PortsFrom:
    """Output ports that a config names: one per item of the list in `field`, then those of `then`."""

    field: str
    name: str = "name"
    then: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WritesVariable:
    """The config fields that say which variable a node writes, and how writes are brought together."""

    name: str = "name"
    reducer: str = "reducer"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeType:
    """One node type. `run` is a coroutine function of (config, inputs, services) if `flow` is `call`,
    a plain one of these if it is `wait`, else a plain function of (config, inputs)."""

    name: str
    version: int
    group: Group
    label: str
    icon: str
    config: type[NodeConfig]
    run: Callable[..., Any]
    flow: Flow = "call"
    effect: Effect = "pure"
    inputs: tuple[Port, ...] = (Port("in"),)
    outputs: tuple[Port, ...] = (Port("out"),)
    output_rule: PortsFrom | None = None
    #: The config field with a JSON Schema of what it gives: its `out` port is then of that type.
    schema_field: str | None = None
    #: The config field that holds a StartRule; None: `any`.
    start_field: str | None = None
    #: The boolean config field that has a `first` join stop what it no longer needs.
    cancels_field: str | None = None
    #: Whether what reaches it is the run's output (X12).
    result: bool = False
    #: Whether what it gives becomes the value of a variable (X10).
    writes: WritesVariable | None = None
    #: The config field that lists tools by name.
    tools_field: str | None = None
    #: Whether it runs code that people wrote, which an operator must have allowed.
    runs_code: bool = False
    #: The line of meaning on a card, with config fields in braces: `{model}: {prompt}`.
    summary: str = ""
    #: What brings a config of version n to n + 1, by n.
    migrations: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = field(default_factory=dict)

    @property
    def help(self) -> str:
        """What it does, in the words of its config's docstring."""
        return " ".join((self.config.__doc__ or "").split())

    def start_rule(self, config: NodeConfig) -> StartRule:
        rule: StartRule = getattr(config, self.start_field) if self.start_field else "any"
        return rule

    def cancels_losers(self, config: NodeConfig) -> bool:
        return bool(self.cancels_field and getattr(config, self.cancels_field))

    def output_ports(self, config: NodeConfig) -> tuple[Port, ...]:
        """The ports of a node with this config, `error` left out."""
        schema = getattr(config, self.schema_field, None) if self.schema_field else None
        if schema is not None:
            kind = _PORT_TYPES.get(schema.get("type"), "any")
            return tuple(replace(port, type=kind) if port.name == OUT_PORT else port for port in self.outputs)
        named = getattr(config, self.output_rule.field, None) if self.output_rule else None
        if not named or self.output_rule is None:
            return self.outputs
        names = [getattr(item, self.output_rule.name) for item in named]
        return tuple(Port(name) for name in (*names, *self.output_rule.then))

    def migrated(self, config: dict[str, Any], version: int) -> dict[str, Any]:
        """`config`, written for `version` of this type, as the present version has it."""
        for step in range(version, self.version):
            config = self.migrations[step](config)
        return config

    def describe(self) -> dict[str, Any]:
        """The catalogue entry, as `GET /api/v1/node-types/` tells it."""
        rule = self.output_rule
        return {
            "type": self.name,
            "version": self.version,
            "group": self.group,
            "label": self.label,
            "help": self.help,
            "icon": self.icon,
            "effect": self.effect,
            "runs_code": self.runs_code,
            "inputs": [port.describe() for port in self.inputs],
            "outputs": [port.describe() for port in self.outputs],
            "output_rule": {"field": rule.field, "name": rule.name, "then": list(rule.then)}
            if rule
            else None,
            "summary": self.summary,
            "config_schema": self.config.model_json_schema(),
        }


class Catalogue(Mapping[str, NodeType]):
    """The node types that may be placed, by name, in the order the palette shows them.

    `tools` are the names that an agent may be given, None where nobody knows
    them all. `absent` says why a type is missing, by its name or its vendor's.
    """

    def __init__(
        self,
        types: Iterable[NodeType],
        *,
        tools: Collection[str] | None = None,
        absent: Mapping[str, str] | None = None,
    ) -> None:
        self._types = {one.name: one for one in types}
        self.tools = tools
        self._absent = absent or {}

    def why_unknown(self, name: str) -> str:
        """Why there is no type of this name, in one sentence."""
        reason = self._absent.get(name) or self._absent.get(name.partition(".")[0])
        return f"There is no node type {name!r}{f': {reason}' if reason else '.'}"

    def __getitem__(self, name: str) -> NodeType:
        return self._types[name]

    def __iter__(self) -> Any:
        return iter(self._types)

    def __len__(self) -> int:
        return len(self._types)

    def describe(self) -> list[dict[str, Any]]:
        return [one.describe() for one in self._types.values()]
