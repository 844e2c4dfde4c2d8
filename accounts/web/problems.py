"""Refusals, and how each reaches a client: `application/problem+json` (RFC 9457) with a stable code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions

from accounts.ids import new_id

CONTENT_TYPE = "application/problem+json"
#: Seconds after which a client may try again when the server is busy.
RETRY_AFTER_S = 2

type Item = dict[str, Any]

# https://www.sqlite.org/rescode.html, primary codes.
SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL = 5, 6, 13


class Refusal(Exception):
    """Why a request is not carried out: each app's errors are made of this.

    `errors` are the single problems, each with `code` and `message`; further
    keyword arguments become members of the answer (`current`, `run_id`).
    """

    status: int = 400
    code: str = "bad_request"

    def __init__(
        self, detail: str, *, errors: Sequence[Item] = (), retry_after_s: float | None = None, **members: Any
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = list(errors)
        self.retry_after_s = retry_after_s
        self.members = members


class Malformed(Refusal):
    """The request cannot be read."""

    status, code = 400, "malformed"


class BadCursor(Refusal):
    """A place in a list or a log that does not exist."""

    status, code = 400, "bad_cursor"


class Unauthorized(Refusal):
    """Nobody we know asks."""

    status, code = 401, "unauthorized"


class Forbidden(Refusal):
    """Somebody asks who may not."""

    status, code = 403, "forbidden"


class CsrfFailed(Forbidden):
    """A session's cookie came without proof that our own page sent it."""

    code = "csrf_failed"


class NotFound(Refusal):
    """There is no such thing, or none that the asker may know of: the two read the same."""

    status, code = 404, "not_found"

    def __init__(self, detail: str = "There is nothing at this address.", **members: Any) -> None:
        super().__init__(detail, **members)


class NotAllowed(Refusal):
    """The address is there, but not for this method."""

    status, code = 405, "method_not_allowed"


class Conflict(Refusal):
    """The thing is not in a state for this."""

    status, code = 409, "conflict"


class Invalid(Refusal):
    """Understood, but wrong; `errors` lists everything that is."""

    status, code = 422, "invalid"


class TooMany(Refusal):
    """Asked too often."""

    status, code = 429, "too_many_requests"


class Unavailable(Refusal):
    """Not now."""

    status, code = 503, "unavailable"


class StorageFull(Refusal):
    """No room to keep what came."""

    status, code = 507, "storage_full"


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    request_id: str | None = None,
    errors: Sequence[Item] = (),
    **members: Any,
) -> dict[str, Any]:
    """The members of a problem document."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "errors": list(errors),
        "request_id": request_id or new_id(),
        **members,
    }


def response(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer that tells a client of `refusal`."""
    document = problem(
        refusal.status,
        refusal.code,
        refusal.detail,
        request_id=getattr(request, "id", None),
        errors=refusal.errors,
        **refusal.members,
    )
    answer = HttpResponse(
        orjson.dumps(document, default=str), status=refusal.status, content_type=CONTENT_TYPE
    )
    if refusal.status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="wireloom"'
    if refusal.retry_after_s is not None:
        answer["Retry-After"] = str(max(1, round(refusal.retry_after_s)))
    return answer


def answer(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """The response to an error raised in a view, or None for one that nobody foresaw."""
    refusal = as_refusal(error)
    if refusal is None:
        return None
    reply = response(context["request"]._request, refusal)
    if isinstance(error, exceptions.MethodNotAllowed):
        reply["Allow"] = ", ".join(context["view"].allowed_methods)
    return reply


def as_refusal(error: Exception) -> Refusal | None:
    """What `error`, raised by Django, its REST framework or the database, means to a client."""
    match error:
        case Refusal():
            return error
        case exceptions.ValidationError():
            return Invalid("Some fields cannot be used.", errors=list(flatten(error.detail)))
        case Http404() | exceptions.NotFound():
            return NotFound()
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return Unauthorized("Sign in, or send a valid token in the Authorization header.")
        case PermissionDenied() | exceptions.PermissionDenied():
            return Forbidden("You may not do this.")
        case RequestDataTooBig():
            return _refusal(413, "body_too_large", "The body is larger than this server takes.")
        case exceptions.APIException():
            return _refusal(error.status_code, str(error.default_code), str(error.detail))
        case SuspiciousOperation():
            return Malformed("The request cannot be read.")
        case OperationalError():
            return _database_refusal(error)
    return None


def _database_refusal(error: OperationalError) -> Refusal | None:
    code = getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF
    if code in {SQLITE_BUSY, SQLITE_LOCKED}:
        return Unavailable("The database is busy.", retry_after_s=RETRY_AFTER_S)
    if code == SQLITE_FULL:
        return StorageFull("There is no space left to keep this.")
    return None


def _refusal(status: int, code: str, detail: str) -> Refusal:
    refusal = Refusal(detail)
    refusal.status, refusal.code = status, code
    return refusal


def flatten(detail: Any, path: tuple[str, ...] = ()) -> Iterator[Item]:
    """Every single problem in a serializer's nested errors, with the dotted path to its field."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from flatten(inner, path if name == "non_field_errors" else (*path, str(name)))
    elif isinstance(detail, list):
        for index, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list)
            yield from flatten(inner, (*path, str(index)) if nested else path)
    else:
        item: Item = {"code": getattr(detail, "code", "invalid"), "message": str(detail)}
        yield {**item, "field": ".".join(path)} if path else item
