"""The one thread that writes runs: events of all runs in groups, a transaction each.

A group ends when nothing more is queued, at 256 events or after 20 ms. Each run
in it has a savepoint of its own that checks the run's fence, so a lost lease or
a bad row costs that run alone. Only what is committed is told to anyone.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import InterfaceError, OperationalError, connection, transaction

from runs.journal import statements
from runs.journal.blobs import write_blobs
from runs.journal.moments import shown
from runs.journal.payloads import Payloads
from runs.journal.projection import CALL_COLUMNS, RUN_COLUMNS, STEP_COLUMNS, Projection
from wireloom.engine.events import TERMINAL, Event

GROUP_EVENTS = 256
GROUP_S = 0.020
#: Between tries while the database takes nothing: it is locked, or its disk is full.
RETRY_S = 0.5

#: The columns of one event, in the order of `statements.EVENT_FIELDS`.
type EventRow = tuple[str, int, str, str | None, str | None, float, str, str]

logger = logging.getLogger("wireloom.runs")


class JournalDown(Exception):
    """Nothing can be committed at the moment; why."""


@dataclass(slots=True, eq=False)
class Ledger:
    """What the writer knows of one run that is being driven here."""

    run_id: str
    workspace_id: str
    worker: str
    fence: int
    projection: Projection
    #: Called on the event loop: these are committed.
    committed: Callable[[Sequence[EventRow]], None]
    #: Called on the event loop: nothing more will be, for this reason.
    lost: Callable[[Exception | None], None]
    #: Set by the writer once the run is lost; what comes after is dropped.
    closed: bool = False


@dataclass(slots=True)
class _Group:
    """The events of one transaction, by run and in order."""

    events: dict[Ledger, list[Event]] = field(default_factory=dict)
    size: int = 0

    def add(self, ledger: Ledger, event: Event) -> None:
        self.events.setdefault(ledger, []).append(event)
        self.size += 1


type _Item = tuple[Ledger, Event] | None


class Writer:
    """Takes events from the event loop, writes them in its thread, reports back to the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._queue: queue.SimpleQueue[_Item] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="wireloom-journal", daemon=True)
        self._stopping = False
        #: Why the last try to write failed; None once one has succeeded.
        self._trouble: Exception | None = None
        #: Events written and transactions made, for `/metrics`.
        self.events_written = 0
        self.groups_written = 0

    def start(self) -> None:
        self._thread.start()

    async def stop(self) -> None:
        """Write what is queued, then end the thread."""
        self._stopping = True
        self._queue.put(None)
        await self._loop.run_in_executor(None, self._thread.join, 10)

    def append(self, ledger: Ledger, event: Event) -> None:
        """Queue an event. Never waits."""
        self._queue.put((ledger, event))

    def check(self) -> None:
        """Raise JournalDown if nothing is being committed. From any thread."""
        if not self._thread.is_alive():
            raise JournalDown("The thread that writes the journal has ended.")
        if self._trouble is not None:
            raise JournalDown("The journal cannot be written.") from self._trouble

    # -- in the thread

    def _work(self) -> None:
        while (group := self._next_group()) is not None:
            self._write_until_done(group)
        connection.close()

    def _next_group(self) -> _Group | None:
        """Wait for a first event, then take what else is there."""
        item = self._queue.get()
        if item is None:
            return None
        group = _Group()
        deadline = time.monotonic() + GROUP_S
        with contextlib.suppress(queue.Empty):
            while True:
                if item is None:
                    self._queue.put(None)  # end after this group
                    break
                group.add(*item)
                if group.size >= GROUP_EVENTS or time.monotonic() >= deadline:
                    break
                item = self._queue.get_nowait()
        return group

    def _write_until_done(self, group: _Group) -> None:
        """Write the group. A database that takes nothing is asked again: the runs wait, none fails for it."""
        prepared, unfit = _prepare(group)
        while True:
            try:
                lost = unfit | _write(prepared)
            except Exception as error:  # noqa: BLE001 - whatever it is, this thread must outlive it
                self._trouble = error
                logger.warning("The journal cannot be written and is tried again: %s", error)
                connection.close()
                if self._stopping:
                    return  # what is not committed was never told; the next start goes on from the journal
                time.sleep(RETRY_S)
            else:
                break
        self._trouble = None
        for ledger in lost:
            ledger.closed = True  # at once: what is queued behind a lost event would leave a gap
        written = [one for one in prepared if one.ledger not in lost]
        self.events_written += sum(len(one.events) for one in written)
        self.groups_written += 1
        self._loop.call_soon_threadsafe(_report, written, lost)


class _Prepared:
    """A run's share of a group as rows, made once however often writing is tried."""

    def __init__(self, ledger: Ledger, events: list[Event]) -> None:
        self.ledger = ledger
        self.ends = events[-1].type in TERMINAL
        payloads, projection = Payloads(), ledger.projection
        run_id = ledger.run_id
        self.events: list[EventRow] = []
        for event in events:
            projection.apply(event, payloads)
            data, refs = payloads.keep_data(shown(event.data))
            step, node = getattr(event, "step", None), getattr(event, "node", None)
            self.events.append((run_id, event.seq, event.type, step, node, event.at, data, refs))
        self.steps = [
            (run_id, *statements.values(row, STEP_COLUMNS)) for row in projection.changed_steps.values()
        ]
        self.calls = [
            (run_id, *statements.values(row, CALL_COLUMNS)) for row in projection.changed_calls.values()
        ]
        self.run = (*statements.values(projection.run, RUN_COLUMNS), run_id, ledger.worker, ledger.fence)
        self.blobs = payloads.blobs
        projection.flushed()


def _prepare(group: _Group) -> tuple[list[_Prepared], dict[Ledger, Exception | None]]:
    """The group's rows by run, and the runs whose events cannot be made into rows."""
    prepared: list[_Prepared] = []
    unfit: dict[Ledger, Exception | None] = {}
    for ledger, events in group.events.items():
        if ledger.closed:
            continue
        try:
            prepared.append(_Prepared(ledger, events))
        except Exception as error:
            logger.exception("An event of run %s cannot be written.", ledger.run_id)
            unfit[ledger] = error
    return prepared, unfit


def _write(prepared: list[_Prepared]) -> dict[Ledger, Exception | None]:
    """Write all in one transaction; give the runs that were lost, each with the reason or None for its fence.

    Raises what the database itself cannot do just now.
    """
    lost: dict[Ledger, Exception | None] = {}
    with transaction.atomic():
        for one in prepared:
            try:
                with transaction.atomic():
                    if not _write_run(one):
                        lost[one.ledger] = None
            except (OperationalError, InterfaceError):
                raise
            except Exception as error:
                # Drivers refuse some values with errors of Python's own: a number of 65 bits, half a surrogate pair.
                logger.exception("A row of run %s cannot be written.", one.ledger.run_id)
                lost[one.ledger] = error
    return lost


def _write_run(one: _Prepared) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(statements.UPDATE_RUN, one.run)
        if not cursor.rowcount:
            return False
        if one.blobs:
            ledger = one.ledger
            write_blobs(cursor, run_id=ledger.run_id, workspace_id=ledger.workspace_id, texts=one.blobs)
        cursor.executemany(statements.INSERT_EVENTS, one.events)
        if one.steps:
            cursor.executemany(statements.UPSERT_STEPS, one.steps)
        if one.calls:
            cursor.executemany(statements.UPSERT_CALLS, one.calls)
        if one.ends:
            cursor.execute(statements.CONSUME_SIGNALS, (one.ledger.run_id,))
    return True


def _report(written: list[_Prepared], lost: dict[Ledger, Exception | None]) -> None:
    for ledger, reason in lost.items():
        ledger.lost(reason)
    for one in written:
        one.ledger.committed(one.events)
