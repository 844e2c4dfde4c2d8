"""The web as a step sees it: every request recorded, every secret kept to its host."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from wireloom.engine.services import Call, CallResult, Calls, HttpReply, HttpRequest, Json
from wireloom.net.answers import Answer
from wireloom.net.client import HttpClient
from wireloom.net.errors import EgressDenied, HttpBusy, HttpRefused, InvalidRequest
from wireloom.net.retry_after import parse_retry_after
from wireloom.net.target import parse_target

#: What an answer may hold, decompressed: as much as a step may give.
MAX_ANSWER = 25 * 1024 * 1024
MAX_REDIRECTS = 5
#: Bodies above this are decoded in a thread, in bytes.
LARGE = 256 * 1024
_OK = range(200, 300)
#: Answers that another attempt may better.
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
#: How much of a refusal its error shows, in characters.
_SHOWN = 300


class HostSecret(Protocol):
    """A secret that one host is shown."""

    @property
    def secret(self) -> str: ...

    @property
    def base_url(self) -> str | None: ...


#: Gives the credential of that name, or None.
type SecretSource = Callable[[str], Awaitable[HostSecret | None]]


class HttpService:
    """The `http` port of one step."""

    def __init__(self, client: HttpClient, secrets: SecretSource, calls: Calls) -> None:
        self._client = client
        self._secrets = secrets
        self._calls = calls

    async def send(self, request: HttpRequest) -> HttpReply:
        """Give the answer (see Http). Raises NetError."""
        name = f"{request.method} {parse_target(request.url).host}"
        result = await self._calls.record(
            "http", name, _asked(request), lambda call: self._make(request, call)
        )
        return HttpReply(**result.value)

    async def _make(self, request: HttpRequest, call: Call) -> CallResult:
        headers = {"Idempotency-Key": call.idempotency_key, **request.headers}
        if request.credential is not None:
            headers["Authorization"] = f"Bearer {await self._secret(request.credential, request.url)}"
        answer = await self._client.request(
            request.method,
            request.url,
            headers=headers,
            body=None if request.body is None else request.body.encode("utf-8", "surrogatepass"),
            max_bytes=MAX_ANSWER,
            max_redirects=MAX_REDIRECTS,
        )
        if answer.status not in (request.ok_statuses or _OK):
            raise _refused(answer)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        # Much JSON would hold up everything else on the loop.
        large = len(answer.body) > LARGE
        body = await asyncio.to_thread(_decoded, answer) if large else _decoded(answer)
        return CallResult({"status": answer.status, "headers": headers, "body": body})

    async def _secret(self, name: str, url: str) -> str:
        credential = await self._secrets(name)
        if credential is None:
            raise InvalidRequest(f"There is no credential {name!r}.")
        if (
            credential.base_url is None
            or parse_target(credential.base_url).origin != parse_target(url).origin
        ):
            raise EgressDenied(
                f"The credential {name!r} belongs to another host than {parse_target(url).host!r}."
            )
        return credential.secret


def _asked(request: HttpRequest) -> dict[str, Json]:
    """What is recorded of a request: all but its secret."""
    return {
        "method": request.method,
        "url": request.url,
        "headers": request.headers,
        "body": request.body,
        "credential": request.credential,
        "ok_statuses": None if request.ok_statuses is None else list(request.ok_statuses),
    }


def _refused(answer: Answer) -> HttpRefused:
    shown = answer.body[: 4 * _SHOWN].decode("utf-8", "replace")[:_SHOWN]
    message = f"The answer was {answer.status}: {shown}"
    if answer.status in _PASSING:
        return HttpBusy(message, parse_retry_after(answer.headers))
    return HttpRefused(message)


def _decoded(answer: Answer) -> Any:
    """The body: decoded if its type says JSON and it is, else as text, what is no UTF-8 replaced."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    text = answer.body.decode("utf-8", "replace")
    if kind == "application/json" or kind.endswith("+json"):
        try:
            return json.loads(text, parse_constant=_refuse)
        except ValueError:
            return text
    return text


def _refuse(constant: str) -> None:
    """NaN and infinities are no JSON."""
    raise ValueError(constant)
