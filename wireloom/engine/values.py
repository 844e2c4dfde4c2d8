"""What may flow between nodes: JSON values up to 25 MiB, of the type their port names."""

from __future__ import annotations

import asyncio
from typing import Any

from wireloom.engine.errors import InvalidInput, InvalidOutput, OutputTooLarge, TypeMismatch
from wireloom.engine.services import Json
from wireloom.graph.expressions import type_name
from wireloom.graph.expressions.functions import render
from wireloom.graph.json_values import NotJson, measure
from wireloom.graph.node_type import PortType
from wireloom.graph.schemas import schema_problems

MAX_OUTPUT = 25 * 1024 * 1024
#: What is longer than this, in characters of JSON, is not looked through on the event loop.
LONG = 256 * 1024


def check_output(value: Any) -> None:
    """Raises InvalidOutput for what is no JSON value, OutputTooLarge above about 25 MiB of text."""
    if _size(value, MAX_OUTPUT) > MAX_OUTPUT:
        raise OutputTooLarge(f"A step may give {MAX_OUTPUT // 2**20} MiB; this one gave more.")


async def check_output_aside(value: Any) -> None:
    """As `check_output`; a value with very much in it is looked through in a thread."""
    if _size(value, LONG) > LONG:
        if type(value) is str:
            check_output(value)
        else:
            await asyncio.to_thread(check_output, value)


def _size(value: Any, up_to: int) -> int:
    kind = type(value)
    if value is None or kind is bool:
        return 0
    if kind is str:
        return len(value)
    try:
        return measure(value, up_to=up_to)
    except NotJson as error:
        raise InvalidOutput(str(error)) from None


def check_input(field: str, value: Any) -> None:
    """Raises InvalidInput for what is no JSON value."""
    try:
        measure(value)
    except NotJson as error:
        raise InvalidInput(str(error), field) from None


def check_given(value: Json, schema: dict[str, object]) -> None:
    """Raises InvalidInput if a workflow's `inputs` do not allow `value`."""
    for problem in schema_problems(value, schema, code=InvalidInput.code):
        raise InvalidInput(problem.message, problem.field)


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
