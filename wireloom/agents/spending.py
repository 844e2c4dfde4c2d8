"""An agent's own budget: what all its calls together may cost."""

from __future__ import annotations

from dataclasses import replace

from wireloom.engine.services import ChatReply, ChatRequest, Llm


class BoundedLlm:
    """Refuses the call that could cost more than is left of `limit_usd`."""

    def __init__(self, llm: Llm, limit_usd: float) -> None:
        self._llm = llm
        self._left_usd = limit_usd

    async def complete(self, request: ChatRequest) -> ChatReply:
        """Give the answer (see Llm). Raises BudgetExceeded too, and PriceUnknown."""
        reply = await self._llm.complete(replace(request, max_cost_usd=self._left_usd))
        self._left_usd -= reply.usage.cost_usd or 0.0
        return reply
