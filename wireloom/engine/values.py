"""What may flow between nodes: JSON values up to 25 MiB, of the type their port names."""

from __future__ import annotations

import math
from typing import Any

from wireloom.engine.errors import InvalidOutput, OutputTooLarge, TypeMismatch
from wireloom.engine.services import Json
from wireloom.graph.expressions import type_name
from wireloom.graph.expressions.functions import render
from wireloom.graph.node_type import PortType

MAX_OUTPUT = 25 * 1024 * 1024
MAX_DEPTH = 200


def check_output(value: Any) -> None:
    """Raises InvalidOutput for what is no JSON value, OutputTooLarge above about 25 MiB of text."""
    kind = type(value)
    if kind is str:
        size = len(value)
    elif value is None or kind is bool or kind is int:
        return
    else:
        size = _measure(value)
    if size > MAX_OUTPUT:
        raise OutputTooLarge(f"A step may give {MAX_OUTPUT // 2**20} MiB; this one gave more.")


def _measure(value: Any) -> int:
    """About how many characters the JSON of `value` has, in one pass that also looks for what JSON has not."""
    size, level, depth = 0, [value], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise InvalidOutput(f"A value may be nested {MAX_DEPTH} deep.")
        below: list[Any] = []
        for one in level:
            kind = type(one)
            if kind is str:
                size += len(one) + 2
            elif kind is list:
                size += len(one) + 2
                below.extend(one)
            elif kind is dict:
                for key in one:
                    if type(key) is not str:
                        raise InvalidOutput(f"Fields are named by text, not by {key!r}.")
                    size += len(key) + 4
                below.extend(one.values())
            elif kind is float:
                if not math.isfinite(one):
                    raise InvalidOutput(f"{one} is no number that JSON can hold.")
                size += 8
            elif one is None or kind is bool or kind is int:
                size += 5
            else:
                raise InvalidOutput(f"{kind.__name__} is no JSON value.")
        if size > MAX_OUTPUT:
            return size
        level = below
    return size


def as_port_type(value: Json, port: PortType, node: str) -> Json:
    """`value` as a port of that type takes it: text takes everything, rendered.

    Raises TypeMismatch.
    """
    if port == "any":
        return value
    if port == "text":
        return render(value)
    actual = type_name(value)
    wanted = "object" if port in ("file", "document") else port
    if actual != wanted:
        raise TypeMismatch(f"{node!r} takes {port}, but was given {actual}.")
    return value
