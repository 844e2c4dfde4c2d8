"""What watchers are told, and what they cost: in the process that drives the run."""

from __future__ import annotations

import asyncio
import json
import time

import pytest

from accounts.web.threads import in_thread
from runs.live import feed as feed_module
from runs.live.feed import Feed
from runs.live.hub import Hub, hub
from runs.live.texts import LiveTexts
from tests.runs.inside import QUICK, delay, driving, ended, row, started, until
from wireloom.engine import events

pytestmark = pytest.mark.django_db(transaction=True)

CALL = {"step": "a", "node": "a", "call": 1, "name": "m"}


def delta(text, attempt=1):
    return events.StepDelta("a", 1, attempt, 0, text)


def opened(seq, attempt=1):
    return events.LlmStarted(seq=seq, at=1.0, attempt=attempt, request={}, request_hash="", **CALL)


def told(seq, kind="llm.started"):
    return ("r", seq, kind, "a", "a", 1.0, "{}", "")


async def take(frames, n):
    return [json.loads((await anext(frames)).text) for _ in range(n)]


async def test_two_hundred_watchers_see_an_event_within_a_tenth_of_a_second(alice):
    async with driving():
        run = await in_thread(started, alice, delay(3))

        async def seen():
            arrivals = []
            async for frame in Feed(run.pk, 0).frames():
                arrivals.append((frame.seq, frame.type, time.time()))
            return arrivals

        await until(lambda: row(run).status == "waiting")
        wake_at = (await in_thread(row, run)).wake_at
        everyone = await asyncio.gather(*(seen() for _ in range(200)))
    assert {tuple(one[:2] for one in arrivals) for arrivals in everyone} == {
        tuple(
            enumerate(
                [
                    "run.started",
                    "step.started",
                    "step.waiting",
                    "run.waiting",
                    "run.resumed",
                    "step.succeeded",
                    "run.succeeded",
                ],
                start=1,
            )
        )
    }
    latencies = sorted(arrivals[4][2] - wake_at for arrivals in everyone)
    assert latencies[int(len(latencies) * 0.99)] < 0.1
    assert hub.watched == 0


async def test_a_cursor_ahead_of_a_run_waits_for_its_end(alice):
    async with driving():
        run = await in_thread(started, alice, delay(0.5))
        async with asyncio.timeout(4):
            assert [frame async for frame in Feed(run.pk, 50).frames()] == []
        assert (await ended(run)).last_seq == 7


async def test_who_wants_no_text_reads_nothing_when_text_comes(alice, monkeypatch):
    reads = []
    read_page = feed_module.read_page
    monkeypatch.setattr(feed_module, "read_page", lambda *at: reads.append(at) or read_page(*at))
    run = await in_thread(started, alice, QUICK)
    own = Hub()
    texts = own.open_texts(run.pk)
    texts.follow(opened(1))
    watching = asyncio.create_task(anext(Feed(run.pk, 1, "none", own).frames(), None))
    await until(lambda: reads)
    for _ in range(200):
        texts.add(delta("word "))
        own.wake(run.pk)
        await asyncio.sleep(0.001)
    assert len(reads) == 1
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)


async def test_text_is_merged_to_twenty_pieces_a_second(alice):
    run = await in_thread(started, alice, QUICK)
    own = Hub()
    texts = own.open_texts(run.pk)
    texts.follow(opened(1))
    pieces = []

    async def watch():
        async for frame in Feed(run.pk, 1, hub=own).frames():
            pieces.append(json.loads(frame.text)["data"]["text"])

    watching = asyncio.create_task(watch())
    began = time.monotonic()
    for _ in range(300):
        texts.add(delta("word "))
        own.wake(run.pk)
        await asyncio.sleep(0.003)
    took_s = time.monotonic() - began
    await until(lambda: "".join(pieces) == "word " * 300)
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    assert 2 < len(pieces) <= took_s * 20 + 2


async def test_text_comes_after_its_call_began_and_before_it_ended_whoever_joins_when(alice):
    run = await in_thread(started, alice, QUICK)
    own = Hub()
    texts = own.open_texts(run.pk)
    frames = Feed(run.pk, 0, hub=own).frames()
    first = asyncio.create_task(take(frames, 1))
    await until(lambda: own.watched)
    await asyncio.sleep(0.1)
    texts.follow(opened(1))
    texts.add(delta("One "))
    own.wake(run.pk)  # before the call's first event is committed
    await asyncio.sleep(0.1)
    own.published(run.pk, [told(1)])
    assert [one["seq"] for one in await first] == [1]
    assert [one["data"]["text"] for one in await take(frames, 1)] == ["One "]
    texts.add(delta("two."))
    texts.follow(events.StepRetrying(seq=2, at=1.0, step="a", node="a", attempt=1, delay_s=0.0, error={}))
    texts.follow(opened(3, attempt=2))
    texts.add(delta("Again.", attempt=2))
    own.published(run.pk, [told(2, "step.retrying"), told(3)])
    rest = await take(frames, 4)
    assert [
        (one["seq"], one["data"].get("attempt"), one["data"].get("offset"), one["data"].get("text"))
        for one in rest
    ] == [
        (None, 1, 4, "two."),
        (2, None, None, None),
        (3, None, None, None),
        (None, 2, 0, "Again."),
    ]
    await frames.aclose()
    late = Feed(run.pk, 3, hub=own)._new_text()
    assert [json.loads(one.text)["data"]["text"] for one in late] == ["Again."]
    assert own.watched == 0


def test_a_run_taken_up_again_keeps_its_new_texts_when_the_old_ones_go():
    own = Hub()
    old = own.open_texts("r")
    new = own.open_texts("r")
    own.close_texts("r", old)
    assert own.texts("r") is new
    own.close_texts("r", new)
    assert own.texts("r") is None


def test_text_is_forgotten_with_its_call():
    texts = LiveTexts()
    texts.follow(opened(1))
    texts.add(delta("x"))
    (closed,) = texts.follow(
        events.StepCancelled(seq=2, at=1.0, step="a", node="a", error={}, duration_ms=1.0)
    )
    texts.forget(closed)
    assert list(texts) == []


async def test_a_watcher_too_slow_for_what_is_kept_reads_the_journal(alice):
    own = Hub()
    with own.watching("r") as watcher:
        own.published("r", [told(seq) for seq in range(1, 400)])
        assert watcher.watched.after(10) is None
        assert [event.seq for event in watcher.watched.after(390).events] == list(range(391, 400))
        own.published("r", [told(500)])
        assert watcher.watched.after(390) is None
