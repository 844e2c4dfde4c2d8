"""The view that every endpoint of the API is one of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actors import Actor
from accounts.web.access import Access
from accounts.web.fields import Fields, read_body, read_query
from accounts.web.later import Later
from accounts.web.paging import page, slice_of
from accounts.web.problems import NotFound


class ApiView(APIView):
    """An endpoint. A subclass declares its `access`, and in `queries` the query string that each method takes."""

    access: ClassVar[Access]
    queries: ClassVar[dict[str, type[Fields]]] = {}

    http_method_names = ["get", "post", "put", "patch", "delete", "head"]

    query: dict[str, Any]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let the caller in, or not; then read the query string."""
        super().initial(request, *args, **kwargs)
        method = "GET" if request.method == "HEAD" else str(request.method)
        self.query = read_query(self.queries.get(method), request._request.GET)
        self._refuse_body_unasked()

    def _refuse_body_unasked(self) -> None:
        """What takes no body refuses the fields of one, as of any field that it does not know."""
        described = getattr(getattr(self, str(self.request.method).lower(), None), "description", None)
        if self.request.method == "POST" and described is not None and described.takes is None:
            self.body(Fields)

    def get_authenticators(self) -> list[BaseAuthentication]:
        """None where anyone may call: a stale token must not stop a health check."""
        return [] if self.access.scope is None else super().get_authenticators()

    @property
    def actor(self) -> Actor:
        """Who calls. Only for views that are not public."""
        actor = self.request.user
        assert isinstance(actor, Actor)
        return actor

    def body(self, fields: type[Fields], *, partial: bool = False) -> dict[str, Any]:
        """The checked members of the request's body."""
        return read_body(fields, self.request.data, partial=partial)

    def page[M: Model](
        self, rows: QuerySet[M], render: Callable[[M], Any], *, order: str = "-id"
    ) -> Response:
        """The page of `rows` that the query asks for."""
        request = self.request._request
        url = request.build_absolute_uri(request.path)
        return Response(page(rows, render, query=self.query, url=url, params=request.GET.dict(), order=order))

    def slice(self, items: Sequence[Any]) -> dict[str, Any]:
        """The page of `items`, a list that is at hand, that the query asks for."""
        request = self.request._request
        url = request.build_absolute_uri(request.path)
        return slice_of(items, query=self.query, url=url, params=request.GET.dict())

    def found[M: Model](self, rows: QuerySet[M], **lookup: Any) -> M:
        """The one row of `rows` that matches. Raises NotFound."""
        row = rows.filter(**lookup).first()
        if row is None:
            raise NotFound
        return row

    def later(self, wait: Callable[[], Awaitable[None]], then: Callable[[], HttpResponse]) -> Later:
        """The answer that `then` gives once `wait` has ended on the event loop; no thread is held meanwhile."""
        return Later(wait, lambda: self._finish(then))

    def _finish(self, then: Callable[[], HttpResponse]) -> HttpResponse:
        try:
            answer = then()
        except Exception as error:  # noqa: BLE001 - as in `dispatch`: every error becomes an answer
            answer = self.handle_exception(error)
        final: HttpResponse = self.finalize_response(self.request, answer)
        if isinstance(final, Response):
            final.render()
        return final

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """As the framework does, but a `Later` is passed on as it is."""
        return (
            response
            if isinstance(response, Later)
            else super().finalize_response(request, response, *args, **kwargs)
        )
