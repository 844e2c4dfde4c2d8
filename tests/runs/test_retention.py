"""Runs go whole when they are old enough, and what only they used goes with them."""

from __future__ import annotations

import asyncio
import time
from threading import Event as Signal
from threading import Thread

import pytest
from django.db import connection, transaction

from accounts.web.threads import in_thread
from runs import retention
from runs.models import Blob, BlobUse, Call, Event, Run, Step
from runs.retention import DAY_S, remove_blobs, remove_due, remove_runs
from tests.runs.inside import QUICK, delay, driving, ended, made, row, start_run, started, until
from tests.runs.outside import make_workflow, start
from tests.runs.outside import until as until_told
from tests.server.live import query, serve

pytestmark = pytest.mark.django_db(transaction=True)

LONG = {"text": "long " * 10_000}


def aged(run: Run, days: float) -> None:
    Run.objects.unscoped().filter(pk=run.pk).update(finished_at=time.time() - days * DAY_S)


def left() -> set[str]:
    return set(Run.objects.unscoped().values_list("id", flat=True))


async def due(days: float = 30) -> None:
    await remove_due(time.time() - days * DAY_S)


async def test_a_run_goes_whole_when_it_is_old_and_a_younger_one_stays_whole(alice):
    async with driving():
        old, young = [await in_thread(started, alice, QUICK, LONG) for _ in range(2)]
        for run in (old, young):
            await ended(run)
    await in_thread(aged, old, 31)
    await in_thread(aged, young, 29)

    await due()

    def rows():
        return {
            model.__name__: set(model.objects.values_list("run", flat=True))
            for model in (Event, Step, BlobUse)
        }

    assert await in_thread(left) == {young.pk}
    assert await in_thread(rows) == {name: {young.pk} for name in ("Event", "Step", "BlobUse")}


async def test_a_blob_stays_while_any_run_uses_it(alice):
    workflow = await in_thread(made, alice, QUICK)
    async with driving():
        first, second = [
            await in_thread(lambda: start_run(alice.actor, workflow, run_input=LONG)) for _ in range(2)
        ]
        for run in (first, second):
            await ended(run)
    before = await in_thread(lambda: set(Blob.objects.values_list("hash", flat=True)))
    assert len(before) == 2, "the input and the graph, once each"

    await in_thread(aged, first, 31)
    await due()
    assert await in_thread(lambda: set(Blob.objects.values_list("hash", flat=True))) == before
    shown = await in_thread(alice.ask, "GET", f"/runs/{second.pk}/")
    assert (shown.json()["input"], shown.json()["graph"]["nodes"][0]["id"]) == (LONG, "a")

    await in_thread(aged, second, 31)
    await due()
    assert not await in_thread(Blob.objects.exists)


async def test_what_is_unfinished_or_a_parent_stays_however_old(alice):
    async with driving():
        waiting = await in_thread(started, alice, delay(3000))
        await until(lambda: row(waiting).status == "waiting")
        parent, child = [await in_thread(started, alice, QUICK) for _ in range(2)]
        for run in (parent, child):
            await ended(run)
    pending = await in_thread(started, alice, QUICK)

    def inherit():
        Run.objects.unscoped().filter(pk=child.pk).update(parent=parent)
        for run in (waiting, parent, pending):
            aged(run, 400)

    await in_thread(inherit)
    await due()
    assert await in_thread(left) == {waiting.pk, parent.pk, child.pk, pending.pk}

    await in_thread(aged, child, 31)
    await due()
    assert await in_thread(left) == {waiting.pk, pending.pk}


async def test_a_batch_holds_few_events_and_at_least_one_run(alice, monkeypatch):
    monkeypatch.setattr(retention, "MOST_EVENTS", 10)
    async with driving():
        runs = [await in_thread(started, alice, QUICK) for _ in range(5)]
        for run in runs:
            await ended(run)
            await in_thread(aged, run, 31)
    assert [await in_thread(remove_runs, time.time() - DAY_S) for _ in range(4)] == [2, 2, 1, 0]
    monkeypatch.setattr(retention, "MOST_EVENTS", 1)
    async with driving():
        run = await in_thread(started, alice, QUICK)
        await ended(run)
    await in_thread(aged, run, 31)
    assert await in_thread(remove_runs, time.time() - DAY_S) == 1


@pytest.mark.postgres
def test_a_blob_that_a_run_begins_to_use_while_it_goes_stays(alice):
    """The writer has found the blob there, and has not committed its use of it yet."""
    workflow = made(alice, QUICK)
    old = start_run(alice.actor, workflow, run_input=LONG)
    Run.objects.unscoped().filter(pk=old.pk).delete()
    stored, go_on = Signal(), Signal()

    def use():
        with transaction.atomic():
            start_run(alice.actor, workflow, run_input=LONG)
            stored.set()
            go_on.wait(10)
        connection.close()

    user = Thread(target=use)
    user.start()
    assert stored.wait(10)
    Thread(target=lambda: (time.sleep(0.5), go_on.set())).start()
    assert remove_blobs(0) is not None
    user.join()
    assert Blob.objects.count() == BlobUse.objects.count() == 2


@pytest.mark.slow
def test_a_server_removes_old_runs_when_it_starts_unless_told_to_keep_them(tmp_path):
    data = tmp_path / "data"
    with serve(data) as live:
        runs = [start(live, make_workflow(live, QUICK))["id"] for _ in range(2)]
        for run in runs:
            until_told(live, run, "succeeded")
        live.stop()
    query(data, "UPDATE runs_run SET finished_at = finished_at - ? WHERE id = ?", 31 * DAY_S, runs[0])
    with serve(data, WIRELOOM_RETAIN_DAYS="0") as live:
        time.sleep(0.5)
        assert [live.ask("GET", f"/api/v1/runs/{run}/").status for run in runs] == [200, 200]
        live.stop()
    with serve(data) as live:
        deadline = time.monotonic() + 5
        while live.ask("GET", f"/api/v1/runs/{runs[0]}/").status != 404:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert live.ask("GET", f"/api/v1/runs/{runs[1]}/").status == 200


async def test_a_long_run_goes_without_holding_up_the_journal(alice):
    """What takes longest: ten thousand steps in one transaction, beside a run that is being driven."""
    nodes = [{"id": f"n{n}", "type": "transform", "config": {"template": "x"}} for n in range(10_000)]
    async with driving():
        run = await in_thread(started, alice, {"schema": 1, "nodes": nodes})
        await ended(run, within_s=60)
        await in_thread(aged, run, 31)
        removing = asyncio.create_task(due())
        slowest = 0.0
        while not removing.done():
            began = time.monotonic()
            await ended(await in_thread(started, alice, QUICK))
            slowest = max(slowest, time.monotonic() - began)
        await removing
    assert run.pk not in await in_thread(left)
    print(f"the slowest run beside it took {slowest:.2f} s")
    assert slowest < 2
    assert not await in_thread(lambda: Call.objects.filter(run=run.pk).exists())
