"""Several processes on one Postgres: who drives which run, and what becomes of it when that process is gone."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.db import connection, transaction

from accounts.web.threads import in_thread
from runs.driving import claims, lease
from runs.models import Run, Worker
from runs.process import engine
from tests import postgres
from tests.runs.inside import QUICK, delay, driving, ended, history, made, row, start_run, started, until
from tests.runs.outside import agents, check_history, events_of, make_workflow, provider, run_of, start
from tests.runs.outside import until as until_told
from tests.server.live import fresh_database, serve

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

KEY = {"WIRELOOM_SECRET_KEY": "shared-by-all-servers-of-one-database"}


@contextlib.contextmanager
def two_servers(folder, environment):
    """Two servers, each with a data directory of its own, on one database."""
    shared = {**environment, **KEY, "WIRELOOM_DATABASE_URL": postgres.new_database(fresh_database())}
    with serve(folder / "one", **shared) as one, serve(folder / "two", **shared) as two:
        yield one, two, shared["WIRELOOM_DATABASE_URL"]


def until_told_of(live, run, kind, *, times):
    """Return once the run has so many events of `kind`."""
    deadline = time.monotonic() + 20
    while [event["type"] for event in events_of(live, run["id"])].count(kind) < times:
        assert time.monotonic() < deadline
        time.sleep(0.03)


def test_a_run_whose_server_was_killed_is_driven_on_by_another(tmp_path):
    with (
        provider(tmp_path) as stub,
        two_servers(tmp_path, stub.environment) as (one, two, database),
    ):
        stub.script({"text": "A."}, {"hang": True})
        run = start(one, make_workflow(one, agents("a", "b", "c", "d")))
        until_told_of(one, run, "llm.started", times=2)
        (before,) = postgres.execute("SELECT worker, fence FROM runs_run", url=database)
        one.process.kill()
        one.process.wait()
        age = "UPDATE runs_worker SET heartbeat_at = heartbeat_at - interval '1 minute' WHERE id = %s"
        postgres.execute(age, before[0], url=database)
        told = until_told(two, run["id"], "succeeded")
        (after,) = postgres.execute("SELECT worker, fence FROM runs_run", url=database)
        events = events_of(two, run["id"])
        prompts = stub.prompts
    assert told["steps"] == {"succeeded": 4}
    assert (before[1], after[1], after[0] != before[0]) == (1, 2, True)
    check_history(events)
    assert [event["type"] for event in events].count("step.interrupted") == 1
    assert prompts == ["Do a.", "Do b.", "Do b.", "Do c.", "Do d."], "what was cut off alone is done again"


def test_what_one_server_drives_another_shows_and_cancels(tmp_path):
    with provider(tmp_path) as stub, two_servers(tmp_path, stub.environment) as (one, two, database):
        stub.script({"hang": True})
        run = start(one, make_workflow(one, agents("a")))
        while not stub.prompts:
            time.sleep(0.02)
        assert run_of(two, run["id"])["status"] == "running"
        assert two.ask("POST", f"/api/v1/runs/{run['id']}/cancel/").status == 202
        until_told(two, run["id"], "cancelled", within_s=5)
        check_history(events_of(one, run["id"]))
        ((fence,),) = postgres.execute("SELECT fence FROM runs_run", url=database)
        assert (fence, len(stub.prompts)) == (1, 1)


@pytest.mark.slow
def test_what_one_server_drives_is_watched_at_another_as_it_happens(tmp_path):
    with two_servers(tmp_path, {"WIRELOOM_LOCAL_MODEL": "0"}) as (one, two, _):
        run = start(one, make_workflow(one, delay(2)))
        headers = {"Accept": "text/event-stream"}
        stream = two.ask("GET", f"/api/v1/runs/{run['id']}/events/", headers=headers).body.decode()
        seen_at = time.time()
        ended_at = datetime.fromisoformat(run_of(one, run["id"])["finished_at"]).timestamp()
    assert seen_at - ended_at < 2
    assert [line for line in stream.splitlines() if line.startswith("id:")] == [
        f"id: {n}" for n in range(1, 8)
    ]


@pytest.mark.slow
def test_a_server_that_stops_hands_its_runs_over_at_once(tmp_path):
    with two_servers(tmp_path, {"WIRELOOM_LOCAL_MODEL": "0"}) as (one, two, _):
        run = start(one, make_workflow(one, delay(1)))
        until_told(one, run["id"], "waiting")
        assert one.stop() == 0
        until_told(two, run["id"], "succeeded", within_s=lease.BEAT_S + 5)


async def test_two_who_look_at_once_take_no_run_twice_and_do_not_wait(alice):
    workflow = await in_thread(made, alice, QUICK)
    runs = {(await in_thread(start_run, alice.actor, workflow, run_input={})).pk for _ in range(5)}
    first, second = [await in_thread(lease.take_out) for _ in range(2)]
    found, looked = threading.Event(), threading.Event()

    def take_slowly():
        with transaction.atomic():
            taken = claims.take_over(first, 3)
            found.set()
            assert looked.wait(5)
        return taken

    slow = asyncio.create_task(in_thread(take_slowly))
    await asyncio.to_thread(found.wait, 5)
    rest = await in_thread(claims.take_over, second, 10)
    looked.set()
    taken = await slow
    assert (len(taken), len(rest)) == (3, 2)
    assert {run_id for run_id, _ in taken + rest} == runs
    assert await in_thread(lambda: set(Run.objects.unscoped().values_list("fence", flat=True))) == {2}


async def test_a_lease_lasts_by_the_databases_clock_and_no_longer(alice):
    name = await in_thread(lease.take_out)

    def age(by_s):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE runs_worker SET heartbeat_at = now() - %s * interval '1 second'", [by_s])

    await in_thread(age, lease.EXPIRY_S - 2)
    await in_thread(lease.end_expired)
    assert await in_thread(lease.renew, name)
    await in_thread(age, lease.EXPIRY_S + 1)
    await in_thread(lease.end_expired)
    assert not await in_thread(lease.renew, name)


async def test_an_owner_whose_lease_has_ended_lets_go_and_begins_anew(alice, monkeypatch):
    monkeypatch.setattr(lease, "BEAT_S", 0.1)
    async with driving():
        run = await in_thread(started, alice, delay(3))
        await until(lambda: row(run).status == "waiting")
        first = engine().worker
        await in_thread(Worker.objects.all().delete)
        left = await ended(run)
        assert engine().worker not in (None, first)
    assert (left.status, left.fence) == ("succeeded", 2)
    await in_thread(history, run)


async def test_an_owner_that_cannot_renew_in_time_stops_before_others_may_begin(alice, monkeypatch):
    monkeypatch.setattr(lease, "STOP_S", 0.5)
    async with driving():
        monkeypatch.setattr(lease, "STOP_S", 12.0)
        run = await in_thread(started, alice, delay(2))
        await until(lambda: engine().worker is None)
        assert engine().runner.active == 0
        unheard = await in_thread(started, alice, QUICK)
        assert [(await ended(one)).status for one in (run, unheard)] == ["succeeded", "succeeded"]
    for one in (run, unheard):
        await in_thread(history, one)


@pytest.fixture
def our_backend(alice):
    """The process on Postgres' side that serves the fixtures."""
    return connection.connection.info.backend_pid


async def test_runs_outlive_the_connections_to_the_database(alice, our_backend):
    async with driving():
        run = await in_thread(started, alice, delay(0.5))
        await until(lambda: row(run).status == "waiting")
        await asyncio.to_thread(postgres.disconnect, connection.settings_dict["NAME"], but=our_backend)
        assert (await ended(run)).status == "succeeded"
    await in_thread(history, run)


def test_servers_that_start_at_once_make_what_is_missing_once(tmp_path):
    database = postgres.new_database()
    environment = {**KEY, "WIRELOOM_DATABASE_URL": database}
    with contextlib.ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(2))
        servers = pool.map(
            lambda name: stack.enter_context(serve(tmp_path / name, "--migrate", **environment)), "ab"
        )
        assert {live.ask("GET", "/health/ready").status for live in servers} == {200}
    ((people, workflows),) = postgres.execute(
        "SELECT (SELECT count(*) FROM accounts_user), (SELECT count(*) FROM builder_workflow)", url=database
    )
    assert (people, workflows) == (1, 1)
