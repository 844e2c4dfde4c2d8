"""Runs are kept for a while after their end, then removed whole; what no run uses any more goes with them.

Everything is removed in small batches with pauses, so that the journal's
writer never waits for long.
"""

from __future__ import annotations

import asyncio
import logging
import time
from itertools import accumulate

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.web.threads import in_thread
from runs.journal import statements
from runs.models import ENDED, Blob, BlobUse, Run

DAY_S = 24 * 3600
#: Between two rounds, and between two batches of one, seconds.
ROUND_S, PAUSE_S = 3600.0, 0.05
#: Of one batch: runs, and events unless a single run has more.
MOST_RUNS, MOST_EVENTS = 100, 2_000
#: Of one batch; each may have 25 MiB.
MOST_BLOBS = 10

logger = logging.getLogger("wireloom.runs")


class Retention:
    """Removes what is due, when the server starts and then hourly. `days` 0 keeps everything."""

    def __init__(self, days: int) -> None:
        self.days = days
        self._rounds: asyncio.Task[None] | None = None

    async def start(self) -> None:
        if self.days:
            self._rounds = asyncio.create_task(self._go_round(), name="retention")

    async def stop(self) -> None:
        if self._rounds is not None:
            self._rounds.cancel()

    async def _go_round(self) -> None:
        while True:
            try:
                await remove_due(time.time() - self.days * DAY_S)
            except (OperationalError, InterfaceError) as error:
                logger.warning("Old runs cannot be removed just now, and will be in an hour: %s", error)
            await asyncio.sleep(ROUND_S)


async def remove_due(before: float) -> None:
    """Remove every run that ended before (seconds since the epoch) and every blob without a run."""
    while await in_thread(remove_runs, before):  # noqa: ASYNC110 - nobody is waited for
        await asyncio.sleep(PAUSE_S)
    place: int | None = 0
    while place is not None:
        place = await in_thread(remove_blobs, place)
        await asyncio.sleep(PAUSE_S)


def remove_runs(before: float) -> int:
    """Remove a batch of the runs that ended before, the oldest first; give how many it were.

    A run that another names as its parent stays as long as that one.
    """
    with transaction.atomic():
        rows = _due(before).select_for_update(skip_locked=True).order_by("finished_at")
        found = list(rows.values_list("id", "last_seq")[:MOST_RUNS])
        totals = accumulate(events for _, events in found)
        fitting = max(1, sum(total <= MOST_EVENTS for total in totals))
        Run.objects.unscoped().filter(pk__in=[run_id for run_id, _ in found[:fitting]]).delete()
    return len(found[:fitting])


def _due(before: float) -> QuerySet[Run]:
    children = Run.objects.unscoped().filter(parent=OuterRef("pk"))
    return Run.objects.unscoped().filter(~Exists(children), status__in=ENDED, finished_at__lt=before)


def remove_blobs(after: int) -> int | None:
    """Remove a batch of the blobs, with ids above `after`, that no run uses; give where to go on, None at the end."""
    users = BlobUse.objects.filter(blob=OuterRef("pk"))
    rows = Blob.objects.filter(~Exists(users), pk__gt=after).order_by("pk")
    unused = list(rows.values_list("pk", flat=True)[:MOST_BLOBS])
    if not unused:
        return None
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Nobody may find a blob there, and begin to use it, while it goes.
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute(statements.LOCK_BLOBS)
        cursor.executemany(statements.DELETE_UNUSED_BLOB, [(pk,) for pk in unused])
    return unused[-1]
