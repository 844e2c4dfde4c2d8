"""Failures that nothing handles, retries, time limits, and steps that misbehave."""

from __future__ import annotations

import asyncio
import math

import pytest

from tests.engine.virtual import BREAK, SLEEP, Busy, World, graph, made_up, play, sleeping
from wireloom.engine.errors import StepError
from wireloom.engine.limits import Limits
from wireloom.engine.node_io import Output


def broken_after(seconds, **policy):
    return {"type": "late", "config": {"behaviour": str(seconds)}, "policy": policy}


async def _fail_late(config, inputs, services):
    await services.clock.sleep(float(config.behaviour))
    raise StepError("broken")


LATE = made_up("late", _fail_late)


def error_of(node, message="broken", code="error", attempts=1):
    return {"code": code, "message": message, "node": node, "attempts": attempts}


def test_x11_a_failure_skips_its_dependents_lets_siblings_finish_and_starts_nothing_new():
    ran = play(
        graph(
            {
                "bad": broken_after(2),
                "behind": "output",
                "running": sleeping(5),
                "after": "output",
            },
            "bad > behind",
            "running > after",
        ),
        None,
        LATE,
        SLEEP,
    )

    assert ran.outcome.status == "failed"
    assert ran.steps == {"bad": "failed", "running": "succeeded", "behind": "skipped"}
    assert ran.execution.state.error == error_of("bad")
    assert ran.execution.state.steps["behind"].error == {
        "code": "upstream_failed",
        "message": "'behind' depends on a step that failed.",
        "node": "bad",
        "attempts": 0,
    }
    assert ran.events[-1].at - ran.events[0].at == 5


def test_x11_a_failure_cancels_waits():
    ran = play(
        graph({"bad": broken_after(2), "wait": {"type": "delay", "config": {"duration_s": 1000}}}), None, LATE
    )

    assert ran.steps == {"bad": "failed", "wait": "cancelled"}
    assert ran.events[-1].at - ran.events[0].at == 2


def test_x11_a_step_that_backs_off_when_another_fails_ends_as_its_last_attempt_did():
    async def busy(config, inputs, services):
        raise Busy(retry_after=100)

    ran = play(graph({"bad": broken_after(2), "busy": {"type": "busy"}}), None, LATE, made_up("busy", busy))

    assert ran.steps == {"bad": "failed", "busy": "failed"}
    assert ran.execution.state.steps["busy"].error == error_of(
        "busy", "Too much to do.", "provider_rate_limit"
    )
    assert ran.events[-1].at - ran.events[0].at == 2


def test_x11_a_step_that_queues_for_its_types_limit_when_another_fails_never_starts():
    ran = play(
        graph({"first": sleeping(5), "second": sleeping(5), "bad": broken_after(2)}),
        None,
        LATE,
        SLEEP,
        world=World(limits=Limits({"sleep": 1})),
    )

    assert ran.steps == {"first": "succeeded", "bad": "failed"}


def test_x11_a_step_that_queues_for_the_run_when_another_fails_never_starts():
    ran = play(
        graph(
            {"bad": broken_after(2), "first": sleeping(5), "second": sleeping(5)},
            settings={"max_concurrency": 2},
        ),
        None,
        LATE,
        SLEEP,
    )

    assert ran.steps == {"bad": "failed", "first": "succeeded"}


def test_x11_the_first_failure_is_the_runs_error():
    ran = play(graph({"a": broken_after(3), "b": broken_after(1)}), None, LATE)

    assert ran.execution.state.error == error_of("b")
    assert ran.steps == {"b": "failed", "a": "failed"}


# -- X13: time


def test_x13_an_attempt_that_takes_too_long_is_a_timeout_and_is_tried_again():
    ran = play(graph({"a": sleeping(10, timeout_s=3, max_attempts=2)}), None, SLEEP, world=World(seed=1))

    assert ran.execution.state.error == error_of("a", "'a' took longer than 3 s.", "timeout", attempts=2)
    assert [one.attempt for one in ran.events if one.type == "step.started"] == [1, 2]


def test_x13_an_attempts_time_counts_neither_queueing_nor_backing_off():
    ran = play(
        graph({"a": sleeping(3, timeout_s=4), "b": sleeping(3, timeout_s=4)}),
        None,
        SLEEP,
        world=World(limits=Limits({"sleep": 1})),
    )

    assert ran.steps == {"a": "succeeded", "b": "succeeded"}


def test_x13_the_runs_time_ends_it_and_cancels_what_runs():
    ran = play(graph({"a": sleeping(100), "b": "output"}, "a > b", settings={"timeout_s": 7}), None, SLEEP)

    assert (ran.outcome.status, ran.error_code, ran.steps) == ("failed", "run_timeout", {"a": "cancelled"})
    assert ran.events[-1].at - ran.events[0].at == 7


def test_x13_the_runs_time_does_not_count_waits():
    ran = play(
        graph(
            {"a": sleeping(3), "w": {"type": "delay", "config": {"duration_s": 1000}}, "b": sleeping(3)},
            "a > w",
            "w > b",
            settings={"timeout_s": 7},
        ),
        None,
        SLEEP,
    )

    assert ran.outcome.status == "succeeded"
    assert ran.execution.state.active_s == 6
    assert [one.type for one in ran.events if one.type.startswith("run.")] == [
        "run.started",
        "run.waiting",
        "run.resumed",
        "run.succeeded",
    ]


def test_x13_the_runs_time_counts_on_after_a_wait():
    ran = play(
        graph(
            {"a": sleeping(3), "w": {"type": "delay", "config": {"duration_s": 1000}}, "b": sleeping(5)},
            "a > w",
            "w > b",
            settings={"timeout_s": 7},
        ),
        None,
        SLEEP,
    )

    assert (ran.error_code, ran.events[-1].at - ran.events[0].at) == ("run_timeout", 1007)


def test_x13_a_run_timeout_is_never_routed():
    ran = play(
        graph({"a": sleeping(9, on_error="route"), "b": "output"}, "a.error > b", settings={"timeout_s": 2}),
        None,
        SLEEP,
    )

    assert ran.steps == {"a": "cancelled"}


# -- retries


async def _busy(config, inputs, services):
    raise Busy(retry_after=float(config.behaviour) if config.behaviour else None)


BUSY = made_up("busy", _busy)


def busy(after="", **policy):
    return {"type": "busy", "config": {"behaviour": str(after)}, "policy": policy}


@pytest.mark.parametrize("seed", range(20))
def test_back_off_is_between_nothing_and_a_ceiling_that_doubles_to_thirty_seconds(seed):
    ran = play(graph({"a": busy(max_attempts=10)}), None, BUSY, world=World(seed=seed))

    delays = [one.delay_s for one in ran.events if one.type == "step.retrying"]
    ceilings = [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert len(delays) == 9
    assert all(0 <= delay <= ceiling for delay, ceiling in zip(delays, ceilings, strict=True))
    assert len(set(delays)) == 9


def test_retry_after_is_obeyed():
    ran = play(graph({"a": busy(17, max_attempts=3)}), None, BUSY)

    assert ran.times("step.started") == [("a", 0), ("a", 17), ("a", 34)]
    assert ran.execution.state.error == error_of("a", "Too much to do.", "provider_rate_limit", attempts=3)


def test_a_retry_after_beyond_the_runs_time_fails_at_once():
    ran = play(graph({"a": busy(17)}, settings={"timeout_s": 10}), None, BUSY)

    assert (ran.error_code, ran.events[-1].at - ran.events[0].at) == ("provider_rate_limit", 0)


def test_what_is_not_retryable_is_not_tried_again():
    ran = play(graph({"a": broken_after(0, max_attempts=9)}), None, LATE)

    assert ran.execution.state.error == error_of("a", attempts=1)


def test_a_step_that_backs_off_holds_no_place_of_its_types_limit():
    async def once(config, inputs, services):
        if not seen:
            seen.append(1)
            raise Busy(retry_after=10)
        await services.clock.sleep(1)
        return Output(None)

    seen = []
    ran = play(
        graph({"a": "once", "b": "once"}),
        None,
        made_up("once", once),
        world=World(limits=Limits({"once": 1})),
    )

    assert ran.times("step.succeeded") == [("b", 1), ("a", 11)]


# -- steps that misbehave


def giving(value):
    async def give(config, inputs, services):
        return Output(value)

    return made_up("give", give)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (math.nan, "invalid_output"),
        ([1, {"a": math.inf}], "invalid_output"),
        ({1, 2}, "invalid_output"),
        ({"a": (1,)}, "invalid_output"),
        ({1: "a"}, "invalid_output"),
        (object(), "invalid_output"),
        (10**5000, "invalid_output"),
        ("x" * (26 * 2**20), "output_too_large"),
        ([["x" * 2**20] * 26], "output_too_large"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_json_or_too_long_fails_the_step(value, code):
    ran = play(graph({"a": "give", "b": "output"}, "a > b"), None, giving(value))

    assert (ran.error_code, ran.steps) == (code, {"a": "failed", "b": "skipped"})


def test_a_value_that_holds_itself_fails_the_step():
    circle = []
    circle.append(circle)

    assert play(graph({"a": "give"}), None, giving(circle)).error_code == "invalid_output"


def test_what_is_no_output_at_all_fails_the_step():
    async def forget(config, inputs, services):
        return None

    ran = play(graph({"a": "forget"}), None, made_up("forget", forget))

    assert (ran.outcome.status, ran.steps) == ("failed", {"a": "failed"})


def test_a_step_that_cancels_itself_has_failed():
    async def cancel(config, inputs, services):
        raise asyncio.CancelledError

    ran = play(graph({"a": "cancel"}), None, made_up("cancel", cancel))

    assert ran.execution.state.error == error_of("a", "'a' cancelled itself.")


def test_an_error_that_is_not_ours_is_told_by_its_type_and_text():
    async def divide(config, inputs, services):
        return Output(1 / 0)

    ran = play(graph({"a": "divide"}), None, made_up("divide", divide))

    assert ran.execution.state.error == error_of("a", "ZeroDivisionError: division by zero")


def test_a_timeout_of_a_steps_own_is_not_the_attempts():
    async def impatient(config, inputs, services):
        raise TimeoutError("the database took too long")

    ran = play(
        graph({"a": {"type": "impatient", "policy": {"timeout_s": 60}}}),
        None,
        made_up("impatient", impatient),
    )

    assert ran.execution.state.error == error_of("a", "TimeoutError: the database took too long")


async def _stubborn(config, inputs, services):
    for _ in range(int(config.behaviour)):
        try:
            await services.clock.sleep(1)
        except asyncio.CancelledError:
            pass
    return Output("at last")


STUBBORN = made_up("stubborn", _stubborn)


def stubborn(seconds, **policy):
    return {"type": "stubborn", "config": {"behaviour": str(seconds)}, "policy": policy}


def test_an_answer_that_comes_after_the_attempts_time_is_a_timeout():
    ran = play(graph({"a": stubborn(5, timeout_s=2, max_attempts=1)}), None, STUBBORN)

    assert (ran.error_code, ran.output) == ("timeout", None)


def test_a_step_that_ignores_its_cancellation_is_let_go_of_after_five_seconds():
    ran = play(graph({"a": stubborn(60)}, settings={"timeout_s": 10}), None, STUBBORN)

    assert (ran.error_code, ran.steps) == ("run_timeout", {"a": "cancelled"})
    assert ran.events[-1].at - ran.events[0].at == 15


def test_a_step_that_turns_its_cancellation_into_a_retryable_error_is_not_tried_again():
    async def wrap(config, inputs, services):
        try:
            await services.clock.sleep(60)
        except asyncio.CancelledError:
            raise Busy from None

    ran = play(graph({"a": "wrap"}, settings={"timeout_s": 2}), None, made_up("wrap", wrap))

    assert (ran.error_code, ran.steps) == ("run_timeout", {"a": "cancelled"})
    assert ran.events[-1].at - ran.events[0].at == 2


def test_a_failure_remains_the_runs_error_when_its_siblings_run_out_of_time():
    ran = play(
        graph(
            {"bad": broken_after(1), "slow": sleeping(100), "b": "output"},
            "bad > b",
            settings={"timeout_s": 5},
        ),
        None,
        LATE,
        SLEEP,
    )

    assert ran.execution.state.error == error_of("bad")
    assert ran.steps == {"bad": "failed", "slow": "cancelled", "b": "skipped"}


def test_an_inline_node_that_fails_stops_the_run_too():
    ran = play(graph({"a": "break", "b": "output"}, "a > b"), None, BREAK)

    assert (ran.outcome.status, ran.steps) == ("failed", {"a": "failed", "b": "skipped"})


def test_x15_a_call_that_its_attempts_end_cuts_short_is_told_as_finished():
    async def never(request):
        await asyncio.sleep(100)

    asking = {"type": "agent", "config": {"prompt": "x"}, "policy": {"timeout_s": 3, "max_attempts": 1}}

    ran = play(graph({"a": asking}), world=World(script=never))

    assert [(one.type, one.error["code"]) for one in ran.events if one.type == "llm.finished"] == [
        ("llm.finished", "cancelled")
    ]
    assert ran.error_code == "timeout"


def test_x11_a_step_that_queues_for_its_types_limit_is_let_go_as_the_run_fails():
    document = graph({"a": sleeping(100), "b": sleeping(100), "wait": "brief", "bad": "break"}, "wait > bad")

    async def brief(config, inputs, services):
        await services.clock.sleep(1)
        return Output(None)

    ran = play(
        document, None, SLEEP, BREAK, made_up("brief", brief), world=World(limits=Limits({"sleep": 1}))
    )

    assert (ran.steps, ran.events[-1].at - ran.events[0].at) == (
        {"a": "succeeded", "wait": "succeeded", "bad": "failed"},
        100,
    )
