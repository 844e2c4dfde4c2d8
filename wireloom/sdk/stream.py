"""A run's events as they happen, for `for` and for `async for`. Whoever stops listening stops the run."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from wireloom.engine.events import Event, StepDelta
from wireloom.engine.journal import MemoryJournal
from wireloom.sdk.result import Result

#: Events wait for a slow listener, but not without end: so many, then the run is ended.
_MOST_WAITING = 100_000

type EventObject = dict[str, Any]
#: Runs to the end, its events going to a journal; gives how it ended.
type Drive = Callable[[str, MemoryJournal], Coroutine[Any, Any, Result]]


class RunStream:
    """The events of one run as `{seq, type, run, step, node, at, data}`, deltas among them with no `seq`.

    Iterate once. `result` is there when the iteration has ended.
    """

    def __init__(
        self, run_id: str, drive: Drive, *, cancel: Callable[[], None], close: Callable[[], Awaitable[None]]
    ) -> None:
        self.run_id = run_id
        self.result: Result | None = None
        self._drive = drive
        self._cancel = cancel
        self._close = close

    async def __aiter__(self) -> AsyncIterator[EventObject]:
        waiting: asyncio.Queue[EventObject | None] = asyncio.Queue()

        async def run() -> None:
            try:
                self.result = await self._drive(self.run_id, self._journal(waiting.put_nowait))
            finally:
                waiting.put_nowait(None)

        task = asyncio.create_task(run())
        try:
            while (event := await waiting.get()) is not None:
                yield event
        finally:
            if not task.done():
                self._cancel()
            await task

    def __iter__(self) -> Iterator[EventObject]:
        waiting: queue.Queue[EventObject | BaseException | None] = queue.Queue(_MOST_WAITING)

        async def run() -> None:
            try:
                self.result = await self._drive(self.run_id, self._journal(waiting.put_nowait))
            finally:
                await self._close()  # its connections belong to the loop that ends here

        def work() -> None:
            try:
                asyncio.run(run())
            except BaseException as error:  # noqa: BLE001 - it is raised where it is listened to
                waiting.put(error)
            waiting.put(None)

        thread = threading.Thread(target=work, name=f"wireloom {self.run_id}", daemon=True)
        thread.start()
        try:
            while (event := waiting.get()) is not None:
                if isinstance(event, BaseException):
                    raise event
                yield event
        finally:
            if thread.is_alive():
                self._cancel()
                thread.join()

    def _journal(self, put: Callable[[EventObject], None]) -> MemoryJournal:
        return MemoryJournal(
            lambda event: put(_told(self.run_id, event)), lambda delta: put(_delta(self.run_id, delta))
        )


def _told(run_id: str, event: Event) -> EventObject:
    at = datetime.fromtimestamp(event.at, UTC).isoformat(timespec="milliseconds")
    return {
        "seq": event.seq,
        "type": event.type,
        "run": run_id,
        "step": getattr(event, "step", None),
        "node": getattr(event, "node", None),
        "at": at.replace("+00:00", "Z"),
        "data": event.data,
    }


def _delta(run_id: str, delta: StepDelta) -> EventObject:
    return {"seq": None, "type": "step.delta", "run": run_id, "step": delta.step, "data": asdict(delta)}
