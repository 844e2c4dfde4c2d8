"""The tool loop: a model asks for tools until it answers, and everything said before stands in every round."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from wireloom.engine.errors import ToolDenied, ToolError
from wireloom.engine.services import ChatReply, ChatRequest, Llm, Message, ToolCall, Tools
from wireloom.frozen import frozen
from wireloom.graph.expressions.functions import render

#: Asking for the same thing so often is going round in circles.
_SAME_CALLS = 3

#: Why a loop ended before the model had answered.
type Truncation = Literal["rounds", "repeated"]


@frozen
class Answered:
    """What a model came to, and all that was said on the way. `truncated` is None if it ended by itself."""

    reply: ChatReply
    messages: tuple[Message, ...]
    truncated: Truncation | None = None


async def converse(
    llm: Llm,
    tools: Tools,
    request: ChatRequest,
    *,
    names: Sequence[str],
    max_rounds: int,
    tool_timeout_s: float | None = None,
) -> Answered:
    """Ask, run the tools that the answer wishes, ask again; at most `max_rounds` times.

    The tools of one answer run at once, and their results stand in the order of
    the calls. What goes wrong in a tool is told to the model, which may do better.

    Raises ProviderError.
    """
    messages, seen = list(request.messages), Counter[tuple[str, str]]()
    while True:
        reply = await llm.complete(replace(request, messages=tuple(messages)))
        messages.append(Message("assistant", reply.text, reply.tool_calls))
        if not reply.tool_calls:
            return Answered(reply, tuple(messages))
        seen.update(map(_identity, reply.tool_calls))
        if any(seen[_identity(wish)] >= _SAME_CALLS for wish in reply.tool_calls):
            return Answered(reply, tuple(messages), "repeated")
        results = await asyncio.gather(
            *(_told(tools, wish, names, tool_timeout_s) for wish in reply.tool_calls)
        )
        messages += [
            Message("tool", text, tool_call_id=wish.id)
            for wish, text in zip(reply.tool_calls, results, strict=True)
        ]
        max_rounds -= 1
        if not max_rounds:
            return Answered(reply, tuple(messages), "rounds")


async def _told(tools: Tools, wish: ToolCall, names: Sequence[str], timeout_s: float | None) -> str:
    """What a tool gave, or what went wrong with it, as a model reads it."""
    try:
        return render(await tools.call(wish, names, timeout_s))
    except (ToolError, ToolDenied) as error:
        return f"Error: {error.message}"


def _identity(wish: ToolCall) -> tuple[str, str]:
    """Two wishes are the same if the tool and the arguments are, however these are written."""
    try:
        return wish.name, json.dumps(json.loads(wish.arguments), sort_keys=True)
    except ValueError:
        return wish.name, wish.arguments
