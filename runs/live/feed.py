"""A run as it happens, for one watcher: every event once and in order, and between them the text as it arrives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from accounts.web.threads import in_thread
from runs.journal.payloads import dump
from runs.live.hub import Hub, Watcher
from runs.live.hub import hub as process_hub
from runs.live.reading import Page, read_page
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
    """Iterate its `frames`, and close them. `deltas` is `all`, `none` or the key of one step."""

    run_id: str
    after: int
    deltas: str = "all"
    hub: Hub = process_hub
    #: How many code points of each text were shown.
    _shown: dict[tuple[str, int, int], int] = field(default_factory=dict)

    async def frames(self) -> AsyncGenerator[Frame]:
        """Everything after seq `after`, up to and with the terminal event."""
        with self.hub.watching(self.run_id) as watcher:
            woken = False
            while True:
                page = await self._page(watcher, woken=woken)
                for event in page.events:
                    # All of an answer comes before the event that closes it.
                    for frame in self._new_text(closed=event.seq):
                        yield frame
                    self.after = event.seq
                    yield Frame(event.seq, event.text, event.type)
                if page.more:
                    woken = False
                    continue
                if page.ended:
                    return
                texts = self._new_text()
                for frame in texts:
                    yield frame
                if texts:
                    await asyncio.sleep(FLUSH_S)
                woken = await watcher.news(self.hub.patience_s(self.run_id))

    async def _page(self, watcher: Watcher, *, woken: bool) -> Page:
        page = watcher.watched.after(self.after) if woken else None
        return page if page is not None else await in_thread(read_page, self.run_id, self.after)

    def _new_text(self, *, closed: int | None = None) -> list[Frame]:
        """Text not shown yet: of every answer that is open after the last event shown, or that closes with `closed`."""
        texts = self.hub.texts(self.run_id)
        if texts is None or self.deltas == "none":
            return []
        return [
            self._frame(text)
            for text in texts
            if self.deltas in ("all", text.step)
            and text.opened <= self.after < text.closed
            and closed in (None, text.closed)
            and text.length > self._shown.get(text.key, 0)
        ]

    def _frame(self, text: LiveText) -> Frame:
        offset = self._shown.get(text.key, 0)
        piece = text.after(offset)
        self._shown[text.key] = offset + len(piece)
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
