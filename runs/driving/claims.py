"""Which runs a process drives, and which of them want something. Called in threads."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from runs.models import UNFINISHED, Run, RunStatus, Signal, Worker


def take_over(worker: str, most: int) -> list[tuple[str, str]]:
    """Claim runs that nobody drives, up to `most` and oldest first; give the id and the status of each."""
    with transaction.atomic():
        # What another process claims at this moment is its own.
        rows = _orphans().select_for_update(skip_locked=True).order_by("id")[:most]
        claimed = list(rows.values_list("id", "status"))
        mine = Run.objects.unscoped().filter(pk__in=[run_id for run_id, _ in claimed])
        mine.update(worker=worker, fence=F("fence") + 1)
    return claimed


def _orphans() -> QuerySet[Run]:
    living = Worker.objects.filter(pk=OuterRef("worker"))
    return Run.objects.unscoped().filter(Q(worker=None) | ~Exists(living), status__in=UNFINISHED)


def wanted(worker: str) -> list[str]:
    """The runs of `worker` that somebody wants to cancel."""
    return list(held_by(worker).filter(pk__in=_signals()).values_list("id", flat=True))


def due(worker: str, now: float) -> list[str]:
    """The waiting runs of `worker` whose time has come, or that somebody wants to cancel."""
    waiting = held_by(worker).filter(status=RunStatus.WAITING)
    return list(waiting.filter(Q(wake_at__lte=now) | Q(pk__in=_signals())).values_list("id", flat=True))


def next_wake(worker: str) -> float | None:
    """When the next waiting run of `worker` goes on."""
    waiting = held_by(worker).filter(status=RunStatus.WAITING, wake_at__isnull=False)
    return waiting.order_by("wake_at").values_list("wake_at", flat=True).first()


def held_by(worker: str) -> QuerySet[Run]:
    """The runs that `worker` may drive."""
    return Run.objects.unscoped().filter(worker=worker, status__in=UNFINISHED)


def _signals() -> QuerySet[Signal, str]:
    return Signal.objects.values_list("run_id", flat=True)
