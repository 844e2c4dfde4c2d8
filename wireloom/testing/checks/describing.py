"""That a node type says all that a canvas and an engine must know of it."""

from __future__ import annotations

import inspect
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, get_args

from wireloom.graph.node_type import ERROR_PORT, EXHAUSTED_PORT, Effect, Flow, Group, NodeType, PortType

NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")
_PORT = re.compile(r"[a-z][a-z0-9_]*")
_KINDS = ("text", "template", "expression")


def check_description(node_type: NodeType) -> Iterator[str]:
    if not NAME.fullmatch(node_type.name):
        yield f"Its name {node_type.name!r} is not made of small letters, digits and _, as vendor.type is."
    for what in ("label", "icon", "help"):
        if not getattr(node_type, what).strip():
            where = "its config's docstring is empty" if what == "help" else "it is empty"
            yield f"It has no {what}: {where}."
    yield from _check_words(node_type)
    yield from _check_named_fields(node_type)
    yield from _check_function(node_type)
    try:
        schema = node_type.config.model_json_schema()
        json.dumps(node_type.describe())
    except Exception as error:  # noqa: BLE001 - whatever a type does instead of describing itself
        yield f"It cannot describe itself: {type(error).__name__}: {error}"
    else:
        yield from _check_kinds(schema)


def check_ports(node_type: NodeType) -> Iterator[str]:
    for side, ports in (("input", node_type.inputs), ("output", node_type.outputs)):
        for name, count in Counter(port.name for port in ports).items():
            if count > 1:
                yield f"{count} {side} ports have the name {name!r}."
            if not _PORT.fullmatch(name):
                yield f"The {side} port {name!r} is not named by small letters, digits and _."
            if name in (ERROR_PORT, EXHAUSTED_PORT):
                yield f"The {side} port {name!r} has a name that is kept for every node."
        for port in ports:
            if port.type not in get_args(PortType.__value__):
                yield f"The {side} port {port.name!r} is of type {port.type!r}, which there is not."


def _check_words(node_type: NodeType) -> Iterator[str]:
    for what, alias in (("group", Group), ("flow", Flow), ("effect", Effect)):
        value, choices = getattr(node_type, what), get_args(alias.__value__)
        if value not in choices:
            yield f"Its {what} is {value!r}, not one of {', '.join(choices)}."
    if node_type.version < 1:
        yield f"Its version is {node_type.version}; versions count from 1."


def _check_named_fields(node_type: NodeType) -> Iterator[str]:
    rule, writes = node_type.output_rule, node_type.writes
    named = {
        "start_field": node_type.start_field,
        "cancels_field": node_type.cancels_field,
        "tools_field": node_type.tools_field,
        "schema_field": node_type.schema_field,
        "output_rule": rule.field if rule else None,
        "writes.name": writes.name if writes else None,
        "writes.reducer": writes.reducer if writes else None,
        **{f"summary {{{one}}}": one for one in re.findall(r"\{(\w+)\}", node_type.summary)},
    }
    for what, field in named.items():
        if field is not None and field not in node_type.config.model_fields:
            yield f"Its {what} names the field {field!r}, which its config has not."


def _check_function(node_type: NodeType) -> Iterator[str]:
    is_coroutine = inspect.iscoroutinefunction(node_type.run)
    if is_coroutine != (node_type.flow == "call"):
        wanted = "a coroutine function" if node_type.flow == "call" else "a plain function"
        yield f"Its flow is {node_type.flow!r}, so its run must be {wanted}."


def _check_kinds(schema: dict[str, Any]) -> Iterator[str]:
    """Every field, those inside others too, says what it is."""
    for part in (schema, *schema.get("$defs", {}).values()):
        for name, field in part.get("properties", {}).items():
            kind = field.get("x-kind")
            if kind not in _KINDS:
                yield f"The config field {name!r} has the x-kind {kind!r}, not one of {', '.join(_KINDS)}."
