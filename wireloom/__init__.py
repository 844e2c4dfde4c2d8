"""Wireloom: LLM workflows as graphs, run by an async executor.

The library needs no Django and no database:

    from wireloom import Executor, Node, Workflow

    workflow = Workflow("Research")
    workflow.add_node(Node.agent("Researcher", "Research: {topic}"))
    Executor().execute(workflow, {"topic": "tides"}).output

Names are loaded when they are first used, so that `import wireloom` costs little.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wireloom.agents.tool import Tool, tool
    from wireloom.errors import WireloomError
    from wireloom.graph.document import Document, parse
    from wireloom.sdk.executor import Executor
    from wireloom.sdk.health import health_check
    from wireloom.sdk.llm_config import LlmConfig
    from wireloom.sdk.node import Node
    from wireloom.sdk.result import Result, Stats
    from wireloom.sdk.stream import RunStream
    from wireloom.sdk.workflow import Workflow

__all__ = [
    "Document",
    "Executor",
    "LlmConfig",
    "Node",
    "Result",
    "RunStream",
    "Stats",
    "Tool",
    "WireloomError",
    "Workflow",
    "health_check",
    "parse",
    "tool",
]

_HOMES = {
    "Document": "wireloom.graph.document",
    "Executor": "wireloom.sdk.executor",
    "LlmConfig": "wireloom.sdk.llm_config",
    "Node": "wireloom.sdk.node",
    "Result": "wireloom.sdk.result",
    "RunStream": "wireloom.sdk.stream",
    "Stats": "wireloom.sdk.result",
    "Tool": "wireloom.agents.tool",
    "WireloomError": "wireloom.errors",
    "Workflow": "wireloom.sdk.workflow",
    "health_check": "wireloom.sdk.health",
    "parse": "wireloom.graph.document",
    "tool": "wireloom.agents.tool",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'wireloom' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
