"""The front door: what every request passes before any app sees it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from accounts.ids import new_id
from accounts.web.authentication import refuse_token_in
from accounts.web.lifecycle import lifecycle
from accounts.web.problems import Malformed, NotFound, Refusal, Unavailable, response
from server.cors import allow, preflight
from server.proxy import place, secure_cookies

HEALTH = "/health"
#: Seconds after which a client may try a server that is stopping.
RESTART_S = 10

type Next = Callable[[HttpRequest], HttpResponseBase]


class BadHost(Malformed):
    """The Host header names a host that this server is not."""

    code = "bad_host"


def front_door(get_response: Next) -> Next:
    """Name each request, turn away what may not enter, and answer preflights."""

    def enter(request: HttpRequest) -> HttpResponseBase:
        request.id = new_id()  # type: ignore[attr-defined]  # read by problems.response
        place(request)
        answer = _turned_away(request) or preflight(request) or get_response(request)
        allow(request, answer)
        secure_cookies(request, answer)
        answer["X-Request-Id"] = request.id  # type: ignore[attr-defined]  # set above
        if "Cache-Control" not in answer and not request.path.startswith(settings.STATIC_URL):
            answer["Cache-Control"] = "no-store"
        return answer

    return enter


def _turned_away(request: HttpRequest) -> HttpResponse | None:
    try:
        _inspect(request)
    except Refusal as refusal:
        return response(request, refusal)
    return None


def _inspect(request: HttpRequest) -> None:
    if "\0" in request.path:
        # Nothing is named so, and a database may refuse to look.
        raise NotFound
    if request.path == HEALTH or request.path.startswith(f"{HEALTH}/"):
        return
    try:
        request.get_host()
    except DisallowedHost:
        raise BadHost(
            "This server does not answer to that Host; WIRELOOM_ALLOWED_HOSTS names those it does."
        ) from None
    if request.META["QUERY_STRING"]:
        refuse_token_in(request.GET)
    if lifecycle.draining:
        raise Unavailable("The server is stopping.", retry_after_s=RESTART_S)
