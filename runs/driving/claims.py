"""Which runs this process drives, by their rows. Called in threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.ids import new_id
from runs.journal.payloads import load, needed, restore
from runs.journal.projection import RUN_COLUMNS, STEP_COLUMNS, Projection, RunRow, StepRow
from runs.models import ENDED, Blob, Event, Run, RunStatus, Signal, Step, Worker
from wireloom.engine import events
from wireloom.graph.document import Document, parse


@dataclass(frozen=True, slots=True)
class Claimed:
    """A run that this process may drive, with all that driving it needs."""

    run_id: str
    workspace_id: str
    fence: int
    content_hash: str
    #: None where the plan is at hand already.
    document: Document | None
    input: Any
    variables: dict[str, Any]
    events: tuple[events.Event, ...]
    projection: Projection
    cancelled: bool


def register_worker() -> str:
    """A row for this process; the rows of processes before it are gone with them."""
    now = timezone.now()
    with transaction.atomic():
        Worker.objects.all().delete()
        return Worker.objects.create(id=new_id(), started_at=now, heartbeat_at=now).id


def take_over(worker: str) -> list[str]:
    """Claim every run that has not ended, and give the ids of those to be driven now, oldest first.

    Waiting ones are claimed too, but stay where they are until `wake_at`.
    The lock of the data directory proves that no other process drives any.
    """
    unfinished = Run.objects.unscoped().exclude(status__in=ENDED)
    with transaction.atomic():
        unfinished.update(worker=worker, fence=F("fence") + 1)
        return list(unfinished.exclude(status=RunStatus.WAITING).order_by("id").values_list("id", flat=True))


def due(now: float) -> list[str]:
    """The waiting runs whose time has come, or that somebody wants to cancel."""
    waiting = Run.objects.unscoped().filter(status=RunStatus.WAITING)
    wanted = Signal.objects.values_list("run_id", flat=True)
    return list(
        (waiting.filter(wake_at__lte=now) | waiting.filter(pk__in=wanted)).values_list("id", flat=True)
    )


def next_wake() -> float | None:
    """When the next waiting run goes on."""
    waiting = Run.objects.unscoped().filter(status=RunStatus.WAITING, wake_at__isnull=False)
    return waiting.order_by("wake_at").values_list("wake_at", flat=True).first()


def claim(run_id: str, worker: str) -> Claimed | None:
    """All of a run that `worker` holds; None if it has ended or another holds it."""
    run = Run.objects.unscoped().exclude(status__in=ENDED).filter(pk=run_id, worker=worker).first()
    if run is None:
        return None
    rows = list(Event.objects.filter(run_id=run_id).order_by("seq"))
    hashes = (
        needed([run.input, run.variables])
        | {digest for row in rows for digest in _references(row)}
        | {run.graph}
    )
    blobs = dict(
        Blob.objects.filter(workspace_id=run.workspace_id, hash__in=hashes).values_list("hash", "text")
    )
    return Claimed(
        run_id=run.pk,
        workspace_id=run.workspace_id,
        fence=run.fence,
        content_hash=run.graph,
        document=parse(load(blobs[run.graph])),
        input=restore(run.input, blobs),
        variables=restore(run.variables, blobs),
        events=tuple(_event(row, blobs) for row in rows),
        projection=_projection(run),
        cancelled=Signal.objects.filter(run_id=run_id, kind=Signal.Kind.CANCEL).exists(),
    )


def _references(row: Event) -> list[str]:
    if not row.refs:
        return []
    data = load(row.data)
    return [data[name]["$blob"] for name in row.refs.split(",")]


def _event(row: Event, blobs: dict[str, str]) -> events.Event:
    data = load(row.data)
    for name in row.refs.split(",") if row.refs else ():
        data[name] = load(blobs[data[name]["$blob"]])
    return events.load(row.type, seq=row.seq, at=row.at, step=row.step, node=row.node, data=data)


def _projection(run: Run) -> Projection:
    projection = Projection(RunRow(**{column: getattr(run, column) for column in RUN_COLUMNS}))
    projection.counts.update(load(run.step_counts))
    unfinished = Step.objects.filter(run=run, status__in=(RunStatus.RUNNING, RunStatus.WAITING))
    for step in unfinished:
        projection.steps[step.key] = StepRow(**{column: getattr(step, column) for column in STEP_COLUMNS})
    projection.take_over(timezone.now().timestamp())
    return projection
