"""Who watches which run in this process, and how they are woken.

A wake-up carries nothing: it only says that a run has more to read. What there
is to read comes from the journal (events) and from `LiveTexts` (deltas), so a
watcher can be as slow as it likes and costs no memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from runs.live.texts import LiveTexts

#: How long a wake-up may be missed before a watcher looks by itself, seconds.
SLOW_POLL_S = 5.0


class Watcher:
    """One who waits for news of a run."""

    def __init__(self) -> None:
        self._news = asyncio.Event()

    def wake(self) -> None:
        self._news.set()

    async def news(self, timeout_s: float = SLOW_POLL_S) -> None:
        """Return when there may be news; at the latest after the timeout."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._news.wait()
        except TimeoutError:
            pass
        self._news.clear()


class Hub:
    """All watchers and all live texts of the process, by run."""

    def __init__(self) -> None:
        self._watchers: dict[str, set[Watcher]] = {}
        self._texts: dict[str, LiveTexts] = {}
        self._last: dict[str, int] = {}

    @contextmanager
    def watching(self, run_id: str) -> Iterator[Watcher]:
        watcher = Watcher()
        self._watchers.setdefault(run_id, set()).add(watcher)
        try:
            yield watcher
        finally:
            watchers = self._watchers[run_id]
            watchers.discard(watcher)
            if not watchers:
                del self._watchers[run_id]

    def published(self, run_id: str, seq: int) -> None:
        """Events of a run that is driven here are committed up to `seq`."""
        self._last[run_id] = seq
        self.wake(run_id)

    def has_events_after(self, run_id: str, seq: int) -> bool:
        """Whether a run that is driven here has committed events after `seq`."""
        return self._last.get(run_id, 0) > seq

    def wake(self, run_id: str) -> None:
        for watcher in self._watchers.get(run_id, ()):
            watcher.wake()

    @property
    def watched(self) -> int:
        """How many watchers there are."""
        return sum(map(len, self._watchers.values()))

    def open_texts(self, run_id: str) -> LiveTexts:
        """The live texts of a run that begins to be driven here."""
        return self._texts.setdefault(run_id, LiveTexts())

    def texts(self, run_id: str) -> LiveTexts | None:
        """The live texts of a run, if it is driven here."""
        return self._texts.get(run_id)

    def close(self, run_id: str) -> None:
        """The run is not driven here any more."""
        self._texts.pop(run_id, None)
        self._last.pop(run_id, None)


hub = Hub()
