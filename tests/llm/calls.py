"""A recorder of calls that keeps them in memory: the outside world of a model service."""

from __future__ import annotations

from dataclasses import dataclass, field

from wireloom.engine.services import CallResult


@dataclass
class Watched:
    n: int
    idempotency_key: str
    wants_deltas: bool
    deltas: list[str] = field(default_factory=list)

    def delta(self, text):
        self.deltas.append(text)


class Recorder:
    """Gives recorded results back where it holds them, as a journal does."""

    def __init__(self, *, watched=True, held=()):
        self.watched = watched
        self.held = list(held)
        self.records = []
        self.calls = []

    is_budgeted = False

    async def record(self, kind, name, request, make) -> CallResult:
        call = Watched(len(self.calls) + 1, f"run:step:{len(self.calls) + 1}", self.watched)
        self.calls.append(call)
        result = self.held.pop(0) if self.held else await make(call)
        self.records.append((kind, name, request, result))
        return result
