"""Functions of any value."""

from __future__ import annotations

import json
from typing import Any

from wireloom.graph.expressions.frame import Frame
from wireloom.graph.expressions.functions.registry import function, need
from wireloom.graph.expressions.functions.rendering import render
from wireloom.graph.expressions.values import Mismatch, type_name, weight


@function(1)
def size(value: Any) -> int:
    """How many characters, items or fields there are."""
    need(value, str, list, dict)
    return len(value)


@function(1)
def type_(value: Any) -> str:
    """The name of its type: null, boolean, number, text, list or object."""
    return type_name(value)


@function(2)
def default(value: Any, other: Any) -> Any:
    """The value, or the other one where it is null."""
    return other if value is None else value


@function(1, pays=True)
def string(frame: Frame, value: Any) -> str:
    """As text; lists and objects as compact JSON."""
    frame.walk(value, per_step=16)
    text = render(value)
    frame.take_text(len(text))
    return text


@function(1, pays=True)
def json_(frame: Frame, value: Any) -> Any:
    """The value that a JSON text holds."""
    need(value, str)
    frame.spend(len(value) >> 8)
    try:
        found = json.loads(value, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Mismatch("The text is no JSON.") from None
    frame.take_elements(weight(found, limit=frame.elements + 1))
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)
