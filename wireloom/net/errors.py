"""What can go wrong between asking for a URL and holding its answer.

Messages name the host as the caller wrote it, never an address it resolved to:
a person who may not reach a network may not map it either.
"""

from __future__ import annotations

from wireloom.errors import WireloomError


class InvalidSetting(WireloomError):
    """A setting of the operator's cannot be understood."""

    code = "invalid_setting"


class NetError(WireloomError):
    """A request got no usable answer."""

    code = "net_error"


class InvalidRequest(NetError):
    """The URL or a header cannot be sent at all."""

    code = "invalid_input"


class EgressDenied(NetError):
    """The guard does not let this request out."""

    code = "egress_denied"


class ConnectionFailed(NetError):
    """No connection, or it broke before the answer was whole."""

    code = "connection_failed"
    retryable = True


class RequestTimedOut(NetError):
    """The other side stayed silent for too long."""

    code = "timeout"
    retryable = True


class AnswerTooLarge(NetError):
    """The answer, decompressed, passes the caller's limit."""

    code = "output_too_large"


class TooManyRedirects(NetError):
    """The redirects went on past the caller's limit."""

    code = "too_many_redirects"


class HttpRefused(NetError):
    """The answer's status is none that counts as an answer."""

    code = "http_error"


class HttpBusy(HttpRefused):
    """A refusal that another attempt may better, after `retry_after` seconds if that is known."""

    retryable = True

    def __init__(self, message: str, retry_after: float | None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
