"""What every chat model does, whichever lane it answers over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Literal, Protocol

from wireloom.engine.services import ChatRequest, FinishReason, ToolCall, Usage
from wireloom.frozen import frozen

#: The lanes that lead to a provider, of which an operator may force one.
type RemoteLane = Literal["direct", "litellm"]
type Lane = RemoteLane | Literal["local"]

#: Seconds of silence that a streamed answer may hold, and a whole one begin with: it is thought out first.
IDLE_S = 60.0
WHOLE_S = 600.0

#: Is told each piece of an answer's text as it arrives. Never waits.
type OnText = Callable[[str], None]


@frozen
class Completion:
    """An answer that is complete. `usage` is the provider's own count, without a price; zeros if it tells none."""

    text: str
    finish: FinishReason
    tool_calls: tuple[ToolCall, ...] = ()
    usage: Usage = field(default_factory=Usage)


class ChatModel(Protocol):
    """One model of one provider, reached with one credential."""

    @property
    def lane(self) -> Lane: ...

    async def complete(
        self, request: ChatRequest, on_text: OnText | None = None, *, idempotency_key: str | None = None
    ) -> Completion:
        """Give the answer, once it is complete.

        `on_text` is told the text as it arrives, also that of an answer that breaks off.
        Without it the answer is asked for in one piece, which costs less. The request's
        `model` and `credential` have been obeyed already, by whoever chose this model.
        Nothing is tried twice.

        Raises ProviderError.
        """
