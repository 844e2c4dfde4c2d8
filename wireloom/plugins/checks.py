"""What a plugin's node type or tool must be to stand among the others. `wireloom.testing` looks deeper."""

from __future__ import annotations

import json
import re
from collections.abc import Collection

from wireloom.agents.tool import Tool
from wireloom.graph.node_type import NodeType

#: `vendor.type`: small letters, digits and `_`, a letter first in both parts.
NAME = re.compile(r"[a-z][a-z0-9_]{0,31}\.[a-z][a-z0-9_]{0,31}")


class Unfit(ValueError):
    """Why something cannot be taken, in one sentence."""


def check_node_type(one: NodeType, taken: Collection[str]) -> None:
    """Raises Unfit for a name that is not `vendor.type` or is taken, and for a type that cannot describe itself."""
    _check_name("node type", one.name, one.name, taken)
    try:
        json.dumps(one.describe())
    except Exception as error:
        raise Unfit(f"{one.name} cannot describe itself: {type(error).__name__}: {error}") from error


def check_tool(one: Tool, taken: Collection[str]) -> None:
    """As `check_node_type`, of a tool; `taken` are names as models see them."""
    _check_name("tool", one.name, one.model_name, taken)
    try:
        json.dumps(one.spec.parameters)
    except Exception as error:
        raise Unfit(f"{one.name} cannot describe itself: {type(error).__name__}: {error}") from error


def _check_name(kind: str, name: str, seen: str, taken: Collection[str]) -> None:
    if not NAME.fullmatch(name):
        raise Unfit(
            f"A plugin's {kind} is named vendor.{kind.rsplit(maxsplit=1)[-1]} in small letters, not {name!r}."
        )
    if seen in taken:
        raise Unfit(f"There is another {kind} {name!r} already.")
