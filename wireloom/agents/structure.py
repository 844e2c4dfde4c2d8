"""Answers that fit a JSON Schema: read out of what a model says, checked, and asked for again in the checker's words."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from wireloom.engine.errors import InvalidOutput
from wireloom.engine.services import ChatReply, Json, Message
from wireloom.graph.json_values import is_json_text
from wireloom.graph.schemas import schema_problems

#: How often a model may mend its answer.
REPAIRS = 2
#: How much of a bad answer its error shows, in characters.
_SHOWN = 500

_FENCED = re.compile(r"```(?:json)?\s*\n?(.*?)```", re.DOTALL)


async def fitting(
    reply: ChatReply,
    messages: Sequence[Message],
    schema: dict[str, Any],
    ask: Callable[[tuple[Message, ...]], Awaitable[ChatReply]],
) -> Json:
    """The value in `reply`, or in one of the two answers that may mend it.

    Raises InvalidOutput, with the last answer's text, if none fits.
    """
    said = list(messages)
    for repairs_left in range(REPAIRS, -1, -1):
        value, wrong = _read(reply.text, schema)
        if not wrong:
            return value
        if repairs_left:
            said.append(Message("user", _please_mend(wrong)))
            reply = await ask(tuple(said))
            said.append(Message("assistant", reply.text))
    raise InvalidOutput(f"The answer does not fit the schema: {wrong} It was: {reply.text[:_SHOWN]}")


def _read(text: str, schema: dict[str, Any]) -> tuple[Json, str]:
    """The value, and what is wrong with it; "" if nothing is."""
    try:
        value = json.loads(_json_in(text))
    except ValueError as error:
        return None, f"It is no JSON: {error}."
    problems = schema_problems(value, schema, code=InvalidOutput.code)
    return value, " ".join(problem.message for problem in problems[:10])


def _json_in(text: str) -> str:
    """The part that is meant: what stands in a fence, or between the outermost brackets."""
    fenced = _FENCED.search(text)
    if fenced:
        return fenced[1].strip()
    starts = [at for at in (text.find("{"), text.find("[")) if at >= 0]
    end = max(text.rfind("}"), text.rfind("]"))
    stripped = text.strip()
    if not starts or end < min(starts) or stripped[:1] in '{["' or is_json_text(stripped):
        return stripped
    return text[min(starts) : end + 1]


def _please_mend(wrong: str) -> str:
    return f"Your answer does not fit: {wrong} Answer again with nothing but JSON that fits."
