"""This process' time as one that drives runs: its lease kept, runs that nobody drives taken over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from django.db import Error

from accounts.web.threads import in_thread
from runs.driving import claims, lease

#: How often others' wishes about our runs are looked for, seconds.
LOOK_S = 1.0
#: Runs claimed in one transaction.
BATCH = 500

logger = logging.getLogger("wireloom.runs")


class Tenure:
    """Belongs to one event loop. `worker` is the lease's id, empty while there is none."""

    def __init__(
        self,
        *,
        taken: Callable[[Sequence[tuple[str, str]]], None],
        cancel: Callable[[str], None],
        let_go: Callable[[], Awaitable[None]],
    ) -> None:
        """`taken` is told id and status of each run taken over; `let_go` is awaited before a lost lease is replaced."""
        self.worker = ""
        #: The lease that was taken out last, whether it holds or not.
        self._last = ""
        self._taken = taken
        self._cancel = cancel
        self._let_go = let_go
        self._loop: asyncio.AbstractEventLoop
        self._renewed_at = 0.0
        self._expiry: asyncio.TimerHandle | None = None
        self._leaving: asyncio.Future[None] | None = None
        self._keeping: asyncio.Task[None] | None = None

    async def begin(self) -> None:
        """Take out a lease, and take over every run that nobody drives."""
        self._loop = asyncio.get_running_loop()
        await self._take_out()
        if lease.is_shared():
            self._keeping = self._loop.create_task(self._keep())

    async def end(self) -> None:
        """Give the lease back; nothing may be driven or written any more."""
        if self._keeping is not None:
            self._keeping.cancel()
        if self._expiry is not None:
            self._expiry.cancel()
        if self.worker and lease.is_shared():
            try:
                await in_thread(lease.give_back, self.worker)
            except Error as error:
                logger.warning("The lease cannot be given back and runs out instead: %s", error)

    # -- on a shared database

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self._look()
            except Error as error:
                logger.warning("The lease cannot be looked after just now: %s", error)

    async def _look(self) -> None:
        if not self.worker:
            await self._begin_anew()
        elif self._loop.time() - self._renewed_at >= lease.BEAT_S:
            await self._renew()
        else:
            for run_id in await in_thread(claims.wanted, self.worker):
                self._cancel(run_id)

    async def _begin_anew(self) -> None:
        if self._leaving is not None:
            await self._leaving
        await in_thread(lease.give_back, self._last)
        await self._take_out()
        logger.warning("The lease was replaced; runs go on.")

    async def _take_out(self) -> None:
        asked_at = self._loop.time()
        self.worker = self._last = await in_thread(lease.take_out)
        self._is_renewed(asked_at)
        await self._take_over()

    async def _renew(self) -> None:
        asked_at = self._loop.time()
        if not await in_thread(lease.renew, self.worker):
            self._lose()
        elif self.worker:
            self._is_renewed(asked_at)
            await self._take_over()

    async def _take_over(self) -> None:
        worker, whole = self.worker, True
        await in_thread(lease.end_expired)
        while whole and worker == self.worker:
            claimed = await in_thread(claims.take_over, worker, BATCH)
            whole = len(claimed) == BATCH
            if claimed and worker == self.worker:
                self._taken(claimed)

    def _is_renewed(self, asked_at: float) -> None:
        """The lease lasts at least from when it was asked for."""
        self._renewed_at = asked_at
        if self._expiry is not None:
            self._expiry.cancel()
        if lease.is_shared():
            self._expiry = self._loop.call_at(asked_at + lease.STOP_S, self._lose)

    def _lose(self) -> None:
        """Stop driving, whatever the database does: soon others may take our runs."""
        logger.error("The lease could not be renewed in time; runs are let go of until there is a new one.")
        if self._expiry is not None:
            self._expiry.cancel()
        self.worker = ""
        self._leaving = asyncio.ensure_future(self._let_go())
