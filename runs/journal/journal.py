"""The journal of one run that is driven here: what the executor appends to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from runs.journal.projection import Projection
from runs.journal.writer import Ledger, Writer
from runs.live.hub import Hub
from wireloom.engine.errors import LostLease
from wireloom.engine.events import (
    Event,
    StepCancelled,
    StepDelta,
    StepFailed,
    StepSucceeded,
)

#: How long text stays for slow watchers after its step has ended, seconds.
LINGER_S = 10.0

_STEP_ENDS = (StepSucceeded, StepFailed, StepCancelled)


class RunJournal:
    """Events go to the writer; once committed they are shown. Text as it arrives is shown at once."""

    durable = True
    #: Somebody may begin to watch in the middle of an answer, so every answer is streamed.
    watched = True

    def __init__(
        self,
        run_id: str,
        workspace_id: str,
        *,
        worker: str,
        fence: int,
        projection: Projection,
        writer: Writer,
        hub: Hub,
    ) -> None:
        self.run_id = run_id
        self._writer = writer
        self._hub = hub
        self._loop = asyncio.get_running_loop()
        self._ledger = Ledger(
            run_id, workspace_id, worker, fence, projection, self._on_committed, self._on_lost
        )
        self._texts = hub.open_texts(run_id)
        self._committed = projection.run.last_seq
        self._waiters: list[tuple[int, asyncio.Future[None]]] = []
        #: Set by whoever drives the run: called when it was lost.
        self.abandon: Callable[[], None] | None = None
        self.lost: LostLease | None = None

    def append(self, event: Event) -> None:
        self._writer.append(self._ledger, event)
        if isinstance(event, _STEP_ENDS):
            self._loop.call_later(LINGER_S, self._texts.forget, event.step)

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
        self._loop.call_later(LINGER_S, self._hub.close, self.run_id)

    # -- told by the writer, on the event loop

    def _on_committed(self, seq: int) -> None:
        self._committed = seq
        waiting = []
        for wanted, waiter in self._waiters:
            if wanted > seq:
                waiting.append((wanted, waiter))
            elif not waiter.done():
                waiter.set_result(None)
        self._waiters = waiting
        self._hub.published(self.run_id, seq)

    def _on_lost(self, reason: BaseException | None) -> None:
        why = "another process drives it" if reason is None else f"its journal cannot be written ({reason})"
        self.lost = LostLease(f"Run {self.run_id} was let go: {why}.")
        for _, waiter in self._waiters:
            if not waiter.done():
                waiter.set_exception(self.lost)
        self._waiters = []
        if self.abandon is not None:
            self.abandon()
