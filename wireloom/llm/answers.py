"""Answers in the OpenAI chat-completions wire format, turned into events.

Every lane reads its answers here: LiteLLM and llama.cpp give them in the same shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wireloom.engine.services import FinishReason, Json, ToolCall, Usage
from wireloom.llm.errors import ProviderProtocolError
from wireloom.llm.protocol import ChatEvent, Finished, TextDelta, ToolCalled, UsageReported
from wireloom.llm.refusals import message_of, shorten

_REASONS: Mapping[str, FinishReason] = {
    "length": "length",
    "tool_calls": "tool_calls",
    "function_call": "tool_calls",
    "content_filter": "content_filter",
}


@dataclass(slots=True)
class _ToolCallPieces:
    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)


class AnswerReader:
    """Turns one answer, whole or in chunks, into events."""

    def __init__(self, provider: str, secret: str = "") -> None:
        self._provider = provider
        self._secret = secret
        self._calls: dict[int, _ToolCallPieces] = {}
        self._usage: Usage | None = None
        self._reason: FinishReason | None = None
        self._texted = False

    def whole(self, answer: Json) -> list[ChatEvent]:
        """Read a whole answer. Raises ProviderProtocolError if it is none."""
        choice = self._choice(answer, required=True)
        events = self._delta(choice.get("message"))
        self._reason = self._reason or "stop"
        return events + self.end()

    def chunk(self, chunk: Json) -> list[ChatEvent]:
        """Read one chunk. Raises ProviderProtocolError if it is none."""
        choice = self._choice(chunk, required=False)
        return self._delta(choice.get("delta")) if choice else []

    def end(self) -> list[ChatEvent]:
        """Give what is known once the answer is over.

        Raises ProviderProtocolError if nothing said that it is: it was cut off.
        """
        if self._reason is None:
            raise self.broken("ended before it was finished")
        events: list[ChatEvent] = [
            ToolCalled(ToolCall(call.id, call.name, "".join(call.arguments)))
            for _, call in sorted(self._calls.items())
        ]
        if self._usage is not None:
            events.append(UsageReported(self._usage))
        # Some providers end with "stop" although tools were called.
        events.append(Finished("tool_calls" if self._calls and self._reason == "stop" else self._reason))
        return events

    @property
    def saw_nothing(self) -> bool:
        """Whether no text, no tool call and no usage have come."""
        return not (self._texted or self._calls or self._usage)

    def broken(self, how: str) -> ProviderProtocolError:
        return ProviderProtocolError(
            f"The answer of {self._provider} {how}.", provider=self._provider, status=200
        )

    def _choice(self, answer: Json, *, required: bool) -> dict[str, Json]:
        if not isinstance(answer, dict):
            raise self.broken("is not an object")
        if answer.get("error"):
            said = shorten(message_of(answer) or "no message", self._secret)
            raise self.broken(f"is an error under status 200: {said}")
        self._count(answer)
        choices = answer.get("choices")
        if isinstance(choices, list) and choices and isinstance(choices[0], dict):
            choice: dict[str, Json] = choices[0]
            if reason := choice.get("finish_reason"):
                self._reason = _REASONS.get(reason, "stop") if isinstance(reason, str) else "stop"
            return choice
        if required or not isinstance(choices, list | None):
            raise self.broken("has no choices")
        return {}

    def _delta(self, delta: Json) -> list[ChatEvent]:
        if not isinstance(delta, dict):
            return []
        for position, piece in enumerate(delta.get("tool_calls") or ()):
            self._piece(piece, position)
        # A refusal is the model's answer as well, only under another name.
        text = delta.get("content") or delta.get("refusal")
        if not isinstance(text, str) or not text:
            return []
        self._texted = True
        return [TextDelta(text)]

    def _piece(self, piece: Json, position: int) -> None:
        if not isinstance(piece, dict):
            raise self.broken("holds a tool call that is not an object")
        index, function = piece.get("index"), piece.get("function") or {}
        call = self._calls.setdefault(index if isinstance(index, int) else position, _ToolCallPieces())
        call.id = call.id or str(piece.get("id") or "")
        call.name = call.name or str(function.get("name") or "")
        call.arguments.append(str(function.get("arguments") or ""))

    def _count(self, answer: dict[str, Json]) -> None:
        usage = answer.get("usage")
        if isinstance(usage, dict):
            self._usage = usage_of(usage)


#: Above what any number in JSON is sure to be kept, and far above any count of tokens.
_NO_COUNT = 2**53


def usage_of(usage: Mapping[str, Json]) -> Usage:
    """Read a `usage` object; what is missing, or no count that tokens can have, is taken for 0."""
    read, written = _part(usage, "prompt_tokens_details"), _part(usage, "completion_tokens_details")
    return Usage(
        input_tokens=_number(usage.get("prompt_tokens")),
        output_tokens=_number(usage.get("completion_tokens")),
        cached_tokens=_number(read.get("cached_tokens") or usage.get("prompt_cache_hit_tokens")),
        reasoning_tokens=_number(written.get("reasoning_tokens")),
    )


def _part(usage: Mapping[str, Json], name: str) -> Mapping[str, Json]:
    value = usage.get(name)
    return value if isinstance(value, dict) else {}


def _number(value: Json) -> int:
    return value if type(value) is int and 0 < value < _NO_COUNT else 0
