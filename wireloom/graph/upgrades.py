"""Workflows of older days, shown as today's: nodes with the present version of their type, and its config.

Validation and plans read old nodes as they are; this is for who goes on to edit them.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from wireloom.graph.node_type import NodeType


def upgraded(graph: dict[str, Any], catalogue: Mapping[str, NodeType]) -> dict[str, Any]:
    """The document `graph`, as JSON, with its nodes brought to the present.

    What cannot be brought is left as it is: validation says what is wrong with
    it. Nothing that was given is changed.
    """
    return {**graph, "nodes": [_upgraded(node, catalogue) for node in graph.get("nodes", [])]}


def _upgraded(node: dict[str, Any], catalogue: Mapping[str, NodeType]) -> dict[str, Any]:
    node_type, version = catalogue.get(node["type"]), node.get("v", 1)
    if node_type is None or version >= node_type.version:
        return node
    try:
        config = node_type.migrated(copy.deepcopy(node.get("config", {})), version)
    except Exception:  # noqa: BLE001 - a node type's own code, given a config that no one has checked
        return node
    return {**node, "config": config, "v": node_type.version}
