"""Chat models as a step sees them: every question recorded, every answer priced."""

from __future__ import annotations

import time
from collections.abc import Callable

from wireloom.engine.errors import BudgetExceeded, PriceUnknown
from wireloom.engine.services import Call, CallResult, Calls, ChatReply, ChatRequest
from wireloom.llm.credentials import CredentialSource
from wireloom.llm.errors import ContentFiltered, ProviderError
from wireloom.llm.models import Models
from wireloom.llm.records import answered, asked, most_tokens, reply_from


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
        """Give the model's answer (see Llm).

        Raises ProviderError, EgressDenied for a user's base URL, and under a budget BudgetExceeded and PriceUnknown.
        """
        model = request.model or self._default_model or await self._models.default(self._credentials)
        # What is recorded is what was asked: a default may be another one when the step runs again.
        if self._calls.is_budgeted or request.max_cost_usd is not None:
            worst = await self._worst_usd(model, request)
            async with self._calls.reserved(worst):
                result = await self._recorded(model, request)
        else:
            result = await self._recorded(model, request)
        reply = reply_from(result.value)
        if reply.finish == "content_filter":
            # Raised only now: the call is recorded with what it cost, and is not made again.
            provider = model.partition("/")[0]
            raise ContentFiltered(f"The content filter of {provider} cut the answer off.", provider=provider)
        return reply

    async def _recorded(self, model: str, request: ChatRequest) -> CallResult:
        return await self._calls.record(
            "llm", model, asked(request), lambda call: self._ask(model, request, call)
        )

    async def _worst_usd(self, model: str, request: ChatRequest) -> float:
        """What the call costs at most. Raises PriceUnknown, and BudgetExceeded if the request allows less."""
        route = await self._models.route(model, self._credentials, request.credential)
        if route.price is None:
            raise PriceUnknown(f"Nobody knows what {model} costs, and what may be spent is bounded.")
        worst = route.price.worst(most_tokens(request), request.max_tokens)
        if request.max_cost_usd is not None and worst > request.max_cost_usd:
            raise BudgetExceeded(
                f"The call may cost {worst:.6f} USD; {max(0.0, request.max_cost_usd):.6f} USD are left to the agent."
            )
        return worst

    async def _ask(self, model: str, request: ChatRequest, call: Call) -> CallResult:
        route = await self._models.route(model, self._credentials, request.credential)
        shown = _Shown(call, self._monotonic) if call.wants_deltas else None
        try:
            with route.breaker:
                completion = await route.model.complete(request, shown, idempotency_key=call.idempotency_key)
        except ProviderError as error:
            if shown is not None and shown.pieces:
                error.partial = {"text": "".join(shown.pieces), "partial": True}
            raise
        usage = route.priced(completion.usage)
        value = answered(
            completion,
            usage,
            model=route.id,
            lane=route.model.lane,
            first_token_ms=shown.first_token_ms if shown else None,
        )
        return CallResult(value, usage)


class _Shown:
    """Shows a call's text as it arrives, and notes how long the first piece took. What it shows it keeps."""

    def __init__(self, call: Call, monotonic: Callable[[], float]) -> None:
        self.first_token_ms: float | None = None
        self.pieces: list[str] = []
        self._call = call
        self._monotonic = monotonic
        self._started = monotonic()

    def __call__(self, text: str) -> None:
        if self.first_token_ms is None:
            self.first_token_ms = (self._monotonic() - self._started) * 1000
        self.pieces.append(text)
        self._call.delta(text)
