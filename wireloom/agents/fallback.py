"""Other models to ask when one gives no answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from wireloom.engine.errors import RecordedFailure
from wireloom.engine.services import ChatReply, ChatRequest, Llm
from wireloom.errors import WireloomError
from wireloom.frozen import frozen


@frozen
class Candidate:
    """A model to ask, by `provider/name`, and the credential to ask it with; empty and None are the defaults."""

    model: str
    credential: str | None = None


class FallbackLlm:
    """Asks one model after the other until one answers; each call stands in the trace under its model's name.

    It goes on when a provider fails, is silent or is left alone by its breaker,
    and never once text of an answer was shown. What the provider refused (4xx, a
    content filter) would be refused again, so that passes on only where its
    code is among `also`.
    """

    def __init__(self, llm: Llm, candidates: Sequence[Candidate], also: Collection[str] = ()) -> None:
        self._llm = llm
        self._candidates = candidates
        self._also = also

    async def complete(self, request: ChatRequest) -> ChatReply:
        """Give the first answer (see Llm). Raises what the last model that was asked raised."""
        *first, last = self._candidates
        for candidate in first:
            try:
                return await self._ask(request, candidate)
            except WireloomError as error:
                if not self._passes(error):
                    raise
        return await self._ask(request, last)

    async def _ask(self, request: ChatRequest, candidate: Candidate) -> ChatReply:
        return await self._llm.complete(
            replace(request, model=candidate.model, credential=candidate.credential)
        )

    def _passes(self, error: WireloomError) -> bool:
        if isinstance(error, RecordedFailure):
            return True  # the step went on from here before
        if getattr(error, "partial", None) is not None:
            return False
        failed = error.retryable and error.code != "provider_rate_limit"
        return failed or error.code == "circuit_open" or error.code in self._also
