"""Wireloom: LLM workflows as graphs, run by an async executor.

The library needs no Django and no database:

    from wireloom import Executor

    Executor().execute(workflow, {"topic": "tides"}).output

Names are loaded when they are first used, so that `import wireloom` costs little.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wireloom.errors import WireloomError
    from wireloom.executor import Executor, Result
    from wireloom.graph.document import Document, parse

__all__ = ["Document", "Executor", "Result", "WireloomError", "parse"]

_HOMES = {
    "Document": "wireloom.graph.document",
    "Executor": "wireloom.executor",
    "Result": "wireloom.executor",
    "WireloomError": "wireloom.errors",
    "parse": "wireloom.graph.document",
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
