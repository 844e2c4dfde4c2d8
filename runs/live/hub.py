"""Who watches which run in this process, and how they are told.

What is committed is made into text once for all who watch the run, and kept
for a short while; a watcher who is too slow for that reads it from the journal.
So nobody waits for anybody, and a watcher who takes nothing costs nothing.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from runs.driving import lease
from runs.journal.writer import EventRow
from runs.live.reading import Page
from runs.live.texts import LiveTexts
from runs.live.wire import WireEvent, wire_event
from wireloom.engine.events import TERMINAL

#: How long a wake-up may be missed before a watcher looks by itself, and how often one looks of whom nobody here is
#: told, since another process drives the run, seconds.
SLOW_POLL_S, ELSEWHERE_POLL_S = 5.0, 0.5
#: Events kept per watched run.
RECENT = 256


class Watched:
    """A run that somebody watches: who, and the last events committed since the first of them came."""

    def __init__(self) -> None:
        self.watchers: set[Watcher] = set()
        self._recent: deque[WireEvent] = deque(maxlen=RECENT)

    def published(self, run_id: str, rows: Sequence[EventRow]) -> None:
        if self._recent and rows[0][1] != self._recent[-1].seq + 1:
            self._recent.clear()  # another process drove the run meanwhile
        self._recent.extend(wire_event(run_id, row[1:-1]) for row in rows)
        self.wake()

    def wake(self) -> None:
        for watcher in self.watchers:
            watcher.wake()

    def after(self, seq: int) -> Page | None:
        """What was committed after `seq`, for a watcher who has read the journal once; None if it must be read again."""
        recent = self._recent
        if not recent:
            return Page([], ended=False, more=False)
        if recent[0].seq > seq + 1:
            return None
        new = recent[-1].seq - seq
        events = [recent[index] for index in range(max(0, len(recent) - new), len(recent))]
        return Page(events, ended=recent[-1].type in TERMINAL, more=False)


class Watcher:
    """One who waits for news of a run."""

    def __init__(self, watched: Watched) -> None:
        self.watched = watched
        self._news = asyncio.Event()

    def wake(self) -> None:
        self._news.set()

    async def news(self, timeout_s: float) -> bool:
        """Wait until there may be news; give False if nobody told of any within the timeout."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._news.wait()
        except TimeoutError:
            return False
        self._news.clear()
        return True


class Hub:
    """All watchers and all live texts of the process, by run."""

    def __init__(self) -> None:
        self._watched: dict[str, Watched] = {}
        self._texts: dict[str, LiveTexts] = {}

    @contextmanager
    def watching(self, run_id: str) -> Iterator[Watcher]:
        watched = self._watched.setdefault(run_id, Watched())
        watcher = Watcher(watched)
        watched.watchers.add(watcher)
        try:
            yield watcher
        finally:
            watched.watchers.discard(watcher)
            if not watched.watchers:
                del self._watched[run_id]

    def published(self, run_id: str, rows: Sequence[EventRow]) -> None:
        """These events of a run that is driven here are committed."""
        if (watched := self._watched.get(run_id)) is not None:
            watched.published(run_id, rows)

    def wake(self, run_id: str) -> None:
        """Text of the run has come."""
        if (watched := self._watched.get(run_id)) is not None:
            watched.wake()

    def patience_s(self, run_id: str) -> float:
        """How long whoever watches the run may rely on being told."""
        elsewhere = lease.is_shared() and run_id not in self._texts
        return ELSEWHERE_POLL_S if elsewhere else SLOW_POLL_S

    @property
    def watched(self) -> int:
        """How many watchers there are."""
        return sum(len(watched.watchers) for watched in self._watched.values())

    def open_texts(self, run_id: str) -> LiveTexts:
        """The live texts of a run that begins to be driven here."""
        texts = self._texts[run_id] = LiveTexts()
        return texts

    def texts(self, run_id: str) -> LiveTexts | None:
        """The live texts of a run, if it is driven here."""
        return self._texts.get(run_id)

    def close_texts(self, run_id: str, texts: LiveTexts) -> None:
        """These texts of a run are over; it may have been taken up again with others."""
        if self._texts.get(run_id) is texts:
            del self._texts[run_id]


hub = Hub()
