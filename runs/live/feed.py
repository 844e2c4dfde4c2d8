"""A run as it happens, for one watcher: every event once and in order, and between them the text as it arrives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from accounts.web.threads import in_thread
from runs.journal.payloads import dump
from runs.live.hub import Hub, Watcher
from runs.live.hub import hub as process_hub
from runs.live.reading import read_page
from runs.live.texts import LiveText

#: Deltas are merged to at most twenty frames a second.
FLUSH_S = 0.05


@dataclass(frozen=True, slots=True)
class Frame:
    """What is sent: JSON text, and the seq by which a client resumes (None for text as it arrives)."""

    seq: int | None
    text: str
    type: str


@dataclass(slots=True)
class Feed:
    """Iterate it. `deltas` is `all`, `none` or the key of one step."""

    run_id: str
    after: int
    deltas: str = "all"
    hub: Hub = process_hub
    _shown: dict[tuple[str, int, int], int] = field(default_factory=dict)

    async def frames(self) -> AsyncIterator[Frame]:
        """Everything after seq `after`, up to and with the terminal event."""
        with self.hub.watching(self.run_id) as watcher:
            while True:
                page = await in_thread(read_page, self.run_id, self.after)
                for frame in self._new_text():
                    yield frame
                for event in page.events:
                    yield Frame(event.seq, event.text, event.type)
                    self.after = event.seq
                if page.ended and not page.more:
                    return
                if not page.more:
                    async for frame in self._text_until_news(watcher):
                        yield frame

    async def _text_until_news(self, watcher: Watcher) -> AsyncIterator[Frame]:
        """Text as it arrives, until an event may have been committed."""
        while True:
            await watcher.news()
            frames = list(self._new_text())
            for frame in frames:
                yield frame
            if not frames or self.hub.has_events_after(self.run_id, self.after):
                return
            await asyncio.sleep(FLUSH_S)

    def _new_text(self) -> list[Frame]:
        texts = self.hub.texts(self.run_id)
        if texts is None or self.deltas == "none":
            return []
        return [
            self._frame(text)
            for text in texts
            if self.deltas in ("all", text.step) and text.length > self._shown.get(_key(text), 0)
        ]

    def _frame(self, text: LiveText) -> Frame:
        offset = self._shown.get(_key(text), 0)
        piece = text.after(offset)
        self._shown[_key(text)] = offset + len(piece)
        data = {
            "step": text.step,
            "call": text.call,
            "attempt": text.attempt,
            "offset": offset,
            "text": piece,
        }
        event = {
            "seq": None,
            "type": "step.delta",
            "run": self.run_id,
            "step": text.step,
            "node": None,
            "at": None,
        }
        return Frame(None, dump({**event, "data": data}), "step.delta")


def _key(text: LiveText) -> tuple[str, int, int]:
    return text.step, text.call, text.attempt
