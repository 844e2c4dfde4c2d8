"""Why a model gave no answer.

One class per thing that a caller would do differently; `code` is what the run
shows, `retryable` whether asking again can help, `retry_after` when.
"""

from __future__ import annotations

from wireloom.engine.services import Json
from wireloom.errors import WireloomError


class ProviderError(WireloomError):
    """A model gave no answer. `status` is the HTTP status, None where there was none."""

    code = "provider_error"

    def __init__(
        self, message: str, *, provider: str, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message)
        self.provider = provider
        self.status = status
        #: Seconds that the provider asks to wait before the next try.
        self.retry_after = retry_after
        #: The text that was shown before it broke off, as `{"text", "partial": true}`; None if there was none.
        self.partial: dict[str, Json] | None = None


class ProviderAuth(ProviderError):
    """The provider does not accept the key (401, 403), or there is none."""

    code = "provider_auth"


class ProviderRateLimit(ProviderError):
    """Too much was asked in too short a time (429)."""

    code = "provider_rate_limit"
    retryable = True


class ProviderRefused(ProviderError):
    """The provider understood and said no (other 4xx): the same request will be refused again."""


class ProviderUnavailable(ProviderError):
    """The provider failed (5xx) or could not be reached."""

    retryable = True


class ProviderProtocolError(ProviderError):
    """An answer that breaks the protocol: not JSON, cut off, or an error under status 200."""

    code = "provider_protocol_error"
    retryable = True


class ProviderTimeout(ProviderError):
    """The provider was silent for too long."""

    code = "timeout"
    retryable = True


class CircuitOpen(ProviderError):
    """The model failed too often lately, so it was not asked."""

    code = "circuit_open"


class ContentFiltered(ProviderError):
    """The provider's filter kept the question or the answer back."""

    code = "content_filter"


class ContextTooLong(ProviderError):
    """The messages do not fit into the model's context."""

    code = "context_length"


class ModelUnavailable(ProviderError):
    """No such model can be asked here: unknown, not installed, or switched off."""
