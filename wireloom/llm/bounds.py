"""Bounds that a tiny model needs, so that every answer of its ends."""

from __future__ import annotations

from dataclasses import replace

from wireloom.engine.services import ChatRequest, Json

_LONGEST_TEXT = 200
_MOST_ITEMS = 8


def fitted(request: ChatRequest, max_tokens: int) -> ChatRequest:
    """Give `request` with a bound on tokens, and on every text and list that it asks to fill in."""
    schema = request.output_schema
    return replace(
        request,
        max_tokens=max_tokens if request.max_tokens is None else request.max_tokens,
        output_schema=None if schema is None else bounded(schema),
    )


def bounded(schema: dict[str, Json]) -> dict[str, Json]:
    """Give `schema` with a `maxLength` on texts and a `maxItems` on lists that have none.

    Without them a tiny model fills the first text until its tokens are spent, and the JSON never ends.
    """
    found = {key: _bounded_part(key, value) for key, value in schema.items()}
    types = schema.get("type")
    types = types if isinstance(types, list) else [types]
    if "string" in types and not schema.keys() & {"enum", "const", "format", "pattern"}:
        found.setdefault("maxLength", _LONGEST_TEXT)
    if "array" in types:
        found.setdefault("maxItems", _MOST_ITEMS)
    return found


def _bounded_part(key: str, value: Json) -> Json:
    if key in {"properties", "$defs", "definitions"} and isinstance(value, dict):
        return {name: _bounded_any(part) for name, part in value.items()}
    if key == "items":
        return _bounded_any(value)
    if key in {"anyOf", "oneOf", "allOf"} and isinstance(value, list):
        return [_bounded_any(part) for part in value]
    return value


def _bounded_any(part: Json) -> Json:
    # A schema may also be `true` or `false`.
    return bounded(part) if isinstance(part, dict) else part
