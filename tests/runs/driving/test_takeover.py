"""What a start makes of the runs it finds, and how a wish to cancel reaches a run that nobody drives."""

from __future__ import annotations

import asyncio

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.web.threads import in_thread
from runs.driving.graphs import plans
from runs.journal.payloads import load
from runs.models import Blob, Event, Run, Signal
from runs.process import engine
from runs.services import cancel_run
from server.sqlite.base import _writer
from tests.runs.inside import QUICK, delay, driving, ended, history, made, row, start_run, started, until

pytestmark = pytest.mark.django_db(transaction=True)


def signalled(run):
    Signal.objects.create(run=run, kind=Signal.Kind.CANCEL, created_at=timezone.now())


async def test_a_run_that_was_only_accepted_is_driven_by_the_next_start(alice):
    run = await in_thread(started, alice, QUICK)
    async with driving():
        assert (await ended(run)).status == "succeeded"
    await in_thread(history, run)


async def test_a_run_cancelled_before_it_began_ends_cancelled(alice):
    run = await in_thread(started, alice, QUICK)
    await in_thread(cancel_run, run)
    async with driving():
        assert (await ended(run)).status == "cancelled"
    assert [event["type"] for event in await in_thread(history, run)] == ["run.started", "run.cancelled"]


async def test_a_wish_that_a_crash_left_unheard_is_obeyed_at_once(alice):
    async with driving():
        run = await in_thread(started, alice, delay(3000))
        await until(lambda: row(run).status == "waiting")
    await in_thread(signalled, run)
    async with driving():
        assert (await ended(run, within_s=3)).status == "cancelled"
    assert not await in_thread(Signal.objects.exists)
    await in_thread(history, run)


@pytest.mark.sqlite
async def test_a_wish_that_comes_while_a_run_is_let_go_of_is_obeyed_at_once(alice):
    workflow = await in_thread(made, alice, delay(3000))

    def start():
        with transaction.atomic():
            transaction.on_commit(_writer.acquire)  # the journal waits from here on
            run = start_run(alice.actor, workflow, run_input={})
            signalled(run)
        return run

    async with driving():
        run = await in_thread(start)
        runner = engine().runner
        while (driven := runner._driven[run.pk]).execution is None or not driven.execution.tell.closed:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        engine().cancel(run.pk)
        await asyncio.sleep(0.05)
        _writer.release()
        assert (await ended(run, within_s=3)).status == "cancelled"


@pytest.mark.parametrize(
    ("change", "code"),
    [("type", "invalid_workflow"), ("graph", "journal_damaged"), ("input", "journal_damaged")],
)
@pytest.mark.parametrize("begun", [True, False])
async def test_a_run_that_can_never_go_on_ends_as_failed_and_stays_readable(alice, change, code, begun):
    run = await in_thread(started, alice, delay(3000))
    if begun:
        async with driving():
            await until(lambda: row(run).status == "waiting")

    def spoil():
        if change == "type":
            text = '{"schema":1,"nodes":[{"id":"rest","type":"gone"}]}'
            Blob.objects.create(workspace=run.workspace, hash="0" * 64, text=text)
            Run.objects.unscoped().filter(pk=run.pk).update(graph="0" * 64)
        elif change == "graph":
            Blob.objects.all().delete()
            plans.cache_clear()
        else:
            Run.objects.unscoped().filter(pk=run.pk).update(input=f"b{'0' * 64}")
        signalled(run)

    await in_thread(spoil)
    async with driving():
        left = await ended(run)
    assert (left.status, load(left.error)["code"]) == ("failed", code)
    assert (await in_thread(history, run))[-1]["type"] == "run.failed"
    last = left.last_seq
    async with driving():
        await asyncio.sleep(0.2)
    assert await in_thread(lambda: Event.objects.filter(run=run).count()) == last
    for address in ("", "steps/", "events/"):
        assert (await in_thread(alice.ask, "GET", f"/runs/{run.pk}/{address}")).status_code == 200


async def test_input_nested_too_deeply_is_refused_and_not_left_hanging(alice):
    workflow = await in_thread(made, alice, QUICK)
    deep = "x"
    for _ in range(300):
        deep = [deep]
    answer = await in_thread(alice.ask, "POST", f"/workflows/{workflow.pk}/runs/", {"input": {"deep": deep}})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_five_hundred_unfinished_runs_are_taken_up_by_one_start(alice):
    workflow = await in_thread(made, alice, QUICK)

    def many():
        with transaction.atomic():
            for _ in range(500):
                start_run(alice.actor, workflow, run_input={})

    await in_thread(many)
    async with driving():
        await until(lambda: not Run.objects.unscoped().exclude(status="succeeded").exists(), within_s=30)


async def test_one_key_sent_by_eight_threads_at_once_starts_one_run(alice):
    workflow = await in_thread(made, alice, QUICK)
    path, key = f"/workflows/{workflow.pk}/runs/", {"Idempotency-Key": "k"}
    async with driving():
        answers = await asyncio.gather(
            *(in_thread(alice.ask, "POST", path, {"input": {}}, **key) for _ in range(8))
        )
        assert sorted(answer.status_code for answer in answers) == [200] * 7 + [202]
        assert len({answer.json()["id"] for answer in answers}) == 1
        run = await in_thread(Run.objects.unscoped().get)
        assert (await ended(run)).status == "succeeded"


async def test_two_who_cancel_at_once_are_answered_alike(alice):
    async with driving():
        run = await in_thread(started, alice, delay(3000))
        path = f"/runs/{run.pk}/cancel/"
        answers = await asyncio.gather(*(in_thread(alice.ask, "POST", path) for _ in range(2)))
        assert [answer.status_code for answer in answers] == [202, 202]
        assert (await ended(run, within_s=3)).status == "cancelled"
    await in_thread(history, run)
