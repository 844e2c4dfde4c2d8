"""X18: limits per node type, shared by all runs, and per run; and graphs of many nodes."""

from __future__ import annotations

import asyncio
import itertools
import time

from tests.engine.virtual import SLEEP, World, drive, graph, made_up, plan_of, play, sleeping, virtually
from wireloom.engine.limits import Limit, Limits, LimitUse
from wireloom.engine.node_io import Output


def test_x18_a_run_has_at_most_max_concurrency_steps_under_way():
    ran = play(graph({f"n{i}": sleeping(1) for i in range(10)}, settings={"max_concurrency": 3}), None, SLEEP)

    assert [at for _, at in ran.times("step.started")] == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3]


def test_x18_a_types_limit_is_shared_by_runs_and_who_waits_longest_is_next():
    limits = Limits({"sleep": 2})
    plan = plan_of(graph({f"n{i}": sleeping(1) for i in range(3)}), SLEEP)

    async def run():
        return await asyncio.gather(*(drive(plan, world=World(limits=limits)) for _ in range(2)))

    first, second = virtually(run())
    assert [first.times("step.started"), second.times("step.started")] == [
        [("n0", 0), ("n1", 0), ("n2", 1)],
        [("n0", 1), ("n1", 2), ("n2", 2)],
    ]
    assert limits.use() == [LimitUse("sleep", limit=2, in_use=0, peak=2, queued=0)]


def test_x18_a_type_that_is_not_named_has_no_limit():
    assert Limits({"agent": 1}).of("sleep") is None


def test_x18_a_waiting_step_holds_no_place():
    document = graph(
        {"w": {"type": "delay", "config": {"duration_s": 50}}, "a": sleeping(1)},
        settings={"max_concurrency": 1},
    )

    ran = play(document, None, SLEEP, world=World(limits=Limits({"delay": 1})))

    assert ran.times("step.succeeded") == [("a", 1), ("w", 50)]


def test_x18_a_run_cancelled_while_it_queues_leaves_its_place_to_the_next():
    limits = Limits({"sleep": 1})
    plan = plan_of(graph({"a": sleeping(10)}), SLEEP)

    async def run():
        holder = asyncio.ensure_future(drive(plan, world=World(limits=limits)))
        await asyncio.sleep(1)

        async def cancel(execution):
            await asyncio.sleep(1)
            execution.cancel()

        quitter = asyncio.ensure_future(drive(plan, world=World(limits=limits), meanwhile=cancel))
        patient = asyncio.ensure_future(drive(plan, world=World(limits=limits)))
        return await asyncio.gather(holder, quitter, patient)

    holder, quitter, patient = virtually(run())
    assert (holder.outcome.status, quitter.outcome.status, patient.outcome.status) == (
        "succeeded",
        "cancelled",
        "succeeded",
    )
    assert quitter.steps == {}
    assert patient.times("step.started") == [("a", 10)]


def test_x18_a_place_given_to_one_who_is_being_cancelled_is_handed_on():
    async def run():
        limit = Limit("x", 1)
        await limit.acquire()
        queue = [asyncio.ensure_future(limit.acquire()) for _ in range(3)]
        await asyncio.sleep(0)
        queue[0].cancel()  # its place is passed over …
        limit.release()
        queue[1].cancel()  # … and this one has just been given it
        await asyncio.wait(queue)
        return [one.cancelled() for one in queue], limit.in_use, len(limit.waiting)

    assert virtually(run()) == ([True, True, False], 1, 0)


async def _at_once(config, inputs, services):
    return Output(None)


AT_ONCE = made_up("at_once", _at_once)


def wide(kind, size):
    return graph(
        {"first": kind, **{f"n{i}": kind for i in range(size)}, "last": kind},
        *(f"first > n{i}" for i in range(size)),
        *(f"n{i} > last" for i in range(size)),
    )


def chain(kind, size):
    return graph({f"n{i}": kind for i in range(size)}, *(f"n{i} > n{i + 1}" for i in range(size - 1)))


def test_ten_thousand_calls_that_return_at_once_neither_recurse_nor_take_long():
    for document in (wide("at_once", 10_000), chain("at_once", 10_000)):
        plan = plan_of(document, AT_ONCE)
        began = time.process_time()
        ran = virtually(drive(plan))
        assert ran.outcome.status == "succeeded"
        assert set(ran.steps.values()) == {"succeeded"}
        assert time.process_time() - began < 10


def test_ten_thousand_inline_nodes_leave_the_loop_to_others_now_and_then():
    plan = plan_of(chain({"type": "transform", "config": {"expression": "1"}}, 10_000))
    turns = []

    async def count(execution):
        while execution.state.status == "running":
            turns.append(execution.state.seq)
            await asyncio.sleep(0)

    virtually(drive(plan, meanwhile=count))

    assert max(later - earlier for earlier, later in itertools.pairwise(turns)) <= 2 * 200 + 2


def test_ten_thousand_queued_calls_leave_the_loop_to_others_now_and_then():
    async def first_slow(config, inputs, services):
        await services.clock.sleep(0 if seen else 1)
        seen.append(1)
        return Output(None)

    seen: list[int] = []
    plan = plan_of(
        graph({f"n{i}": "first_slow" for i in range(2_000)}, settings={"max_concurrency": 1}),
        made_up("first_slow", first_slow),
    )

    assert virtually(drive(plan)).outcome.status == "succeeded"


def test_a_failure_before_ten_thousand_nodes_skips_them_all_in_order():
    document = chain("at_once", 10_000)
    document["nodes"][0] = {"id": "n0", "type": "transform", "config": {"expression": "1 / 0"}}

    ran = virtually(drive(plan_of(document, AT_ONCE)))

    assert [one.step for one in ran.events if one.type == "step.skipped"] == [
        f"n{i}" for i in range(1, 10_000)
    ]


def test_ten_thousand_waits_that_end_one_after_another_take_no_long():
    document = graph({f"w{i}": {"type": "delay", "config": {"duration_s": i}} for i in range(10_000)})

    began = time.process_time()
    ran = virtually(drive(plan_of(document)))

    assert ran.outcome.status == "succeeded"
    assert time.process_time() - began < 10
