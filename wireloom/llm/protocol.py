"""What every chat model does, whichever lane it answers over."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal, Protocol

from wireloom.engine.services import ChatRequest, FinishReason, ToolCall, Usage

#: The lanes that lead to a provider, of which an operator may force one.
type RemoteLane = Literal["direct", "litellm"]
type Lane = RemoteLane | Literal["local"]

#: Seconds of silence that a streamed answer may hold, and a whole one begin with: it is thought out first.
IDLE_S = 60.0
WHOLE_S = 600.0


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCalled:
    """A tool call, whole: its pieces are put together before anyone sees it."""

    call: ToolCall


@dataclass(frozen=True, slots=True)
class UsageReported:
    """The provider's own count of the whole answer's tokens, without a price."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class Finished:
    """The answer is complete. Always the last event, and always there."""

    reason: FinishReason


type ChatEvent = TextDelta | ToolCalled | UsageReported | Finished


class ChatModel(Protocol):
    """One model of one provider, reached with one credential."""

    @property
    def lane(self) -> Lane: ...

    def complete(
        self, request: ChatRequest, *, whole: bool = False, idempotency_key: str | None = None
    ) -> AsyncIterator[ChatEvent]:
        """Give the answer as events: text, tool calls, usage if the provider tells it, then `Finished`.

        `whole` asks for the answer in one piece, which costs less. The request's
        `model` and `credential` have been obeyed already, by whoever chose this model.
        Nothing is tried twice.

        Raises ProviderError.
        """
