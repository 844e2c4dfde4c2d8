"""What a model call looks like in the journal: JSON of what was asked and of what came back."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from wireloom.engine.services import ChatReply, ChatRequest, Json, Message, ToolCall, Usage
from wireloom.llm.protocol import Completion


def asked(request: ChatRequest) -> dict[str, Json]:
    """Write everything that was asked. `model` is null where the default was asked for; nothing in it is secret."""
    record: dict[str, Json] = {
        "model": request.model or None,
        "messages": [_message(message) for message in request.messages],
    }
    for name in ("temperature", "max_tokens", "output_schema", "credential"):
        value = getattr(request, name)
        if value is not None:
            record[name] = value
    if request.tools:
        record["tools"] = [asdict(tool) for tool in request.tools]
    return record


#: What a provider may put around each message and tool, in tokens.
_AROUND = 32


def most_tokens(request: ChatRequest) -> int:
    """More tokens than the request can have: no token is shorter than a byte."""
    texts = [message.content for message in request.messages]
    texts += [call.arguments for message in request.messages for call in message.tool_calls]
    rest = [tool.parameters for tool in request.tools], request.output_schema
    texts += [tool.description for tool in request.tools]
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in (*texts, json.dumps(rest)))
    return size + _AROUND * (len(request.messages) + len(request.tools) + 1)


def _message(message: Message) -> dict[str, Json]:
    record: dict[str, Json] = {"role": message.role, "content": message.content}
    if message.tool_calls:
        record["tool_calls"] = [_tool_call(call) for call in message.tool_calls]
    if message.tool_call_id is not None:
        record["tool_call_id"] = message.tool_call_id
    return record


def _tool_call(call: ToolCall) -> dict[str, Json]:
    return {"id": call.id, "name": call.name, "arguments": call.arguments}


def answered(
    completion: Completion, usage: Usage, *, model: str, lane: str, first_token_ms: float | None
) -> dict[str, Json]:
    """Write an answer and its priced usage; `reply_from` makes a reply of it, now and when it is replayed."""
    return {
        "text": completion.text,
        "tool_calls": [_tool_call(call) for call in completion.tool_calls],
        "finish": completion.finish,
        "model": model,
        "lane": lane,
        "usage": usage.to_json(),
        "first_token_ms": first_token_ms,
    }


def reply_from(record: dict[str, Any]) -> ChatReply:
    """Read what `answered` wrote."""
    return ChatReply(
        text=record["text"],
        model=record["model"],
        lane=record["lane"],
        finish=record["finish"],
        tool_calls=tuple([ToolCall(**call) for call in record["tool_calls"]]),
        usage=Usage(**record["usage"]),
        first_token_ms=record["first_token_ms"],
    )
