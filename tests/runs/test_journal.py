"""The journal under a lost fence, values no database takes, a locked database, a full disk."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from contextlib import closing

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.signals import connection_created
from django.db.models import F

from accounts.web.health import health
from accounts.web.threads import in_thread
from runs.journal.journal import Hold, JournalBroken, RunJournal
from runs.journal.payloads import dump, load
from runs.journal.projection import Projection
from runs.journal.writer import JournalDown, Writer
from runs.live.hub import Hub
from runs.models import Call, Event, Run
from runs.process import engine
from runs.services import cancel_run
from tests.runs.inside import QUICK, delay, driving, ended, history, made, row, start_run, started, until
from wireloom.engine import events
from wireloom.engine.errors import LostLease

pytestmark = pytest.mark.django_db(transaction=True)

#: Gives more than a database that may not grow can take.
LONG = {
    "schema": 1,
    "nodes": [{"id": "a", "type": "transform", "config": {"template": "long " * 100_000}}],
}
CALL = {"step": "a", "node": "a", "call": 1, "attempt": 1, "name": "m"}


@pytest.fixture
async def writer():
    writer = Writer(asyncio.get_running_loop())
    writer.start()
    yield writer
    await writer.stop()


def journal_of(run, writer, hub=None):
    return RunJournal(Hold(run.pk, run.workspace_id, "w", 1, Projection()), writer=writer, hub=hub or Hub())


def stored(person):
    run = started(person, QUICK)
    Run.objects.unscoped().filter(pk=run.pk).update(worker="w")
    return run


def opening():
    return [
        events.RunStarted(seq=1, at=1.0, input={}, variables={}),
        events.StepStarted(seq=2, at=1.0, step="a", node="a", attempt=1, sources=[]),
        events.LlmStarted(seq=3, at=1.0, request={}, request_hash="", **CALL),
    ]


def answer(seq, **changes):
    usage = {"input_tokens": 1, "output_tokens": 1, "cost_usd": None}
    facts = {"result": {}, "error": None, "usage": usage, "duration_ms": 1.0, **changes}
    return events.LlmFinished(seq=seq, at=1.0, **CALL, **facts)


UNFIT = {
    "a count of 71 bits": {"usage": {"input_tokens": 2**70, "output_tokens": 0, "cost_usd": None}},
    "a negative count": {"usage": {"input_tokens": -9, "output_tokens": 0, "cost_usd": None}},
    "a number of 5,000 digits": {"result": 10**5000},
    "what is no JSON": {"result": {1, 2}},
}


@pytest.mark.parametrize("changes", UNFIT.values(), ids=UNFIT)
async def test_an_event_that_cannot_be_written_costs_its_run_alone_and_leaves_no_gap(alice, writer, changes):
    bad, good = [await in_thread(stored, alice) for _ in range(2)]
    spoilt, sound = journal_of(bad, writer), journal_of(good, writer)
    for event in opening():
        spoilt.append(event)
        sound.append(event)
    await spoilt.committed(3)
    spoilt.append(answer(4, **changes))
    sound.append(answer(4))
    # Long before the loop can tell anyone, the writer has this in its next group.
    while not writer._queue.empty() or writer.groups_written < 2:
        time.sleep(0.01)  # noqa: ASYNC251 - the loop must not turn
    spoilt.append(events.RunSucceeded(seq=5, at=1.0, output=None))
    sound.append(events.RunSucceeded(seq=5, at=1.0, output=None))

    await sound.committed(5)
    with pytest.raises(JournalBroken):
        await spoilt.committed(5)
    seqs = await in_thread(lambda: list(Event.objects.filter(run=bad).values_list("seq", flat=True)))
    assert seqs == [1, 2, 3]
    writer.check()


async def test_a_call_may_have_any_name(alice, writer):
    run = await in_thread(stored, alice)
    journal = journal_of(run, writer)
    started, begun, _ = opening()
    name = "model \0 \ud800 " + "x" * 300
    for event in (
        started,
        begun,
        events.LlmStarted(seq=3, at=1.0, request={}, request_hash="", **{**CALL, "name": name}),
    ):
        journal.append(event)
    await journal.committed(3)
    (call,) = await in_thread(lambda: list(Call.objects.filter(run=run)))
    (told,) = await in_thread(lambda: list(Event.objects.filter(run=run, seq=3)))
    assert call.name == "model \ufffd ? " + "x" * 300
    assert load(told.data)["name"] == name


async def test_what_is_written_under_an_old_fence_is_not_kept(alice, writer):
    run = await in_thread(stored, alice)
    hub = Hub()
    journal = journal_of(run, writer, hub)
    with hub.watching(run.pk) as watcher:
        for event in opening():
            journal.append(event)
        await journal.committed(3)
        await in_thread(lambda: Run.objects.unscoped().filter(pk=run.pk).update(fence=F("fence") + 1))
        journal.append(answer(4))
        with pytest.raises(LostLease):
            await journal.committed(4)
        assert [event.seq for event in watcher.watched.after(0).events] == [1, 2, 3]
    assert await in_thread(lambda: Event.objects.filter(run=run).count()) == 3


async def test_a_run_taken_over_elsewhere_is_let_go_of_whole(alice):
    async with driving():
        run = await in_thread(started, alice, delay(1))
        await until(lambda: row(run).status == "waiting")
        taken = {"worker": "another", "fence": F("fence") + 1}
        await in_thread(lambda: Run.objects.unscoped().filter(pk=run.pk).update(**taken))
        await until(lambda: engine().runner.active == 0)
        assert [task for task in asyncio.all_tasks() if "_drive" in repr(task)] == []
        left = await in_thread(row, run)
    assert (left.status, left.last_seq) == ("waiting", 4)


async def test_a_run_whose_event_cannot_be_written_ends_as_failed(alice):
    async with driving():
        run = await in_thread(started, alice, delay(1))
        await until(lambda: row(run).status == "waiting")
        # The third of the next events meets a row of its own number.
        stray = await in_thread(lambda: Event.objects.create(run=run, seq=7, type="x", at=1.0, data="{}"))
        left = await ended(run)
    await in_thread(stray.delete)
    assert (left.status, load(left.error)["code"]) == ("failed", "journal_broken")
    assert [event["type"] for event in await in_thread(history, run)][4:] == ["step.cancelled", "run.failed"]


@pytest.fixture
def pragmas():
    """Statements that the journal's connections begin with from now on."""
    said: list[str] = []

    def tell(connection, **_):
        if threading.current_thread().name != "wireloom-journal":
            return
        with connection.cursor() as cursor:
            for one in said:
                cursor.execute(one)

    connection_created.connect(tell)
    yield said
    connection_created.disconnect(tell)


@pytest.mark.sqlite
async def test_a_locked_database_delays_runs_and_fails_none(alice, pragmas):
    pragmas.append("PRAGMA busy_timeout = 50")
    async with driving():
        run = await in_thread(started, alice, delay(0.5))
        await until(lambda: row(run).status == "waiting")
        with closing(sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(1.5)
            with pytest.raises(JournalDown):
                engine().check()
            assert (await in_thread(row, run)).status == "waiting"
            other.execute("COMMIT")
        assert (await ended(run)).status == "succeeded"
        engine().check()
    await in_thread(history, run)


@pytest.mark.sqlite
async def test_a_full_disk_refuses_new_runs(alice):
    async with driving():
        workflow = (await in_thread(made, alice, QUICK)).pk

        def ask():
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA page_count")
                cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
            try:
                return alice.ask("POST", f"/workflows/{workflow}/runs/", {"input": {"text": "x" * 9_000_000}})
            finally:
                connection.close()  # the next connection knows no such bound

        refused = await in_thread(ask)
    assert (refused.status_code, refused.json()["code"]) == (507, "storage_full")


@pytest.mark.sqlite
async def test_a_run_waits_while_the_disk_is_full_and_goes_on_when_there_is_room(alice, pragmas):
    # No bound is below what the database has, so the first that does not fit is the long answer.
    workflow = await in_thread(made, alice, LONG)
    await in_thread(lambda: connection.cursor().execute("VACUUM"))  # no room is left inside either
    pragmas.append("PRAGMA max_page_count = 1")
    async with driving():
        run = await in_thread(start_run, alice.actor, workflow, run_input={})
        await until(lambda: engine().runner.writer._trouble)
        with pytest.raises(JournalDown):
            engine().check()
        assert not (await in_thread(row, run)).finished_at
        pragmas.clear()
        assert (await ended(run)).status == "succeeded"
    await in_thread(history, run)


def test_the_end_of_the_writing_thread_is_noticed(db):
    class Loop:
        pass

    writer = Writer(Loop())  # type: ignore[arg-type]
    with pytest.raises(JournalDown):
        writer.check()
    assert "journal" in health.checks


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("half \ud800", "half \ud800"),
        ("nul \0", "nul \0"),
        ([float("nan"), float("inf")], [None, None]),
        ([2**80, float("nan"), -float("inf")], [2**80, None, None]),
    ],
)
def test_whatever_a_model_wrote_is_stored_as_json(value, kept):
    assert load(dump(value)) == kept
    assert "NaN" not in dump(value)
    assert "Infinity" not in dump(value)


async def test_what_no_database_takes_as_text_comes_back_whole(alice):
    graph = {
        "schema": 1,
        "nodes": [
            {"id": "same", "type": "transform", "config": {"expression": "input"}},
            {"id": "rest", "type": "delay", "config": {"duration_s": 40}},
        ],
        "edges": [{"source": "same", "target": "rest"}],
    }
    odd = {"nul \0": "nul \0", "half": "half \ud800", "huge": 2**70, "long": "nul \0 half \udfff " * 2_000}
    async with driving():
        run = await in_thread(started, alice, graph, odd)
        await until(lambda: row(run).status == "waiting")
        await until(lambda: engine().runner.active == 0)
        told = [
            (await in_thread(alice.ask, "GET", f"/runs/{run.pk}/{rest}")).json()
            for rest in ("", "steps/same/")
        ]
        await in_thread(cancel_run, run)  # all of it is read again from its journal
        left = await ended(run)
    assert [told[0]["input"], told[1]["input"], told[1]["output"]] == [odd] * 3
    assert left.status == "cancelled"
    await in_thread(history, run)
