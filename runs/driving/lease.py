"""The lease by which a process drives runs.

On a database that several processes share it is a row that must be renewed in
time; all times are the database's. On SQLite the lock of the data directory
proves that no other process lives, so nothing needs renewing. Called in threads.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from accounts.ids import new_id
from runs.models import Worker

#: How often a lease is renewed, and how long it lasts unless it is, seconds.
BEAT_S, EXPIRY_S = 5.0, 20.0
#: An owner that could not renew for so long stops, so that it has let go of its runs before others take them, seconds.
STOP_S = 12.0


def is_shared() -> bool:
    """Whether other processes may drive runs of the same database."""
    return settings.WIRELOOM.database_url is not None


def take_out() -> str:
    """A lease for this process: its id, by which runs name who drives them."""
    with transaction.atomic():
        if not is_shared():
            Worker.objects.all().delete()
        return Worker.objects.create(id=new_id(), started_at=Now(), heartbeat_at=Now()).id


def renew(worker: str) -> bool:
    """Make the lease last anew; give False if it ran out, and others may have taken the runs."""
    return bool(Worker.objects.filter(pk=worker).update(heartbeat_at=Now()))


def give_back(worker: str) -> None:
    """End the lease, so that others take what was left under it at once."""
    Worker.objects.filter(pk=worker).delete()


def end_expired() -> None:
    """End every lease that was not renewed in time."""
    Worker.objects.filter(heartbeat_at__lt=Now() - timedelta(seconds=EXPIRY_S)).delete()
