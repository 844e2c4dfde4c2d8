"""Requests in the OpenAI chat-completions wire format, and the JSON text that carries them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

import orjson

from wireloom.engine.services import ChatRequest, Json, Message, ToolSpec

type MaxTokensField = Literal["max_tokens", "max_completion_tokens"]
type SchemaSupport = Literal["json_schema", "json_object", "none"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where endpoints that speak this wire differ."""

    max_tokens: MaxTokensField = "max_tokens"
    schema: SchemaSupport = "json_schema"
    #: Whether `stream_options` is understood; without it some refuse the request.
    stream_options: bool = True


def body_of(request: ChatRequest, name: str, *, whole: bool, dialect: Dialect) -> dict[str, Json]:
    """Write `request` for the model that its provider calls `name`."""
    body: dict[str, Json] = {"model": name, "messages": [_message(message) for message in request.messages]}
    if request.output_schema is not None and dialect.schema != "json_schema":
        body["messages"].append({"role": "system", "content": _in_words(request.output_schema)})
    if request.temperature is not None:
        body["temperature"] = request.temperature
    if request.max_tokens is not None:
        body[dialect.max_tokens] = request.max_tokens
    if request.tools:
        body["tools"] = [_tool(tool) for tool in request.tools]
    if request.output_schema is not None and dialect.schema != "none":
        body["response_format"] = _response_format(request.output_schema, dialect.schema)
    if not whole:
        body["stream"] = True
        if dialect.stream_options:
            body["stream_options"] = {"include_usage": True}
    return body


def _message(message: Message) -> dict[str, Json]:
    if message.role == "tool":
        return {"role": "tool", "content": message.content, "tool_call_id": message.tool_call_id}
    if not message.tool_calls:
        return {"role": message.role, "content": message.content}
    calls = [
        {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
        for call in message.tool_calls
    ]
    return {"role": message.role, "content": message.content or None, "tool_calls": calls}


def _tool(tool: ToolSpec) -> dict[str, Json]:
    function = {"name": tool.name, "description": tool.description, "parameters": tool.parameters}
    return {"type": "function", "function": function}


def _response_format(schema: dict[str, Json], support: SchemaSupport) -> dict[str, Json]:
    if support == "json_object":
        return {"type": "json_object"}
    return {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}


def _in_words(schema: dict[str, Json]) -> str:
    """What is said of a schema to a model whose provider does not hold it to one."""
    return (
        f"Answer with nothing but JSON that fits this JSON Schema:\n{json.dumps(schema, ensure_ascii=False)}"
    )


def encode(value: Json) -> bytes:
    """Write JSON text. Lone surrogates, which models do produce, go out as escapes."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, ensure_ascii=True).encode()


def decode(text: bytes) -> Json:
    """Read JSON text, lone surrogates among its escapes included. Raises ValueError if it is none."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return json.loads(text)
