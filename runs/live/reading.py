"""Events as the wire has them, read from the journal in pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from runs.journal.payloads import dump
from runs.models import ENDED, Event, Run

PAGE = 500


@dataclass(frozen=True, slots=True)
class WireEvent:
    seq: int
    type: str
    #: The whole event object as JSON.
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    events: Sequence[WireEvent]
    #: Whether the run has ended, as of when the page was read.
    ended: bool
    #: Whether more events follow right now.
    more: bool


def read_page(run_id: str, after: int, limit: int = PAGE) -> Page:
    """The events after `after`. Ended and events are read in that order, so an ended run's page misses nothing."""
    ended = Run.objects.unscoped().filter(pk=run_id, status__in=ENDED).exists()
    rows = list(
        Event.objects.filter(run_id=run_id, seq__gt=after)
        .order_by("seq")
        .values_list("seq", "type", "step", "node", "at", "data")[: limit + 1]
    )
    events = [WireEvent(row[0], row[1], _wire_text(run_id, row)) for row in rows[:limit]]
    return Page(events, ended, len(rows) > limit)


def _wire_text(run_id: str, row: tuple[int, str, str | None, str | None, float, str]) -> str:
    """An event object; its data is JSON already and is put in as it is."""
    seq, kind, step, node, at, data = row
    head = dump({"seq": seq, "type": kind, "run": run_id, "step": step, "node": node, "at": iso(at)})
    return f'{head[:-1]},"data":{data}}}'


def iso(at: float) -> str:
    """Seconds since the epoch as ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
