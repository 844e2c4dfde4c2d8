"""Where a run's events go. The executor appends; what a journal does with them is its own affair."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from wireloom.engine.events import Event, StepDelta


class Journal(Protocol):
    """The events of one run, in order."""

    #: Whether calls may be replayed from it: their requests are then hashed.
    durable: bool
    #: Whether anybody watches text arrive.
    watched: bool

    def append(self, event: Event) -> None:
        """Take the next event. Never waits; nothing is shown to anyone before it is committed."""

    async def committed(self, seq: int) -> None:
        """Return once events up to `seq` are committed.

        Raises LostLease if they never will be, since another process drives the run.
        """

    def delta(self, delta: StepDelta) -> None:
        """Show a piece of text to whoever watches. It is not kept."""


class MemoryJournal:
    """Keeps events in a list, and tells a listener of each. Gone with the process."""

    durable = False

    def __init__(
        self,
        listener: Callable[[Event], None] | None = None,
        on_delta: Callable[[StepDelta], None] | None = None,
    ) -> None:
        self.events: list[Event] = []
        self.watched = on_delta is not None
        self._listener = listener
        self._on_delta = on_delta

    def append(self, event: Event) -> None:
        self.events.append(event)
        if self._listener is not None:
            self._listener(event)

    async def committed(self, seq: int) -> None:
        return

    def delta(self, delta: StepDelta) -> None:
        if self._on_delta is not None:
            self._on_delta(delta)
