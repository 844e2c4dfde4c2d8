"""Chat models as a step sees them: every question recorded, every answer priced."""

from __future__ import annotations

import time
from collections.abc import Callable

from wireloom.engine.services import Call, CallResult, Calls, ChatReply, ChatRequest, ToolCall, Usage
from wireloom.llm.credentials import CredentialSource
from wireloom.llm.errors import ContentFiltered
from wireloom.llm.models import Models
from wireloom.llm.protocol import Finished, TextDelta, ToolCalled, UsageReported
from wireloom.llm.records import answered, asked, reply_from


class ModelService:
    """The `llm` port of one step.

    `default_model` answers requests that name none; without it the picker's first does.
    """

    def __init__(
        self,
        models: Models,
        credentials: CredentialSource,
        calls: Calls,
        *,
        default_model: str = "",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._models = models
        self._credentials = credentials
        self._calls = calls
        self._default_model = default_model
        self._monotonic = monotonic

    async def complete(self, request: ChatRequest) -> ChatReply:
        """Give the model's answer (see Llm). Raises ProviderError, and EgressDenied for a user's base URL."""
        model = request.model or self._default_model or await self._models.default(self._credentials)
        # What is recorded is what was asked: a default may be another one when the step runs again.
        result = await self._calls.record(
            "llm", model, asked(request), lambda call: self._ask(model, request, call)
        )
        reply = reply_from(result.value)
        if reply.finish == "content_filter":
            # Raised only now: the call is recorded with what it cost, and is not made again.
            provider = model.partition("/")[0]
            raise ContentFiltered(f"The content filter of {provider} cut the answer off.", provider=provider)
        return reply

    async def _ask(self, model: str, request: ChatRequest, call: Call) -> CallResult:
        route = await self._models.route(model, self._credentials, request.credential)
        whole = not call.wants_deltas
        started, first_token_ms = self._monotonic(), None
        texts: list[str] = []
        tool_calls: list[ToolCall] = []
        usage, finish = Usage(), None
        async for event in route.model.complete(request, whole=whole, idempotency_key=call.idempotency_key):
            match event:
                case TextDelta(text):
                    texts.append(text)
                    if not whole:
                        first_token_ms = first_token_ms or (self._monotonic() - started) * 1000
                        call.delta(text)
                case ToolCalled(tool_call):
                    tool_calls.append(tool_call)
                case UsageReported(reported):
                    usage = reported
                case Finished(reason):
                    finish = reason
        assert finish is not None, "a chat model's events end with Finished"
        usage = Usage(
            usage.input_tokens,
            usage.output_tokens,
            usage.cached_tokens,
            usage.reasoning_tokens,
            await self._models.cost(route.id, usage),
        )
        value = answered(
            text="".join(texts),
            tool_calls=tool_calls,
            finish=finish,
            model=route.id,
            lane=route.model.lane,
            usage=usage,
            first_token_ms=first_token_ms,
        )
        return CallResult(value, usage)
