"""A run's rows made into what can be driven. Called in threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from runs.driving.claims import held_by
from runs.driving.graphs import plan_of
from runs.journal.journal import Hold
from runs.journal.moments import meant
from runs.journal.payloads import blob_text, load, needed, restore
from runs.journal.projection import RUN_COLUMNS, STEP_COLUMNS, Projection, RunRow, StepRow
from runs.models import Blob, Event, Run, RunStatus, Signal, Step
from wireloom.engine import events
from wireloom.engine.plan import Plan
from wireloom.errors import WireloomError
from wireloom.graph.problems import DocumentProblems


@dataclass(frozen=True, slots=True)
class Claimed:
    """A run that this process may drive, with all that driving it needs."""

    hold: Hold
    plan: Plan
    input: Any
    variables: dict[str, Any]
    events: tuple[events.Event, ...]
    cancelled: bool


class Unrecoverable(WireloomError):
    """A run whose rows cannot be made into something to drive."""


class JournalDamaged(Unrecoverable):
    """A part of what was stored of the run is missing or cannot be read."""

    code = "journal_damaged"


class WorkflowOutdated(Unrecoverable):
    """The graph that the run executes cannot run here any more."""

    code = "invalid_workflow"


def hold(run_id: str, worker: str) -> Hold | None:
    """The hold that `worker` has on a run; None if it has ended or another holds it."""
    run = _held(run_id, worker)
    return None if run is None else _hold(run, worker)


def claim(run_id: str, worker: str) -> Claimed | None:
    """All of a run that `worker` holds; None if it has ended or another holds it.

    Raises Unrecoverable if it can never be driven again.
    """
    run = _held(run_id, worker)
    if run is None:
        return None
    try:
        return _loaded(run, worker)
    except DocumentProblems as error:
        raise WorkflowOutdated(f"The workflow cannot run here any more: {error}") from error
    except (LookupError, TypeError, ValueError) as error:
        raise JournalDamaged("A part of what was stored of the run is missing or cannot be read.") from error


def _held(run_id: str, worker: str) -> Run | None:
    return held_by(worker).filter(pk=run_id).first()


def _hold(run: Run, worker: str) -> Hold:
    return Hold(run.pk, run.workspace_id, worker, run.fence, _projection(run))


def _loaded(run: Run, worker: str) -> Claimed:
    rows = list(Event.objects.filter(run=run).order_by("seq"))
    hashes = (
        needed([run.input, run.variables])
        | {digest for row in rows for digest in _references(row)}
        | {run.graph}
    )
    blobs = dict(
        Blob.objects.filter(workspace_id=run.workspace_id, hash__in=hashes).values_list("hash", "text")
    )
    return Claimed(
        hold=_hold(run, worker),
        plan=plan_of(blob_text(run.graph, blobs), run.graph, run.workspace_id),
        input=restore(run.input, blobs),
        variables=restore(run.variables, blobs),
        events=tuple(_event(row, blobs) for row in rows),
        cancelled=Signal.objects.filter(run=run, kind=Signal.Kind.CANCEL).exists(),
    )


def _references(row: Event) -> list[str]:
    if not row.refs:
        return []
    data = load(row.data)
    return [data[name]["$blob"] for name in row.refs.split(",")]


def _event(row: Event, blobs: dict[str, str]) -> events.Event:
    data = load(row.data)
    for name in row.refs.split(",") if row.refs else ():
        data[name] = load(blob_text(data[name]["$blob"], blobs))
    return events.load(row.type, seq=row.seq, at=row.at, step=row.step, node=row.node, data=meant(data))


def _projection(run: Run) -> Projection:
    projection = Projection(RunRow(**{column: getattr(run, column) for column in RUN_COLUMNS}))
    projection.counts.update(load(run.step_counts))
    unfinished = Step.objects.filter(run=run, status__in=(RunStatus.RUNNING, RunStatus.WAITING))
    for step in unfinished:
        projection.steps[step.key] = StepRow(**{column: getattr(step, column) for column in STEP_COLUMNS})
    projection.take_over(timezone.now().timestamp())
    return projection
