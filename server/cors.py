"""Requests from other origins: the listed ones may read answers, with a token and never with cookies."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

METHODS = "GET, POST, PUT, PATCH, DELETE"
HEADERS = "Accept, Authorization, Content-Type, Idempotency-Key, Last-Event-ID, Prefer, X-Workspace"
EXPOSED = "Location, Retry-After, X-Request-Id, Preference-Applied"
PREFLIGHT_LASTS_S = 600


def preflight(request: HttpRequest) -> HttpResponse | None:
    """The answer to a preflight, if `request` is one. An origin that is not listed learns nothing from it."""
    if request.method != "OPTIONS" or "HTTP_ACCESS_CONTROL_REQUEST_METHOD" not in request.META:
        return None
    answer = HttpResponse(status=204)
    if _is_listed(request):
        answer["Access-Control-Allow-Methods"] = METHODS
        answer["Access-Control-Allow-Headers"] = HEADERS
        answer["Access-Control-Max-Age"] = str(PREFLIGHT_LASTS_S)
    return answer


def allow(request: HttpRequest, answer: HttpResponseBase) -> None:
    """Let the page that asked read `answer`, if its origin is listed."""
    if settings.WIRELOOM.cors_origins:
        patch_vary_headers(answer, ["Origin"])
    for name, value in readable_by(request.META.get("HTTP_ORIGIN")).items():
        answer[name] = value


def readable_by(origin: str | None) -> dict[str, str]:
    """The headers that let a page of `origin` read an answer; none if it is not listed.

    For answers that are given before there is a request of Django's, too.
    """
    if origin is None or origin not in settings.WIRELOOM.cors_origins:
        return {}
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": EXPOSED}


def _is_listed(request: HttpRequest) -> bool:
    return request.META.get("HTTP_ORIGIN") in settings.WIRELOOM.cors_origins
