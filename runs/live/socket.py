"""A run over WebSocket, live."""

from __future__ import annotations

from contextlib import aclosing
from typing import ClassVar

from accounts.web.access import Access
from accounts.web.problems import Malformed, NotFound
from accounts.web.sockets import Socket
from accounts.web.threads import in_thread
from runs.live.cursor import read_cursor
from runs.live.feed import Feed
from runs.models import Run


class RunSocket(Socket):
    """`/ws/runs/{id}/?after=SEQ&deltas=all|none|STEP`: events to the last, then 1000."""

    access: ClassVar[Access] = Access("runs")

    feed: Feed

    async def prepare(self) -> None:
        """Find the run. Raises NotFound, BadCursor, Malformed."""
        unknown = self.query.keys() - {"after", "deltas"}
        if unknown:
            raise Malformed(f"There is no parameter {sorted(unknown)[0]!r}.")
        run = await in_thread(self._find)
        self.feed = Feed(run.pk, read_cursor(self.query.get("after"), run), self.query.get("deltas", "all"))

    def _find(self) -> Run:
        run = Run.objects.visible_to(self.actor).filter(pk=self.arguments["id"]).first()
        if run is None:
            raise NotFound("There is no such run.")
        return run

    async def serve(self) -> None:
        """Send every event, and text as it arrives."""
        async with aclosing(self.feed.frames()) as frames:
            async for frame in frames:
                await self.send_text(frame.text)
