"""Answers in the OpenAI chat-completions wire format, whole or in chunks.

Every lane reads its answers here: LiteLLM and llama.cpp give them in the same shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wireloom.engine.services import FinishReason, Json, ToolCall, Usage
from wireloom.llm.errors import ProviderProtocolError
from wireloom.llm.protocol import Completion, OnText
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
    """Puts one answer together. `on_text` is told its text, piece by piece."""

    __slots__ = ("_calls", "_on_text", "_provider", "_reason", "_secret", "_texts", "_usage")

    def __init__(self, provider: str, secret: str = "", on_text: OnText | None = None) -> None:
        self._provider = provider
        self._secret = secret
        self._on_text = on_text
        self._texts: list[str] = []
        self._calls: dict[int, _ToolCallPieces] = {}
        self._usage: Usage | None = None
        self._reason: FinishReason | None = None

    def whole(self, answer: Json) -> Completion:
        """Read a whole answer. Raises ProviderProtocolError if it is none."""
        choice = self._choice(answer, required=True)
        self._take(choice.get("message"))
        self._reason = self._reason or "stop"
        return self.end()

    def chunk(self, chunk: Json) -> None:
        """Read one chunk. Raises ProviderProtocolError if it is none."""
        choice = self._choice(chunk, required=False)
        self._take(choice.get("delta"))

    def end(self) -> Completion:
        """Give the answer, now that it is over.

        Raises ProviderProtocolError if nothing said that it is: it was cut off.
        """
        if self._reason is None:
            raise self.broken("ended before it was finished")
        calls = tuple(
            [ToolCall(call.id, call.name, "".join(call.arguments)) for _, call in sorted(self._calls.items())]
        )
        # Some providers end with "stop" although tools were called.
        finish = "tool_calls" if calls and self._reason == "stop" else self._reason
        return Completion("".join(self._texts), finish, calls, self._usage or Usage())

    @property
    def saw_nothing(self) -> bool:
        """Whether no text, no tool call and no usage have come."""
        return not (self._texts or self._calls or self._usage)

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

    def _take(self, message: Json) -> None:
        """Add a message, or a part of one."""
        if not isinstance(message, dict):
            return
        for position, piece in enumerate(message.get("tool_calls") or ()):
            self._piece(piece, position)
        # A refusal is the model's answer as well, only under another name.
        text = message.get("content") or message.get("refusal")
        if isinstance(text, str) and text:
            self._texts.append(text)
            if self._on_text is not None:
                self._on_text(text)

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
