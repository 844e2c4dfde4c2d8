"""A workflow put together in code: nodes, edges, and the document that they make."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wireloom.engine.services import Json
from wireloom.graph.document import Document, parse
from wireloom.graph.node_type import Catalogue, NodeType
from wireloom.graph.validation import Report, validate
from wireloom.sdk.errors import InvalidNode
from wireloom.sdk.node import Node

if TYPE_CHECKING:
    from wireloom.agents.tool import Tool


class Workflow:
    """A graph in the making. `inputs` is a JSON Schema of the run's input; without it, any input fits.

    `settings` are those of the document: `default_model`, `max_concurrency`,
    `timeout_s`, `variables` …
    """

    def __init__(
        self, name: str, *, inputs: Mapping[str, Any] | None = None, settings: Mapping[str, Any] | None = None
    ) -> None:
        self.name = name
        self.inputs = dict(inputs or {})
        self.settings = dict(settings or {})
        self.nodes: dict[str, Node] = {}
        self._edges: list[dict[str, Any]] = []

    @property
    def slug(self) -> str:
        """How other workflows name this one."""
        return _identifier(self.name).replace("_", "-")

    def add_node(self, node: Node) -> str:
        """Place a node; give its id, which is made from its name."""
        base = _identifier(node.name)
        node_id, number = base, 1
        while node_id in self.nodes:
            number += 1
            node_id = f"{base}_{number}"
        self.nodes[node_id] = node
        return node_id

    def connect(
        self,
        source: str,
        target: str,
        port: str = "out",
        *,
        target_port: str = "in",
        context: bool = True,
        max_iterations: int | None = None,
    ) -> None:
        """Lead what `source` gives through `port` to `target`, both by id.

        With `max_iterations` the edge leads back, and makes a loop of so many
        passes at most. With `context=False` an agent's prompt is not preceded
        by what comes this way. Raises InvalidNode for an id that is not there.
        """
        for one in (source, target):
            if one not in self.nodes:
                raise InvalidNode(f"There is no node {one!r}. There are {', '.join(self.nodes) or 'none'}.")
        edge = {
            "source": source,
            "source_port": port,
            "target": target,
            "target_port": target_port,
            "context": context,
        }
        if max_iterations is not None:
            edge["loop"] = {"max_iterations": max_iterations}
        self._edges.append(edge)

    def validate(self) -> Report:
        """Everything that is wrong with it, in `errors`, and what to look at, in `warnings`."""
        return validate(self.document(), self.catalogue(), self.find, slug=self.slug)

    def document(self, run_input: Json = None) -> Document:
        """The document. Where no `inputs` are declared, the fields of `run_input` may be named as `{field}` too."""
        inputs = self.inputs
        if not inputs and isinstance(run_input, dict):
            inputs = {"type": "object", "properties": {name: {} for name in run_input}}
        return parse(
            {
                "inputs": inputs,
                "nodes": [_placed(node_id, node) for node_id, node in self.nodes.items()],
                "edges": self._edges,
                "settings": self.settings,
            }
        )

    def catalogue(self, known: Mapping[str, NodeType] | None = None) -> Catalogue:
        """The `known` node types, without them those that come with Wireloom, and those of this workflow's functions."""
        from wireloom.nodes import catalogue

        return Catalogue((*(known or catalogue()).values(), *self._functions()))

    def tools(self) -> dict[str, Tool]:
        """The tools of its agents, by name, those of workflows inside included."""
        nodes = [node for workflow in reversed(self._with_inner()) for node in workflow.nodes.values()]
        return {tool.name: tool for node in nodes for tool in node.tools}

    def find(self, slug: str, version: int | None) -> Document | None:
        """The document of a workflow inside, by slug."""
        found = (one for one in self._with_inner() if one.slug == slug)
        return next((one.document() for one in found), None)

    def _with_inner(self) -> list[Workflow]:
        """This workflow, and all that stand inside it, each once."""
        found = [self]
        for workflow in found:  # grows while it is read
            inner = [node.workflow for node in workflow.nodes.values() if node.workflow is not None]
            found.extend(one for one in inner if one not in found)
        return found

    def _functions(self) -> list[NodeType]:
        nodes = [node for workflow in self._with_inner() for node in workflow.nodes.values()]
        return [node.function for node in nodes if node.function is not None]


def _placed(node_id: str, node: Node) -> dict[str, Any]:
    return {
        "id": node_id,
        "type": node.type,
        "label": node.name,
        "config": dict(node.config),
        "policy": dict(node.policy),
    }


def _identifier(name: str) -> str:
    """Lower case, other characters as `_`; a letter first."""
    text = re.sub(r"[^a-z0-9]", "_", name.strip().lower())[:56]
    return text if text[:1].isalpha() else f"n{text}"
