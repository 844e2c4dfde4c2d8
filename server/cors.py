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
    if _origin(request):
        answer["Access-Control-Allow-Methods"] = METHODS
        answer["Access-Control-Allow-Headers"] = HEADERS
        answer["Access-Control-Max-Age"] = str(PREFLIGHT_LASTS_S)
    return answer


def allow(request: HttpRequest, answer: HttpResponseBase) -> None:
    """Let the page that asked read `answer`, if its origin is listed."""
    if not settings.WIRELOOM.cors_origins:
        return
    patch_vary_headers(answer, ["Origin"])
    if origin := _origin(request):
        answer["Access-Control-Allow-Origin"] = origin
        answer["Access-Control-Expose-Headers"] = EXPOSED


def _origin(request: HttpRequest) -> str | None:
    origin = request.META.get("HTTP_ORIGIN")
    return origin if origin in settings.WIRELOOM.cors_origins else None
