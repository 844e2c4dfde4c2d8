"""X14–X16: a run that goes on after a crash, from whatever its journal holds."""

from __future__ import annotations

import dataclasses

import pytest

from tests.engine.checks import check_history
from tests.engine.virtual import (
    BEGINNING,
    SLEEP,
    Busy,
    DurableJournal,
    Ran,
    World,
    drive,
    finish,
    graph,
    made_up,
    plan_of,
    sleeping,
    stored,
    virtually,
)
from wireloom.engine.node_io import Output
from wireloom.engine.services import CallResult


async def recover(plan, history, *, world=None, meanwhile=None, stop_first=False) -> Ran:
    history = stored(history)
    journal = DurableJournal()
    journal.events = list(history)
    world = world or World()
    world.ahead_s = history[-1].at - BEGINNING
    execution = world.execution(plan, journal=journal)
    execution.recover(history)
    if stop_first:
        execution.cancel()
    return await finish(execution, meanwhile)


async def _flaky(config, inputs, services):
    """Fails once in a run, then asks the model twice."""
    first = await services.llm.complete(_question("one"))
    if config.behaviour == "flaky" and not _failed:
        _failed.append(True)
        raise Busy(retry_after=5)
    second = await services.llm.complete(_question("two"))
    return Output([first.text, second.text])


_failed: list[bool] = []


def _question(text):
    from wireloom.engine.services import ChatRequest, Message

    return ChatRequest("m", (Message("user", text),))


FLAKY = made_up("flaky", _flaky)


def _fall(config, inputs):
    raise Busy("down")


FALL = made_up("fall", _fall, flow="inline")

DOCUMENTS = {
    "branches": graph(
        {
            "in": "input",
            "c": {"type": "condition", "config": {"expression": "input.n > 3"}},
            "yes": {"type": "agent", "config": {"prompt": "yes {n}"}},
            "no": {"type": "agent", "config": {"prompt": "no"}},
            "j": {"type": "join", "config": {"mode": "any"}},
            "out": "output",
        },
        "in > c",
        "c.true > yes",
        "c.false > no",
        "yes > j",
        "no > j",
        "j > out",
        inputs={"properties": {"n": {"type": "number"}}},
    ),
    "waits": graph(
        {
            "a": {"type": "agent", "config": {"prompt": "a"}},
            "w": {"type": "delay", "config": {"duration_s": 1000}},
            "v": {"type": "delay", "config": {"duration_s": 500}},
            "b": sleeping(3),
            "out": "output",
        },
        "a > w",
        "a > v",
        "w > b",
        "b > out",
        "v > out",
        settings={"timeout_s": 60},
    ),
    "retries": graph(
        {"f": {"type": "flaky", "config": {"behaviour": "flaky"}}, "s": sleeping(2), "out": "output"},
        "f > out",
        "s > out",
    ),
    "routed": graph(
        {
            "f": {"type": "fall", "policy": {"on_error": "route"}},
            "g": {"type": "fall", "policy": {"on_error": "continue", "default": 3}},
            "out": "output",
        },
        "f.error > out",
        "g > out",
    ),
    "fails": graph(
        {
            "s": sleeping(9),
            "slow": {"type": "flaky", "config": {"behaviour": "flaky"}},
            "f": {"type": "fail_late", "config": {"behaviour": "2"}},
            "w": {"type": "delay", "config": {"duration_s": 100}},
            "x": "output",
        },
        "f > x",
        "s > x",
    ),
    "fails while one waits": graph(
        {
            "w": {"type": "delay", "config": {"duration_s": 100}},
            "s": sleeping(9),
            "f": {"type": "fail_late", "config": {"behaviour": "2"}},
            "x": "output",
        },
        "f > x",
    ),
}


DOCUMENTS |= {
    "a loop": graph(
        {
            "draft": {"type": "agent", "config": {"prompt": "draft {{ iteration }} {{ nodes.judge }}"}},
            "judge": {"type": "transform", "config": {"expression": "nodes.draft + string(iteration)"}},
            "enough": {"type": "condition", "config": {"expression": "iteration == 3"}},
            "note": {
                "type": "set_variable",
                "config": {"name": "x", "value": "iteration", "reducer": "append"},
            },
            "out": {"type": "output", "config": {"value": "[nodes.judge, vars.x]"}},
        },
        "draft > judge",
        "judge > note",
        "note > enough",
        "enough.false > draft ~9",
        "enough.true > out",
    ),
    "an exhausted loop": graph(
        {"turn": sleeping(1), "spent": "output", "after": "output"},
        "turn > turn ~3",
        "turn.exhausted > spent",
        "turn > after",
    ),
    "a split": graph(
        {
            "split": {
                "type": "split",
                "config": {"items": "[1, 2, 0, 4, 5]", "max_concurrency": 2, "on_item_error": "null"},
            },
            "ask": {"type": "agent", "config": {"prompt": "{{ item }}"}},
            "part": {"type": "transform", "config": {"expression": "20 / item"}},
            "then": {"type": "transform", "config": {"expression": "nodes.part"}},
            "rest": {"type": "delay", "config": {"duration_s": 30}},
            "join": {"type": "join", "config": {"mode": "collect"}},
        },
        "split > ask",
        "ask > part",
        "part > then",
        "then > rest",
        "rest > join",
    ),
    "a workflow inside": graph(
        {
            "split": {"type": "split", "config": {"items": "[1, 2]"}},
            "review": {"type": "subworkflow", "config": {"workflow": "review", "input": {"n": "item"}}},
            "join": {"type": "join", "config": {"mode": "collect"}},
        },
        "split > review",
        "review > join",
    ),
    "fails in an item": graph(
        {
            "split": {"type": "split", "config": {"items": "[1, 0]"}},
            "slow": sleeping(4),
            "bad": {"type": "transform", "config": {"expression": "1 / item"}},
            "join": {"type": "join", "config": {"mode": "collect"}},
            "after": "output",
        },
        "split > slow",
        "split > bad",
        "slow > join",
        "bad > join",
        "join > after",
    ),
    "a race": graph(
        {
            "fast": sleeping(1),
            "slow": sleeping(5),
            "late": {"type": "delay", "config": {"duration_s": 50}},
            "join": {"type": "join", "config": {"mode": "first", "cancel_losers": True}},
            "after": "output",
        },
        "fast > join",
        "slow > join",
        "late > join",
        "join > after",
    ),
}
WORKFLOWS = {
    "review": graph(
        {
            "ask": {"type": "agent", "config": {"prompt": "{{ input.n }}"}},
            "nap": {"type": "delay", "config": {"duration_s": 9}},
            "out": {"type": "output", "config": {"value": "[input.n, nodes.ask]"}},
        },
        "ask > nap",
        "nap > out",
    )
}


async def _fail_late(config, inputs, services):
    await services.clock.sleep(float(config.behaviour))
    raise ValueError("no")


TYPES = (SLEEP, FLAKY, FALL, made_up("fail_late", _fail_late))


def plan_for(name):
    return plan_of(DOCUMENTS[name], *TYPES, workflows=WORKFLOWS)


def histories(name):
    plan = plan_for(name)
    _failed.clear()
    whole = virtually(drive(plan, {"n": 5}))
    return plan, whole


def cuts():
    for name in DOCUMENTS:
        for length in range(1, len(histories(name)[1].events) + 1):
            yield pytest.param(name, length, id=f"{name}-{length}")


CUTS = list(cuts())


@pytest.mark.parametrize(("name", "length"), CUTS)
def test_x16_a_history_cut_anywhere_goes_on_to_the_same_output_and_the_same_steps(name, length):
    plan, whole = histories(name)
    _failed[:] = [True]

    again = virtually(recover(plan, whole.events[:length]))

    assert (again.outcome, again.output, again.error_code) == (whole.outcome, whole.output, whole.error_code)
    assert set(again.steps) == set(whole.steps)
    if not name.startswith("fails"):
        assert again.steps == whole.steps
    check_history(again.events)


@pytest.mark.parametrize(("name", "length"), CUTS)
def test_x19_a_recovered_run_that_is_being_cancelled_ends_at_once_whatever_it_was_doing(name, length):
    plan, whole = histories(name)
    if length == len(whole.events):
        return

    ran = virtually(recover(plan, whole.events[:length], stop_first=True))

    assert ran.outcome.status == "cancelled"
    assert ran.error_code == "cancelled"
    check_history(ran.events)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_x16_folding_a_history_gives_the_state_the_live_run_ended_in(name):
    from wireloom.engine.state import RunState

    plan, whole = histories(name)
    state = RunState(plan)
    for event in stored(whole.events):
        state.apply(event)

    live = whole.execution.state
    assert (state.status, state.output, state.error, state.seq, state.active_s, state.usage) == (
        live.status,
        live.output,
        live.error,
        live.seq,
        live.active_s,
        live.usage,
    )
    assert {
        key: (one.status, one.attempt, one.value, list(one.ports)) for key, one in state.steps.items()
    } == {key: (one.status, one.attempt, one.value, list(one.ports)) for key, one in live.steps.items()}


def cut_at(whole, kind, step=None, nth=1):
    found = 0
    for place, one in enumerate(whole.events):
        if one.type == kind and step in (None, getattr(one, "step", None)):
            found += 1
            if found == nth:
                return whole.events[: place + 1]
    raise AssertionError(kind)


def test_x15_a_step_that_runs_again_is_given_its_recorded_calls_and_the_next_attempt():
    plan, whole = histories("retries")
    world = World()

    again = virtually(recover(plan, cut_at(whole, "llm.finished", nth=2), world=world))

    assert [request.messages[0].content for request in world.asked] == []
    new = again.events[len(cut_at(whole, "llm.finished", nth=2)) :]
    assert [
        (one.type, one.attempt) for one in new if getattr(one, "step", "") == "f" and hasattr(one, "attempt")
    ] == [
        ("step.interrupted", 2),
        ("step.started", 3),
    ]
    assert again.output == {"f": ["answer", "answer"], "s": "2"}


def test_x15_an_attempt_after_a_failed_one_is_given_recorded_calls_too():
    world = World()
    _failed.clear()

    virtually(drive(plan_for("retries"), world=world))

    assert [request.messages[0].content for request in world.asked] == ["one", "two"]


@pytest.mark.parametrize("journal", [True, False], ids=["durable", "in memory"])
def test_x15_a_step_that_asks_for_something_else_than_was_recorded_is_a_mismatch(journal):
    questions = iter(["first", "another"])

    async def fickle(config, inputs, services):
        await services.llm.complete(_question(next(questions)))
        raise Busy(retry_after=1)

    world = World()

    async def run():
        plan = plan_of(graph({"a": "fickle"}), made_up("fickle", fickle))
        memory = DurableJournal()
        memory.durable = journal
        execution = world.execution(plan, journal=memory)
        execution.start({})
        return await finish(execution)

    assert virtually(run()).error_code == "replay_mismatch"
    assert len(world.asked) == 1


def test_x15_a_failed_call_is_recorded_with_its_error_and_made_again():
    answers = iter([Busy("full", retry_after=1), "fine"])

    def script(request):
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    document = graph({"a": {"type": "agent", "config": {"prompt": "x"}}})
    ran = virtually(drive(plan_of(document), world=World(script)))

    finished = [
        (one.attempt, one.result, one.error and one.error["code"])
        for one in ran.events
        if one.type == "llm.finished"
    ]
    assert finished == [(1, None, "provider_rate_limit"), (2, "fine", None)]
    assert ran.output == "fine"


def test_x15_a_calls_key_stays_the_same_over_attempts_and_changes_with_the_run():
    keys = []

    async def call(config, inputs, services):
        async def make(call):
            keys.append((call.n, call.idempotency_key))
            raise Busy(retry_after=1)

        await services.llm.calls.record("llm", "m", {}, make)

    plan = plan_of(graph({"a": {"type": "call", "policy": {"max_attempts": 2}}}), made_up("call", call))
    for run_id in ("one", "two"):

        async def run(run_id=run_id):
            execution = World().execution(plan, run_id=run_id)
            execution.start({})
            await execution.drive()

        virtually(run())

    assert keys == [(1, "one:a:1")] * 2 + [(1, "two:a:1")] * 2


def test_x15_an_interruption_does_not_count_against_the_attempts():
    async def always(config, inputs, services):
        await services.clock.sleep(1)
        raise Busy("full", retry_after=1)

    plan = plan_of(graph({"a": {"type": "always", "policy": {"max_attempts": 2}}}), made_up("always", always))
    whole = virtually(drive(plan))

    again = virtually(recover(plan, cut_at(whole, "step.started")))

    assert [one.attempt for one in again.events if one.type == "step.started"] == [1, 2, 3]
    assert again.execution.state.error["attempts"] == 2


def test_x16_a_back_off_goes_on_where_it_was():
    plan, whole = histories("retries")
    history = cut_at(whole, "step.retrying")
    _failed[:] = [True]

    again = virtually(recover(plan, history))

    started = [one.at - BEGINNING for one in again.events if one.type == "step.started" and one.step == "f"]
    assert started == [0, 5]


def test_x16_what_was_interrupted_starts_before_what_is_ready_and_both_in_topological_order():
    document = graph({"z": sleeping(1), "a": sleeping(1), "b": sleeping(1)}, settings={"max_concurrency": 2})
    plan = plan_of(document, SLEEP)
    whole = virtually(drive(plan))

    again = virtually(recover(plan, cut_at(whole, "step.started", nth=2)))

    assert [one.step for one in again.events if one.type == "step.started"] == ["z", "a", "z", "a", "b"]


@pytest.mark.parametrize(
    ("cut", "active_s"),
    [(("step.started", "b"), 8), (("step.succeeded", "a"), 8)],
    ids=["in a step", "between steps"],
)
def test_x13_the_time_between_a_crash_and_the_recovery_does_not_count(cut, active_s):
    plan = plan_of(graph({"a": sleeping(4), "b": sleeping(4)}, "a > b", settings={"timeout_s": 10}), SLEEP)
    whole = virtually(drive(plan))
    history = stored(cut_at(whole, *cut))

    async def later():
        journal = DurableJournal()
        journal.events = list(history)
        execution = World(ahead_s=100_000).execution(plan, journal=journal)
        execution.recover(history)
        return await finish(execution)

    again = virtually(later())
    assert again.outcome.status == "succeeded"

    assert again.execution.state.active_s == active_s


# -- X14: effects


def effect_world(on_interrupt):
    done = []

    async def pay(config, inputs, services):
        done.append(config.behaviour)
        await services.clock.sleep(1)
        return Output("paid")

    document = graph({"p": {"type": "pay", "policy": {"on_interrupt": on_interrupt}}, "o": "output"}, "p > o")
    return plan_of(document, made_up("pay", pay, effect="effect")), done


def test_x14_an_interrupted_effect_that_may_run_again_does():
    plan, done = effect_world("retry")
    whole = virtually(drive(plan))

    again = virtually(recover(plan, cut_at(whole, "step.started", "p")))

    assert (again.output, len(done)) == ("paid", 2)


@pytest.mark.parametrize("on_interrupt", ["ask", "fail"])
def test_x14_an_interrupted_effect_that_may_not_run_again_fails(on_interrupt):
    plan, done = effect_world(on_interrupt)
    whole = virtually(drive(plan))

    again = virtually(recover(plan, cut_at(whole, "step.started", "p")))

    assert (again.error_code, len(done)) == ("interrupted", 1)
    assert again.steps == {"p": "failed", "o": "skipped"}


def test_x14_an_effect_begins_only_after_its_start_is_committed():
    order = []

    class Slow(DurableJournal):
        async def committed(self, seq):
            order.append(("committed", seq))

    async def pay(config, inputs, services):
        order.append("paid")
        return Output(None)

    plan = plan_of(graph({"a": "output", "p": "pay"}, "a > p"), made_up("pay", pay, effect="effect"))

    async def run():
        execution = World().execution(plan, journal=Slow())
        execution.start({})
        return await finish(execution)

    started = next(
        one.seq for one in virtually(run()).events if one.type == "step.started" and one.step == "p"
    )
    assert order == [("committed", started), "paid"]


def test_x15_a_calls_result_is_committed_before_its_step_goes_on():
    order = []

    class Slow(DurableJournal):
        async def committed(self, seq):
            order.append(self.events[seq - 1].type)

    async def run():
        plan = plan_of(graph({"a": {"type": "agent", "config": {"prompt": "x"}}}))
        execution = World().execution(plan, journal=Slow())
        execution.start({})
        await execution.drive()

    virtually(run())
    assert order == ["llm.finished"]


def test_replays_give_the_usage_back():
    plan = plan_of(graph({"a": {"type": "agent", "config": {"prompt": "x"}}}))
    whole = virtually(drive(plan))

    again = virtually(recover(plan, cut_at(whole, "llm.finished")))

    assert again.execution.state.usage == whole.execution.state.usage
    assert dataclasses.asdict(again.execution.state.usage)["input_tokens"] == 1
    assert CallResult("x").usage is None
