"""The LiteLLM lane: every provider that does not speak OpenAI's wire, through LiteLLM.

LiteLLM takes seconds to import, so a thread does it when the first question
comes. Its retries are off (they stand above the protocol, once), and so is
everything that would speak to the network by itself.
"""

from __future__ import annotations

import asyncio
import os
import warnings
from collections.abc import AsyncIterator
from functools import cache
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from wireloom.engine.services import ChatRequest, Json
from wireloom.llm.answers import AnswerReader
from wireloom.llm.credentials import Credential
from wireloom.llm.errors import (
    ContentFiltered,
    ContextTooLong,
    ProviderError,
    ProviderProtocolError,
    ProviderTimeout,
    ProviderUnavailable,
)
from wireloom.llm.protocol import IDLE_S, WHOLE_S, Completion, Lane, OnText
from wireloom.llm.providers import Provider
from wireloom.llm.refusals import refusal, shorten
from wireloom.llm.wire import Dialect, body_of
from wireloom.net.errors import EgressDenied
from wireloom.net.retry_after import parse_retry_after

#: How the clients under LiteLLM (httpx, aiohttp, openai) call a connection that failed or broke.
_NOT_REACHED = {
    "ConnectError",
    "ConnectTimeout",
    "ReadError",
    "RemoteProtocolError",
    "WriteError",
    "ClientPayloadError",
}


def installed() -> bool:
    """Whether LiteLLM is there. Imports nothing."""
    return find_spec("litellm") is not None


class LiteLlmModel:
    """A chat model behind LiteLLM.

    Raises EgressDenied when made with a base URL that a user chose, be it in place of
    the model's name: LiteLLM opens its own connections, which the guard cannot watch.
    """

    lane: Lane = "litellm"

    def __init__(
        self,
        provider: Provider,
        credential: Credential,
        name: str,
        *,
        idle_s: float = IDLE_S,
        whole_s: float = WHOLE_S,
    ) -> None:
        if credential.base_url is not None and not credential.trusted:
            raise EgressDenied(
                f"Credential {credential.name!r} has a base URL, and {provider.name} is asked through LiteLLM, "
                "which takes none but the operator's."
            )
        if "://" in name:
            # For some providers LiteLLM takes a URL as the model, and asks there.
            raise EgressDenied(f"{name!r} is an address, and {provider.name} is asked by a model's name.")
        self._provider = provider.name
        self._model = f"{provider.litellm_name or provider.name}/{name}"
        self._credential = credential
        self._idle_s = idle_s
        self._whole_s = whole_s

    async def complete(
        self, request: ChatRequest, on_text: OnText | None = None, *, idempotency_key: str | None = None
    ) -> Completion:
        """Give the answer (see ChatModel). LiteLLM sends no idempotency key: not all its providers take one."""
        litellm = await asyncio.to_thread(_import)
        reader = AnswerReader(self._provider, self._credential.secret, on_text)
        try:
            if on_text is None:
                async with asyncio.timeout(self._whole_s):
                    answer = await litellm.acompletion(**self._arguments(request, whole=True))
                return reader.whole(_plain(answer))
            async for chunk in self._chunks(litellm, request):
                reader.chunk(chunk)
        except ProviderError:
            raise
        except TimeoutError as error:
            raise self._silent() from error
        except Exception as error:
            raise self._failure(error) from error
        if reader.saw_nothing:
            # LiteLLM makes an empty answer of a body that is no event stream.
            raise reader.broken("is empty")
        return reader.end()

    async def _chunks(self, litellm: ModuleType, request: ChatRequest) -> AsyncIterator[Json]:
        async with asyncio.timeout(self._idle_s):
            chunks = aiter(await litellm.acompletion(**self._arguments(request, whole=False)))
        while True:
            async with asyncio.timeout(self._idle_s):
                chunk = await anext(chunks, None)
            if chunk is None:
                return
            yield _plain(chunk)

    def _arguments(self, request: ChatRequest, *, whole: bool) -> dict[str, Any]:
        arguments = body_of(request, self._model, whole=whole, dialect=Dialect())
        credential = self._credential
        return arguments | {
            "api_key": credential.secret or None,
            "api_base": credential.base_url,
            "num_retries": 0,
            "max_retries": 0,
            "timeout": self._whole_s if whole else self._idle_s,
        }

    def _silent(self) -> ProviderTimeout:
        return ProviderTimeout(f"{self._provider} did not answer in time.", provider=self._provider)

    def _failure(self, error: Exception) -> ProviderError:
        """Name an exception of LiteLLM's, whose classes follow OpenAI's and carry a status, right or made up."""
        provider, secret = self._provider, self._credential.secret
        said = shorten(str(getattr(error, "message", error)), secret)
        told, causes = f"{provider}: {said}", _causes(error)
        kinds = {type(cause).__name__ for cause in causes}
        status = getattr(error, "status_code", None)
        match type(error).__name__:
            case "Timeout" | "APITimeoutError":
                return self._silent()
            case "ContextWindowExceededError":
                return ContextTooLong(told, provider=provider, status=400)
            case "ContentPolicyViolationError":
                return ContentFiltered(told, provider=provider, status=400)
        if kinds & _NOT_REACHED:
            return ProviderUnavailable(told, provider=provider)
        # What LiteLLM cannot read it calls a 500 or so, although the provider answered 200:
        # a true 500 has an error of the client's own beneath.
        answered = any(hasattr(cause, "response") for cause in causes if not _of_litellm(cause))
        if not isinstance(status, int) or status < 400 or (status >= 500 and not answered):
            return ProviderProtocolError(told, provider=provider)
        headers = getattr(getattr(error, "response", None), "headers", None) or {}
        return refusal(provider, status, said, retry_after=parse_retry_after(headers), secret=secret)


def _causes(error: BaseException) -> list[BaseException]:
    """Give `error`, what caused it, and so on."""
    causes: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__ or cause.__context__
    return causes


def _of_litellm(error: BaseException) -> bool:
    return type(error).__module__.partition(".")[0] == "litellm"


@cache
def _import() -> ModuleType:
    # It would fetch its price map from the network otherwise.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import litellm
    litellm.telemetry = False
    litellm.suppress_debug_info = True
    litellm.num_retries = 0
    return litellm


async def aclose() -> None:
    """Close the connections that LiteLLM keeps, if it was ever used."""
    if _import.cache_info().currsize:
        await _import().close_litellm_async_clients()


def _plain(answer: Any) -> Json:
    return answer.model_dump(exclude_none=True)
