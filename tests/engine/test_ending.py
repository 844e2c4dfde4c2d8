"""X19: cancelling in every state, losing the lease, and what is left afterwards."""

from __future__ import annotations

import asyncio
import gc
import weakref

import pytest

from tests.engine.virtual import (
    SLEEP,
    Busy,
    World,
    drive,
    finish,
    graph,
    made_up,
    plan_of,
    play,
    sleeping,
    virtually,
)
from wireloom.engine.errors import InvalidInput, LostLease
from wireloom.engine.limits import Limits
from wireloom.engine.node_io import Output


async def _busy(config, inputs, services):
    raise Busy(retry_after=100)


BUSY = made_up("busy", _busy)


async def _late(config, inputs, services):
    await services.clock.sleep(1)
    raise ValueError("no")


LATE = made_up("late", _late)

CANCELLED = {"code": "cancelled", "message": "The run was cancelled.", "node": None, "attempts": 0}

STATES = {
    "running": (graph({"a": sleeping(50), "b": "output"}, "a > b"), {"a": "cancelled"}),
    "waiting": (graph({"a": {"type": "delay", "config": {"duration_s": 50}}}), {"a": "cancelled"}),
    "backing off": (graph({"a": "busy"}), {"a": "cancelled"}),
    "queueing for the type": (graph({"a": sleeping(50), "b": sleeping(50)}), {"a": "cancelled"}),
    "queueing for the run": (
        graph({"a": sleeping(50), "b": sleeping(50)}, settings={"max_concurrency": 1}),
        {"a": "cancelled"},
    ),
    "failing": (graph({"a": "late", "b": sleeping(50)}), {"a": "failed", "b": "cancelled"}),
}


@pytest.mark.parametrize("state", STATES)
def test_x19_a_run_can_be_cancelled_while_it_is(state):
    document, steps = STATES[state]

    async def cancel(execution):
        await asyncio.sleep(10)
        execution.cancel()
        execution.cancel()

    limits = Limits({"sleep": 1})
    ran = play(document, None, SLEEP, BUSY, LATE, world=World(limits=limits), meanwhile=cancel)

    assert (ran.outcome.status, ran.execution.state.error, ran.steps) == ("cancelled", CANCELLED, steps)
    assert ran.events[-1].at - ran.events[0].at == 10
    assert [(use.in_use, use.queued) for use in limits.use()] == [(0, 0)]


def test_x19_a_run_can_be_cancelled_before_it_is_driven():
    async def run():
        execution = World().execution(plan_of(graph({"a": "output"})))
        execution.start({})
        execution.cancel()
        return await finish(execution)

    ran = virtually(run())
    assert (ran.outcome.status, ran.steps) == ("cancelled", {})


def test_x19_cancelling_an_ended_run_changes_nothing():
    async def run():
        ran = await drive(plan_of(graph({"a": "output"})), 1)
        before = list(ran.events)
        ran.execution.cancel()
        await asyncio.sleep(1)
        return ran, before

    ran, before = virtually(run())
    assert (ran.events, ran.execution.state.status) == (before, "succeeded")


@pytest.mark.parametrize(
    "kind",
    [
        "run.started",
        "step.started",
        "step.succeeded",
        "step.waiting",
        "run.waiting",
        "run.resumed",
        "run.succeeded",
    ],
)
def test_x19_a_listener_may_cancel_at_any_event(kind):
    document = graph(
        {"a": sleeping(1), "w": {"type": "delay", "config": {"duration_s": 5}}, "b": "output"},
        "a > w",
        "w > b",
    )
    running = []

    def listener(event):
        if event.type == kind and running:
            running[0].cancel()

    async def run():
        execution = World().execution(plan_of(document, SLEEP), listener=listener)
        running.append(execution)
        execution.start({})
        return await finish(execution)

    ran = virtually(run())
    assert ran.outcome.status == ("succeeded" if kind == "run.succeeded" else "cancelled")
    assert [one.seq for one in ran.events] == list(range(1, len(ran.events) + 1))


@pytest.mark.parametrize(
    "kind", ["step.started", "step.succeeded", "step.waiting", "run.waiting", "run.resumed"]
)
def test_a_listener_that_breaks_ends_the_driving_and_not_in_silence(kind):
    document = graph(
        {"a": sleeping(1), "w": {"type": "delay", "config": {"duration_s": 5}}, "b": "output"},
        "a > w",
        "w > b",
    )

    def listener(event):
        if event.type == kind:
            raise ZeroDivisionError(kind)

    async def run():
        execution = World().execution(plan_of(document, SLEEP), listener=listener)
        execution.start({})
        with pytest.raises(ZeroDivisionError, match=kind):
            await execution.drive()

    virtually(run())


def test_a_step_that_will_not_let_go_delays_a_cancelled_run_by_five_seconds():
    async def stubborn(config, inputs, services):
        while True:
            try:
                await services.clock.sleep(1000)
                return Output(None)
            except asyncio.CancelledError:
                pass

    async def cancel(execution):
        await asyncio.sleep(10)
        execution.cancel()

    ran = play(graph({"a": "stubborn"}), None, made_up("stubborn", stubborn), meanwhile=cancel)

    assert (ran.outcome.status, ran.steps) == ("cancelled", {"a": "cancelled"})
    assert ran.events[-1].at - ran.events[0].at == 15


def test_a_run_that_lost_its_lease_tells_nothing_more_and_makes_no_more_calls():
    async def chatty(config, inputs, services):
        while True:
            try:
                await services.clock.sleep(1)
            except asyncio.CancelledError:
                pass
            await services.llm.complete(_question())

    def _question():
        from wireloom.engine.services import ChatRequest, Message

        return ChatRequest("m", (Message("user", "hi"),))

    world = World()

    async def run():
        execution = world.execution(plan_of(graph({"a": "chatty"}), made_up("chatty", chatty)))
        execution.start({})
        driving = asyncio.ensure_future(execution.drive())
        await asyncio.sleep(3.5)
        execution.abandon()
        told = len(execution.journal.events), len(world.asked), len(world.deltas)
        with pytest.raises(LostLease):
            await driving
        await asyncio.sleep(10)
        return told, (len(execution.journal.events), len(world.asked), len(world.deltas))

    before, after = virtually(run())
    assert before == after


def test_a_run_abandoned_before_it_is_driven_is_not_driven():
    async def run():
        execution = World().execution(plan_of(graph({"a": "output"})))
        execution.start({})
        execution.abandon()
        with pytest.raises(LostLease):
            await execution.drive()
        return execution.journal.events

    assert [one.type for one in virtually(run())] == ["run.started"]


def test_a_journal_that_has_lost_the_run_ends_the_driving():
    from tests.engine.virtual import DurableJournal

    class Lost(DurableJournal):
        async def committed(self, seq):
            raise LostLease("gone")

    async def run():
        plan = plan_of(graph({"a": {"type": "agent", "config": {"prompt": "x"}}, "b": sleeping(100)}), SLEEP)
        execution = World().execution(plan, journal=Lost())
        execution.start({})
        with pytest.raises(LostLease):
            await execution.drive()
        return [one.type for one in execution.journal.events]

    assert "step.failed" not in virtually(run())


def test_a_driver_that_is_cancelled_leaves_the_run_as_its_journal_has_it():
    async def run():
        execution = World().execution(plan_of(graph({"a": sleeping(100)}), SLEEP))
        execution.start({})
        driving = asyncio.ensure_future(execution.drive())
        await asyncio.sleep(1)
        driving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await driving
        return execution

    execution = virtually(run())
    assert [one.type for one in execution.journal.events] == ["run.started", "step.started"]
    assert execution.state.steps["a"].status == "running"


def test_a_long_wait_ends_the_driving_and_the_journal_goes_on_from_it():
    from tests.engine.test_recovery import recover

    plan = plan_of(graph({"w": {"type": "delay", "config": {"duration_s": 1000}}, "o": "output"}, "w > o"))
    world = World(options={"park_after_s": 30})

    parked = virtually(drive(plan, "x", world=world))
    again = virtually(recover(plan, parked.events))

    assert (parked.outcome.status, parked.outcome.until) == ("waiting", parked.events[0].at + 1000)
    assert [one.type for one in parked.events][-1] == "run.waiting"
    assert (again.outcome.status, again.output) == ("succeeded", "x")


@pytest.mark.parametrize("value", [{"a": {1}}, float("nan"), {1: 2}])
def test_an_input_that_is_no_json_is_refused(value):
    async def run():
        with pytest.raises(InvalidInput):
            World().execution(plan_of(graph({"a": "output"}))).start(value)

    virtually(run())


def test_the_memory_of_a_run_that_is_done_goes_back():
    async def run():
        plan = plan_of(graph({"a": sleeping(5), "b": "busy"}, settings={"timeout_s": 3}), SLEEP, BUSY)
        ran = await drive(plan)
        watch = weakref.ref(ran.execution), weakref.ref(ran.execution.state)
        del ran
        gc.collect()
        return [one() for one in watch]

    assert virtually(run()) == [None, None]


def test_a_run_that_is_done_leaves_nothing_to_the_garbage_collector():
    async def run():
        plan = plan_of(
            graph(
                {"a": "input", "w": {"type": "delay", "config": {"duration_s": 5}}, "b": "output"},
                "a > w",
                "w > b",
            )
        )
        execution = World().execution(plan)
        execution.start({})
        await execution.drive()
        frame = execution.state.flow.root
        watch = weakref.ref(execution), weakref.ref(execution.state), weakref.ref(frame)
        gc.disable()
        try:
            del execution, frame
            await asyncio.sleep(0)
            return [one() for one in watch]
        finally:
            gc.enable()

    assert virtually(run()) == [None, None, None]
