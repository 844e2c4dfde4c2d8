"""Django's own error pages, as problems."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from accounts.web.problems import CsrfFailed, Forbidden, Malformed, NotFound, Refusal, as_refusal, response


class Failed(Refusal):
    """Something of ours broke; the log says what."""

    status, code = 500, "internal_error"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 for a body that is too large."""
    return response(request, as_refusal(exception) or Malformed("The request cannot be read."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return response(request, Forbidden("You may not do this."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return response(request, NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """500, with nothing in it but the request's id."""
    return response(request, Failed("Something went wrong on the server; its log has this request's id."))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that did not come from our own pages."""
    return response(request, CsrfFailed("The request needs the CSRF token."))
