"""A run over server-sent events (the HTML standard's `text/event-stream`)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from runs.live.feed import Feed, Frame

#: A stream that has had nothing to say for so long says that it lives, seconds.
KEEP_ALIVE_S = 15.0
KEEP_ALIVE = b": keep-alive\n\n"


async def lines(feed: Feed) -> AsyncIterator[bytes]:
    """The stream of `feed`, to its end."""
    async with aclosing(feed.frames()) as frames:
        coming = _next(frames)
        try:
            while True:
                while not coming.done() and not (await asyncio.wait({coming}, timeout=KEEP_ALIVE_S))[0]:
                    yield KEEP_ALIVE
                if (frame := coming.result()) is None:
                    return
                yield _lines_of(frame)
                coming = _next(frames)
        finally:
            coming.cancel()
            await asyncio.wait({coming})


def _next(frames: AsyncGenerator[Frame]) -> asyncio.Task[Frame | None]:
    """The next frame, which costs no turn of the loop if it is there already; None at the end."""

    async def take() -> Frame | None:
        return await anext(frames, None)

    return asyncio.Task(take(), loop=asyncio.get_running_loop(), eager_start=True)


def _lines_of(frame: Frame) -> bytes:
    name = "" if frame.seq is None else f"id: {frame.seq}\n"
    return f"{name}event: {frame.type}\ndata: {frame.text}\n\n".encode()
