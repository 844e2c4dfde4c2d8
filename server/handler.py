"""Django's side of the server: one hop to a thread per request, none held while an answer waits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from typing import Any

from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.base import BaseHandler
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from accounts.web import problems
from accounts.web.later import Later
from accounts.web.problems import Malformed
from accounts.web.threads import in_reserve, in_thread
from server.cors import readable_by
from server.counting import requests
from server.middleware import HEALTH

#: Statuses whose answers have no body, and so no length of one.
BODILESS = {204, 304}

type Message = Mapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]


class Handler(ASGIHandler):
    """Runs middleware and view in a thread of our pool.

    Django's own handler makes a new thread, and with it a new database
    connection, for every request.
    """

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        began = time.monotonic()
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with closing(body):
            request, _ = self.create_request(scope, body)
            run = in_reserve if scope["path"].startswith(HEALTH) else in_thread
            response = _unreadable(scope) if request is None else await run(self._respond, request)
            response = await self._settled(response, receive)
            requests.count(response.status_code, time.monotonic() - began)
            await self._reply(response, receive, send)

    def _respond(self, request: HttpRequest) -> HttpResponseBase:
        signals.request_started.send(sender=self.__class__, environ=request.META)
        response = self.get_response(request)
        if not response.streaming:
            # Its content is in memory; closing it here spares a second hop to a thread.
            response.close()
        return response

    async def _settled(self, response: HttpResponseBase, receive: Receive) -> HttpResponseBase:
        if not isinstance(response, Later):
            return response
        # Whoever hangs up gets no answer, but what they started goes on.
        await _until_gone(asyncio.ensure_future(response.wait()), receive)
        return response.settle(await in_thread(response.then))

    async def _reply(self, response: HttpResponseBase, receive: Receive, send: Send) -> None:
        if isinstance(response, HttpResponse):
            if response.status_code not in BODILESS:
                # The answer to a HEAD for a file has the length of the file, and no content.
                response.setdefault("Content-Length", str(len(response.content)))
            await self.send_response(response, send)
            return
        try:
            await _until_gone(asyncio.ensure_future(self.send_response(response, send)), receive)
        finally:
            await in_thread(response.close)


def _unreadable(scope: dict[str, Any]) -> HttpResponse:
    """400, for an address or a header that Django cannot make a request of."""
    origin = dict(scope["headers"]).get(b"origin", b"").decode("latin-1")
    answer = problems.response(HttpRequest(), Malformed("The request cannot be read."))
    for name, value in readable_by(origin).items():
        answer[name] = value
    return answer


async def _until_gone(work: asyncio.Future[None], receive: Receive) -> None:
    """Await `work`, or cancel it when the client hangs up."""
    gone = asyncio.ensure_future(receive())
    both: set[asyncio.Future[Any]] = {work, gone}
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
    finally:
        for task in both:
            task.cancel()
        await asyncio.gather(*both, return_exceptions=True)
