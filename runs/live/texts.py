"""The text of answers that are arriving right now, for whoever watches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wireloom.engine.events import StepDelta


@dataclass(slots=True, eq=False)
class LiveText:
    """The answer of one call so far."""

    step: str
    call: int
    attempt: int
    pieces: list[str]
    #: In code points.
    length: int = 0

    def after(self, offset: int) -> str:
        """What came after the first `offset` code points."""
        if len(self.pieces) > 1:
            self.pieces = ["".join(self.pieces)]
        return self.pieces[0][offset:]


class LiveTexts:
    """The texts of one run. Each watcher remembers how far it has shown them, so none of them is kept twice.

    A text stays until the run ends or `forget` is called for its step: a
    watcher can then still show its end before the event that closes it.
    """

    def __init__(self) -> None:
        self._texts: dict[tuple[str, int, int], LiveText] = {}

    def add(self, delta: StepDelta) -> None:
        key = (delta.step, delta.call, delta.attempt)
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = LiveText(*key, [])
        text.pieces.append(delta.text)
        text.length += len(delta.text)

    def forget(self, step: str) -> None:
        for key in [key for key in self._texts if key[0] == step]:
            del self._texts[key]

    def __iter__(self) -> Iterator[LiveText]:
        return iter(list(self._texts.values()))
