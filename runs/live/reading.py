"""Events read from the journal, in pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from runs.live.wire import WireEvent, wire_event
from runs.models import ENDED, Event, Run

#: A slow watcher holds one page; an event has at most some 16 KiB.
PAGE = 100


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
    return Page([wire_event(run_id, row) for row in rows[:limit]], ended, len(rows) > limit)
