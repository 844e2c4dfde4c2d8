"""From an HTTP status and an error body to the error that a caller can act on."""

from __future__ import annotations

import re
from collections.abc import Mapping

from wireloom.engine.services import Json
from wireloom.llm.errors import (
    ContentFiltered,
    ContextTooLong,
    ProviderAuth,
    ProviderError,
    ProviderRateLimit,
    ProviderRefused,
    ProviderUnavailable,
)

_BY_STATUS: Mapping[int, type[ProviderError]] = {
    401: ProviderAuth,
    403: ProviderAuth,
    408: ProviderUnavailable,
    409: ProviderUnavailable,
    425: ProviderUnavailable,
    429: ProviderRateLimit,
}
_CONTENT_FILTER = re.compile(r"content[ _-]?(filter|policy|moderation|management)|safety system", re.I)
_CONTEXT_LENGTH = re.compile(
    r"context[ _-]?(length|window|size)|maximum context|prompt is too long|too many (input )?tokens"
    r"|input is too long|exceeds? the (max|model).{0,30}tokens",
    re.I,
)
#: Longer messages of providers are cut: they quote the request, and once the key.
_LONGEST_MESSAGE = 300
_KEY_LIKE = re.compile(r"\b(?:sk|pk|gsk|xai|hf|key|Bearer)[-_ ][\w*.\-]{8,}", re.I)


def refusal(
    provider: str, status: int, body: Json, *, retry_after: float | None = None, secret: str = ""
) -> ProviderError:
    """Give the error for an answer with `status` that is no success; `body` is its JSON or its text."""
    said = message_of(body)
    kind = _kind(status, f"{_codes_of(body)} {said}")
    told = f" {shorten(said, secret)}" if said else ""
    return kind(
        f"{provider} answered {status}.{told}", provider=provider, status=status, retry_after=retry_after
    )


def _kind(status: int, said: str) -> type[ProviderError]:
    if status in {400, 413, 422} and _CONTEXT_LENGTH.search(said):
        return ContextTooLong
    if status in {400, 403, 422} and _CONTENT_FILTER.search(said):
        return ContentFiltered
    return _BY_STATUS.get(status) or (ProviderUnavailable if status >= 500 else ProviderRefused)


def message_of(body: Json) -> str:
    """The provider's own sentence in an error body of any of the usual shapes, "" if there is none."""
    match body:
        case str():
            return "" if body.lstrip().startswith("<") else body
        case {"error": {"message": str(message)}} | {"error": str(message)} | {"message": str(message)}:
            return message
        case {"detail": str(message)} | {"error": {"detail": str(message)}}:
            return message
        case [first, *_]:
            return message_of(first)
        case _:
            return ""


def _codes_of(body: Json) -> str:
    match body:
        case {"error": {**error}}:
            return f"{error.get('code')} {error.get('type')}"
        case {**error}:
            return f"{error.get('code')} {error.get('type')}"
        case _:
            return ""


def shorten(message: str, secret: str = "") -> str:
    """Fit a provider's message into one of ours: one line, short, without anything like a key."""
    if secret:
        message = message.replace(secret, "…")
    line = _KEY_LIKE.sub("…", " ".join(message.split()))
    return line if len(line) <= _LONGEST_MESSAGE else f"{line[:_LONGEST_MESSAGE]}…"
