"""The text of answers that are arriving right now, for whoever watches."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from wireloom.engine.events import (
    CallFinished,
    CallStarted,
    Event,
    StepCancelled,
    StepDelta,
    StepFailed,
    StepRetrying,
    StepSucceeded,
)

_ATTEMPT_ENDS = (StepRetrying, StepSucceeded, StepFailed, StepCancelled)


@dataclass(slots=True, eq=False)
class LiveText:
    """The answer of one call so far. It belongs between the events `opened` and `closed`, by their seq."""

    step: str
    call: int
    attempt: int
    opened: int
    closed: float = math.inf
    #: In code points.
    length: int = 0
    _pieces: list[str] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, int, int]:
        return self.step, self.call, self.attempt

    def append(self, piece: str) -> None:
        self._pieces.append(piece)
        self.length += len(piece)

    def after(self, offset: int) -> str:
        """What came after the first `offset` code points."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0][offset:] if self._pieces else ""


class LiveTexts:
    """The texts of one run. Each watcher remembers how far it has shown them, so none of them is kept twice.

    A text stays a while after its call has ended, so that a watcher can still
    show its end before the event that closes it.
    """

    def __init__(self) -> None:
        self._texts: dict[tuple[str, int, int], LiveText] = {}

    def follow(self, event: Event) -> list[LiveText]:
        """Open and close texts as `event` says; give those that it closed."""
        match event:
            case CallStarted():
                key = (event.step, event.call, event.attempt)
                self._texts[key] = LiveText(*key, opened=event.seq)
                return []
            case CallFinished():
                ended = [text for text in self._of(event.step) if text.call == event.call]
            case _ if isinstance(event, _ATTEMPT_ENDS):
                ended = self._of(event.step)
            case _:
                return []
        for text in ended:
            text.closed = event.seq
        return ended

    def _of(self, step: str) -> list[LiveText]:
        return [text for text in self._texts.values() if text.step == step and text.closed == math.inf]

    def add(self, delta: StepDelta) -> None:
        self._texts[delta.step, delta.call, delta.attempt].append(delta.text)

    def forget(self, text: LiveText) -> None:
        self._texts.pop(text.key, None)

    def __iter__(self) -> Iterator[LiveText]:
        return iter(list(self._texts.values()))
