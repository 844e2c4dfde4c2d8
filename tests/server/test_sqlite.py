from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections, transaction

from accounts.models import Workspace
from accounts.web.problems import as_refusal
from server.database import sqlite
from server.sqlite import base

pytestmark = pytest.mark.django_db(transaction=True)


def in_another_thread(work: Callable[[], object]) -> threading.Thread:
    """Run `work` with a connection of its own."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def make(slug: str) -> Workspace:
    with transaction.atomic():
        return Workspace.objects.create(name=slug, slug=slug)


def fail() -> None:
    with transaction.atomic():
        make("rolled-back")
        raise RuntimeError


def test_a_writer_waits_for_the_one_before() -> None:
    order: list[str] = []

    def write() -> None:
        make("second")
        order.append("second")

    with transaction.atomic():
        make("first")
        thread = in_another_thread(write)
        time.sleep(0.2)
        order.append("first")
    thread.join(5)

    assert order == ["first", "second"]


def test_a_writer_that_waits_too_long_is_told_that_the_database_is_busy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(base, "BUSY_TIMEOUT_S", 0.1)
    refusals: list[object] = []

    def write() -> None:
        try:
            make("second")
        except OperationalError as error:
            refusals.append(as_refusal(error))

    with transaction.atomic():
        in_another_thread(write).join(5)

    assert [getattr(refusal, "status", None) for refusal in refusals] == [503]


@pytest.mark.parametrize("ending", ["commit", "rollback", "close"])
def test_the_queue_goes_on_however_a_writer_ends(ending: str) -> None:
    def write() -> None:
        if ending == "rollback":
            with pytest.raises(RuntimeError):
                fail()
        elif ending == "close":
            transaction.set_autocommit(False)
            Workspace.objects.create(name="lost", slug="lost")
        else:
            make("kept")

    in_another_thread(write).join(5)
    make("after")

    kept = {"kept"} if ending == "commit" else set()
    assert set(Workspace.objects.values_list("slug", flat=True)) == {"after"} | kept


@pytest.mark.sqlite
@pytest.mark.parametrize(("durability", "synchronous"), [("normal", 1), ("full", 2)])
def test_what_is_committed_is_written_as_safely_as_the_operator_asks(
    tmp_path: Path, durability: str, synchronous: int
) -> None:
    defaults = connections.databases[DEFAULT_DB_ALIAS]
    one = base.DatabaseWrapper({**defaults, **sqlite(tmp_path, durability)}, "other")

    with one.cursor() as cursor:
        told = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    one.close()

    assert told == ["wal", synchronous]
