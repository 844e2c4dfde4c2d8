"""The direct lane: OpenAI's wire itself, over the one pooled HTTP client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from wireloom.engine.services import ChatRequest, Json
from wireloom.llm.answers import AnswerReader
from wireloom.llm.errors import (
    ProviderError,
    ProviderProtocolError,
    ProviderRefused,
    ProviderTimeout,
    ProviderUnavailable,
)
from wireloom.llm.protocol import IDLE_S, WHOLE_S, Completion, Lane, OnText
from wireloom.llm.refusals import refusal
from wireloom.llm.sse import EventStream
from wireloom.llm.wire import Dialect, body_of, decode, encode
from wireloom.net.answers import StreamedAnswer
from wireloom.net.client import HttpClient
from wireloom.net.egress import Trust
from wireloom.net.errors import AnswerTooLarge, EgressDenied, InvalidRequest, NetError, RequestTimedOut
from wireloom.net.retry_after import parse_retry_after

#: How long to wait after `[DONE]` for the end of the body, which gives the connection back to the pool.
_LINGER_S = 1.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a provider answers, and how it knows us. The headers hold the secret, so they are never shown."""

    provider: str
    url: str
    headers: Mapping[str, str] = field(repr=False)
    secret: str = field(repr=False)
    trust: Trust
    dialect: Dialect = field(default_factory=Dialect)


class DirectModel:
    """A chat model behind an endpoint that speaks OpenAI's chat completions."""

    def __init__(
        self,
        client: HttpClient,
        endpoint: Endpoint,
        name: str,
        *,
        lane: Lane = "direct",
        idle_s: float = IDLE_S,
        whole_s: float = WHOLE_S,
    ) -> None:
        self._client = client
        self._endpoint = endpoint
        self._name = name
        self._lane: Lane = lane
        self._idle_s = idle_s
        self._whole_s = whole_s

    @property
    def lane(self) -> Lane:
        return self._lane

    async def complete(
        self, request: ChatRequest, on_text: OnText | None = None, *, idempotency_key: str | None = None
    ) -> Completion:
        """Give the answer (see ChatModel). Raises ProviderError, and EgressDenied for a user's host."""
        endpoint = self._endpoint
        body = encode(body_of(request, self._name, whole=on_text is None, dialect=endpoint.dialect))
        headers = endpoint.headers
        if idempotency_key is not None:
            headers = {**headers, "Idempotency-Key": idempotency_key}
        reader = AnswerReader(endpoint.provider, endpoint.secret, on_text)
        try:
            if on_text is not None:
                return await self._streamed(body, headers, reader)
            answer = await self._client.request(
                "POST", endpoint.url, headers=headers, body=body, trust=endpoint.trust, idle_s=self._whole_s
            )
            return self._read(answer.status, answer.headers, answer.body, reader)
        except NetError as error:
            raise self._unreached(error) from error

    def _read(self, status: int, headers: Mapping[str, str], body: bytes, reader: AnswerReader) -> Completion:
        if status != 200:
            raise self._refused(status, headers, body)
        return reader.whole(_parse(body, reader))

    async def _streamed(self, body: bytes, headers: Mapping[str, str], reader: AnswerReader) -> Completion:
        endpoint = self._endpoint
        async with self._client.stream(
            "POST", endpoint.url, headers=headers, body=body, trust=endpoint.trust, idle_s=self._idle_s
        ) as answer:
            if answer.status != 200 or "event-stream" not in answer.headers.get("Content-Type", ""):
                # An endpoint that cannot stream answers whole; an error under 200 looks the same.
                return self._read(answer.status, answer.headers, await answer.read(), reader)
            async for data in _data_of(answer):
                reader.chunk(_parse(data, reader))
        return reader.end()

    def _refused(self, status: int, headers: Mapping[str, str], body: bytes) -> ProviderError:
        try:
            said: Json = decode(body)
        except ValueError:
            said = body.decode(errors="replace")
        endpoint = self._endpoint
        return refusal(
            endpoint.provider, status, said, retry_after=parse_retry_after(headers), secret=endpoint.secret
        )

    def _unreached(self, error: NetError) -> NetError | ProviderError:
        provider = self._endpoint.provider
        match error:
            case EgressDenied():
                return error
            case RequestTimedOut():
                return ProviderTimeout(f"{provider}: {error.message}", provider=provider)
            case AnswerTooLarge():
                return ProviderProtocolError(f"{provider}: {error.message}", provider=provider)
            case InvalidRequest():
                return ProviderRefused(f"{provider}: {error.message}", provider=provider)
            case _:
                return ProviderUnavailable(f"{provider}: {error.message}", provider=provider)


def _parse(data: bytes, reader: AnswerReader) -> Json:
    try:
        return decode(data)
    except ValueError:
        raise reader.broken("is not JSON") from None


async def _data_of(answer: StreamedAnswer) -> AsyncIterator[bytes]:
    """Give the data of each event up to `[DONE]`, which some providers leave out."""
    events = EventStream()
    async for chunk in answer.chunks():
        for data in events.feed(chunk):
            if data == b"[DONE]":
                with suppress(NetError, TimeoutError):
                    async with asyncio.timeout(_LINGER_S):
                        await answer.read()
                return
            yield data
    for data in events.end():
        if data != b"[DONE]":
            yield data
