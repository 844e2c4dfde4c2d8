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
    views.setdefault("head", views.get("get", refuse_method))

    @csrf_exempt
    def choose(request: HttpRequest, **kwargs: str) -> HttpResponseBase:
        view = views.get(str(request.method).lower(), refuse_method)
        answer = view(request, **kwargs)
        if view is refuse_method:
            answer["Allow"] = ", ".join(name.upper() for name in views if views[name] is not refuse_method)
        return answer

    choose.views = views  # type: ignore[attr-defined]  # read by server.schema_by_hand
    choose.access = PUBLIC  # type: ignore[attr-defined]  # read by accounts.checks
    if views.keys() == {"get", "head"}:
        choose.view_class = getattr(views["get"], "view_class", None)  # type: ignore[attr-defined]  # as Django's views have it
    return choose


def refuse_method(request: HttpRequest, **kwargs: str) -> HttpResponse:
    """405; as a method's view it stands for one that the address does not take."""
    return response(request, NotAllowed("This address does not take that method."))
