"""An answer that waits for something without holding a thread meanwhile."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from django.http import HttpResponse


class Later(HttpResponse):
    """Stands for the answer that `then` will give in a thread, once `wait` has ended on the event loop.

    The server's handler does the waiting; what middleware set on this
    response is carried over to the final one.
    """

    def __init__(self, wait: Callable[[], Awaitable[None]], then: Callable[[], HttpResponse]) -> None:
        super().__init__(status=202)
        self.wait = wait
        self.then = then

    def settle(self, final: HttpResponse) -> HttpResponse:
        """`final`, with the headers and cookies that this response was given."""
        for name, value in self.items():
            if name.lower() not in {"content-type", "content-length"} and name not in final:
                final[name] = value
        final.cookies.update(self.cookies)
        return final
