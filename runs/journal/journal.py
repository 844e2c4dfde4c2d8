"""The journal of one run that is driven here: what the executor appends to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from runs.journal.projection import Projection
from runs.journal.writer import EventRow, Ledger, Writer
from runs.live.hub import Hub
from wireloom.engine.errors import LostLease
from wireloom.engine.events import Event, StepDelta

#: How long text stays for slow watchers after it has come to its end, seconds.
LINGER_S = 10.0


class JournalBroken(LostLease):
    """An event of the run cannot be written, so the run cannot go on."""

    code = "journal_broken"


@dataclass(frozen=True, slots=True)
class Hold:
    """This process' hold on a run: what its rows are like, and the fence under which it may change them."""

    run_id: str
    workspace_id: str
    worker: str
    fence: int
    projection: Projection


class RunJournal:
    """Events go to the writer; once committed they are shown. Text as it arrives is shown at once."""

    durable = True
    #: Somebody may begin to watch in the middle of an answer, so every answer is streamed.
    watched = True

    def __init__(self, hold: Hold, *, writer: Writer, hub: Hub) -> None:
        self.run_id = hold.run_id
        self._writer = writer
        self._hub = hub
        self._loop = asyncio.get_running_loop()
        self._ledger = Ledger(
            hold.run_id,
            hold.workspace_id,
            hold.worker,
            hold.fence,
            hold.projection,
            self._on_committed,
            self._on_lost,
        )
        self._texts = hub.open_texts(hold.run_id)
        self._committed = hold.projection.run.last_seq
        self._waiters: list[tuple[int, asyncio.Future[None]]] = []
        #: Set by whoever drives the run: called when it was lost.
        self.abandon: Callable[[], None] | None = None
        self.lost: LostLease | None = None

    def append(self, event: Event) -> None:
        self._writer.append(self._ledger, event)
        for text in self._texts.follow(event):
            self._loop.call_later(LINGER_S, self._texts.forget, text)

    def delta(self, delta: StepDelta) -> None:
        self._texts.add(delta)
        self._hub.wake(self.run_id)

    async def committed(self, seq: int) -> None:
        if self.lost is not None:
            raise self.lost
        if self._committed < seq:
            waiter = self._loop.create_future()
            self._waiters.append((seq, waiter))
            await waiter

    def close(self) -> None:
        """Nothing more will be appended here."""
        self._loop.call_later(LINGER_S, self._hub.close_texts, self.run_id, self._texts)

    # -- told by the writer, on the event loop

    def _on_committed(self, rows: Sequence[EventRow]) -> None:
        self._committed = seq = rows[-1][1]
        waiting = []
        for wanted, waiter in self._waiters:
            if wanted > seq:
                waiting.append((wanted, waiter))
            elif not waiter.done():
                waiter.set_result(None)
        self._waiters = waiting
        self._hub.published(self.run_id, rows)

    def _on_lost(self, reason: Exception | None) -> None:
        if reason is None:
            self.lost = LostLease(f"Run {self.run_id} is driven by another process.")
        else:
            self.lost = JournalBroken(f"An event of run {self.run_id} cannot be written: {reason}.")
        for _, waiter in self._waiters:
            if not waiter.done():
                waiter.set_exception(self.lost)
        self._waiters = []
        if self.abandon is not None:
            self.abandon()
