"""The workflow document: what a person saves, frozen, and hashed by content.

Parsing checks shape alone. Whether the graph makes sense is for
`wireloom.graph.validation`: a draft may be unfinished, it may not be malformed.
"""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wireloom.graph.json_values import NotJson, measure
from wireloom.graph.problems import MalformedDocument, Problem, TooManyNodes

MAX_NODES = 20_000
NODE_ID = r"[a-z][a-z0-9_]{0,63}"

type OnError = Literal["fail", "continue", "route"]
type OnInterrupt = Literal["ask", "retry", "fail"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Position(_Part):
    """Where a node stands on the canvas, in pixels at zoom 1."""

    x: float = 0.0
    y: float = 0.0


class Policy(_Part):
    """How a node's attempts are made and what its failure means (RUNS.md X3, X13, X14)."""

    timeout_s: Annotated[float, Field(gt=0, le=86_400)] | None = None
    max_attempts: Annotated[int, Field(ge=1, le=20)] = 3
    on_error: OnError = "fail"
    #: What `out` carries when `on_error` is `continue`.
    default: Any = None
    on_interrupt: OnInterrupt = "retry"


class Pin(_Part):
    """What a node gives without running, while its workflow is drafted."""

    output: Any = None


class Node(_Part):
    id: str
    type: str
    label: str = ""
    position: Position = Position()
    config: dict[str, Any] = Field(default_factory=dict)
    #: The version of the node type that `config` was written for.
    v: Annotated[int, Field(ge=1)] = 1
    policy: Policy = Policy()
    pin: Pin | None = None

    @property
    def name(self) -> str:
        """What people call it: its label, or its id where it has none."""
        return self.label or self.id


class Loop(_Part):
    max_iterations: Annotated[int, Field(ge=1, le=10_000)] | None = None


class Edge(_Part):
    source: str
    target: str
    source_port: str = "out"
    target_port: str = "in"
    #: Whether the source's output is injected into the prompt of an agent target.
    context: bool = True
    loop: Loop | None = None

    @property
    def ends(self) -> tuple[str, str, str, str]:
        return self.source, self.source_port, self.target, self.target_port


class Settings(_Part):
    timeout_s: Annotated[float, Field(gt=0, le=604_800)] | None = None
    max_concurrency: Annotated[int, Field(ge=1, le=10_000)] = 50
    #: How many steps loops may repeat (X5); None: 1,000, or ten for each node if that is more.
    max_steps: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    max_cost_usd: Annotated[float, Field(ge=0)] | None = None
    default_model: str | None = None
    variables: dict[str, Any] = Field(default_factory=dict)


class Note(_Part):
    """A sticky note on the canvas. It runs nothing."""

    id: str
    text: str = ""
    position: Position = Position()
    width: Annotated[float, Field(gt=0)] = 240.0
    height: Annotated[float, Field(gt=0)] = 160.0


class Document(_Part):
    """A whole workflow. The order of its nodes and edges is part of it: it breaks ties, and orders contexts."""

    schema_version: Literal[1] = Field(default=1, alias="schema")
    #: A JSON Schema of the run's input.
    inputs: dict[str, Any] = Field(default_factory=dict)
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    settings: Settings = Settings()
    notes: tuple[Note, ...] = ()

    @property
    def input_names(self) -> tuple[str, ...]:
        """The declared inputs, which templates may name as `{name}`."""
        properties = self.inputs.get("properties")
        return tuple(properties) if isinstance(properties, dict) else ()

    def to_json(self) -> dict[str, Any]:
        """The document as JSON; `parse` of it gives an equal document."""
        # Pydantic's own JSON mode replaces the half surrogates that models produce.
        told = self.model_dump(by_alias=True)
        for node in told["nodes"]:
            if node["pin"] is None:
                del node["pin"]
        return told | {name: list(told[name]) for name in ("nodes", "edges", "notes")}

    def canonical(self) -> str:
        """The document as text with sorted keys: what is stored and hashed."""
        return json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"))

    @cached_property
    def content_hash(self) -> str:
        """sha256 over the canonical text, in hex."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()


def parse(data: object) -> Document:
    """Give the document that `data` (decoded JSON) holds.

    Raises MalformedDocument with every problem of shape, TooManyNodes above 20,000.
    """
    try:
        measure(data)
    except NotJson as error:
        raise MalformedDocument([Problem("malformed", f"The document is no JSON: {error}")]) from None
    if isinstance(data, dict):
        nodes = data.get("nodes")
        if isinstance(nodes, list) and len(nodes) > MAX_NODES:
            message = f"A workflow may have {MAX_NODES:,} nodes; this one has {len(nodes):,}."
            raise TooManyNodes([Problem("too_many_nodes", message, field="nodes")])
    try:
        return Document.model_validate(data)
    except ValidationError as error:
        raise MalformedDocument([_problem(one) for one in error.errors(include_url=False)]) from None


#: What JSON calls what pydantic names by Python's types.
_IN_JSON = {
    "tuple_type": "This must be a list",
    "dict_type": "This must be an object",
    "model_type": "This must be an object",
    "extra_forbidden": "There is no such field",
    "missing": "This is required",
}


def _problem(error: Any) -> Problem:
    where = ".".join(str(part) for part in error["loc"])
    message = _IN_JSON.get(error["type"], error["msg"])
    return Problem("malformed", f"{where or 'document'}: {message}.", field=where or None)
