"""One address, a view per method."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from accounts.web.access import PUBLIC
from accounts.web.problems import NotAllowed, response


def by_method(**views: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The view that hands a request to the one of its method; each of them looks after access and CSRF itself."""
    views.setdefault("head", views.get("get", _refuse))

    @csrf_exempt
    def choose(request: HttpRequest, **kwargs: str) -> HttpResponseBase:
        return views.get(str(request.method).lower(), _refuse)(request, **kwargs)

    choose.access = PUBLIC  # type: ignore[attr-defined]  # read by accounts.checks
    return choose


def _refuse(request: HttpRequest, **kwargs: str) -> HttpResponse:
    return response(request, NotAllowed("This address does not take that method."))
