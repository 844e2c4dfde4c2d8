"""Each node by itself: its id, its type, its config."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from wireloom.graph.config import ConfigError, NodeConfig
from wireloom.graph.document import NODE_ID, Document, Node
from wireloom.graph.node_type import OUT_PORT, Catalogue, NodeType
from wireloom.graph.problems import Problem

_NODE_ID = re.compile(NODE_ID)


@dataclass(frozen=True, slots=True)
class ConfiguredNode:
    """A node whose type is known and whose config is sound."""

    node: Node
    type: NodeType
    config: NodeConfig


def configure(
    document: Document, catalogue: Mapping[str, NodeType], errors: list[Problem]
) -> dict[str, ConfiguredNode]:
    """Give the sound nodes by id, and add to `errors` what is wrong with the others."""
    if not document.nodes:
        errors.append(Problem("empty_graph", "The workflow has no nodes.", field="nodes"))
    for node_id, count in Counter(node.id for node in document.nodes).items():
        if count > 1:
            errors.append(
                Problem("duplicate_id", f"{count} nodes have the id {node_id!r}.", node=node_id, field="id")
            )
    configured: dict[str, ConfiguredNode] = {}
    for node in document.nodes:
        if not _NODE_ID.fullmatch(node.id):
            message = f"{node.id!r} is no node id: a small letter, then up to 63 small letters, digits or _."
            errors.append(Problem("invalid_config", message, node=node.id, field="id"))
        problems = list(_problems(node, catalogue, document, configured))
        errors.extend(problems)
    return configured


def _problems(
    node: Node, catalogue: Mapping[str, NodeType], document: Document, configured: dict[str, ConfiguredNode]
) -> Iterator[Problem]:
    node_type = catalogue.get(node.type)
    if node_type is None:
        message = (
            catalogue.why_unknown(node.type)
            if isinstance(catalogue, Catalogue)
            else f"There is no node type {node.type!r}."
        )
        yield Problem("unknown_type", message, node=node.id, field="type")
        return
    if node.v > node_type.version:
        message = (
            f"{node.id!r} was made with version {node.v} of {node.type}; this server has {node_type.version}."
        )
        yield Problem("unknown_type", message, node=node.id, field="v")
        return
    try:
        raw = node_type.migrated(node.config, node.v)
    except Exception as error:  # noqa: BLE001 - a node type's own code, given a config that no one has checked
        message = f"The config of {node.name!r} cannot be brought from version {node.v} to {node_type.version}: {error!r}."
        yield Problem("invalid_config", message, node=node.id, field="v")
        return
    try:
        config = node_type.config.model_validate(raw, context={"inputs": document.input_names})
    except ValidationError as error:
        for one in error.errors(include_url=False):
            yield _config_problem(node, one)
    else:
        configured.setdefault(node.id, ConfiguredNode(node, node_type, config))
        if isinstance(catalogue, Catalogue) and catalogue.tools is not None:
            yield from _unknown_tools(node, node_type, config, catalogue.tools)
        if node.pin is not None and OUT_PORT not in {port.name for port in node_type.output_ports(config)}:
            message = f"{node.name!r} chooses where to go on, so its output cannot be pinned; pin what comes before it."
            yield Problem("invalid_config", message, node=node.id, field="pin")


def _unknown_tools(
    node: Node, node_type: NodeType, config: NodeConfig, tools: Collection[str]
) -> Iterator[Problem]:
    field = node_type.tools_field
    for index, name in enumerate(getattr(config, field) if field else ()):
        if name not in tools:
            message = f"There is no tool {name!r}. There are: {', '.join(tools) or 'none'}."
            yield Problem("unknown_reference", message, node=node.id, field=f"{field}.{index}")


def _config_problem(node: Node, error: Any) -> Problem:
    field = ".".join(str(part) for part in error["loc"]) or None
    match error["type"]:
        case "missing":
            return Problem("missing_config", f"{node.name!r} needs {field}.", node=node.id, field=field)
        case "invalid_expression":
            context = error["ctx"]
            code = "unknown_reference" if context["code"] == "unknown_reference" else "invalid_expression"
            return Problem(code, context["message"], node=node.id, field=field, loc=context["span"])
        case "extra_forbidden":
            message = f"{node.type} has no field {field!r}."
        case "value_error" if isinstance(own := error["ctx"]["error"], ConfigError):
            code = "missing_config" if own.missing else "invalid_config"
            return Problem(code, str(own), node=node.id, field=f"{field}.{own.field}" if field else own.field)
        case _:
            message = f"{field or 'config'}: {error['msg']}."
    return Problem("invalid_config", message, node=node.id, field=field)
