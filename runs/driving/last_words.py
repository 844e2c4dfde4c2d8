"""The end of a run that can never go on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from runs.journal.projection import Projection
from wireloom.engine import events
from wireloom.engine.events import Event


def last_events(projection: Projection, code: str, message: str, at: float) -> Iterator[Event]:
    """What ends the run as failed, by its rows alone: its steps under way are cancelled, then it fails."""
    error = {"code": code, "message": message, "node": None, "attempts": 0}
    seqs = count(projection.run.last_seq + 1)
    if not projection.run.last_seq:
        yield events.RunStarted(seq=next(seqs), at=at, input=None, variables={})
    for step in list(projection.steps.values()):
        yield events.StepCancelled(
            seq=next(seqs),
            at=at,
            step=step.key,
            node=step.node,
            error={**error, "node": step.node},
            duration_ms=max(0.0, at - (step.started_at or at)) * 1000,
        )
    yield events.RunFailed(seq=next(seqs), at=at, error=error)
