"""What workflows may be made of on this server: the node types and tools that come with Wireloom, and those of plugins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from django.conf import settings

from builder.errors import CodeDisabled
from wireloom import nodes
from wireloom.agents.builtin import BUILTIN
from wireloom.agents.tool import Tool
from wireloom.graph.node_type import Catalogue, NodeType
from wireloom.plugins import Plugins, load_plugins


@cache
def plugins() -> Plugins:
    """What the packages that the operator named have brought, loaded once."""
    return load_plugins(settings.WIRELOOM.plugins, nodes.catalogue(), BUILTIN.values())


@cache
def catalogue() -> Catalogue:
    """Every node type that may be placed."""
    return plugins().catalogue(nodes.catalogue(), BUILTIN)


@cache
def tools() -> Mapping[str, Tool]:
    """Every tool that an agent may be given, by its name: Wireloom's own, then those of plugins."""
    return {**BUILTIN, **plugins().tools}


def source_of(tool: str) -> str:
    """The package that brings a tool."""
    return plugins().source_of(tool) or "wireloom"


def is_allowed(one: NodeType) -> bool:
    """Whether nodes of this type may run here."""
    return settings.WIRELOOM.allow_code or not one.runs_code


def require_allowed(types: Iterable[NodeType]) -> None:
    """Raise CodeDisabled if one of the types runs people's code and the operator has not allowed it."""
    refused = next((one for one in types if not is_allowed(one)), None)
    if refused is not None:
        raise CodeDisabled(f"The workflow runs code ({refused.name}), and this server does not.")
