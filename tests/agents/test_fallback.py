"""Fallback models: when they are asked, when not, and what the trace and a second run of the step make of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.engine.test_recovery import recover
from tests.engine.virtual import Busy, World, drive, graph, plan_of, virtually
from tests.stubs.executors import executor_on
from tests.stubs.provider import Script, StubProvider
from wireloom import Result


@pytest.fixture
async def stub() -> AsyncIterator[StubProvider]:
    async with StubProvider() as provider:
        yield provider


async def ask(stub: StubProvider, *scripts: Script, **config: Any) -> tuple[Result, list[dict[str, Any]]]:
    stub.scripts.extend(scripts)
    agent = {
        "model": "openai/first",
        "prompt": "x",
        "fallbacks": ["openai/second", {"model": "openai/third"}],
        **config,
    }
    document = graph({"agent": {"type": "agent", "config": agent, "policy": {"max_attempts": 1}}})
    async with executor_on(stub) as executor:
        stream = executor.stream(document)
        events = [event async for event in stream]
    assert stream.result is not None
    return stream.result, events


def asked(stub: StubProvider) -> list[str]:
    return [call["body"]["model"] for call in stub.calls]


@pytest.mark.parametrize(
    "failure",
    [
        Script(status=500),
        Script(status=503),
        Script(drop=True),
        Script(body="{broken", content_type="application/json"),
    ],
)
async def test_when_a_provider_fails_the_next_is_asked_and_the_trace_names_who_answered(stub, failure):
    result, events = await ask(stub, failure, Script("From the second."))

    assert (result.output, asked(stub)) == ("From the second.", ["first", "second"])
    finished = [
        (one["data"]["name"], one["data"]["error"] is None) for one in events if one["type"] == "llm.finished"
    ]
    assert finished == [("openai/first", False), ("openai/second", True)]


async def test_when_all_fail_the_step_fails_with_the_last_ones_words(stub):
    result, _ = await ask(stub, *[Script(status=500, body='{"error": {"message": "down"}}')] * 3)

    assert (result.error["code"], asked(stub)) == ("provider_error", ["first", "second", "third"])


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (Script(status=400), "provider_error"), (Script(status=401), "provider_auth"), (Script(status=429), "provider_rate_limit"),
        (Script("no", finish="content_filter"), "content_filter"),
    ],
)  # fmt: skip
async def test_what_was_refused_is_not_asked_elsewhere(stub, failure, code):
    result, _ = await ask(stub, failure)

    assert (result.error["code"], asked(stub)) == (code, ["first"])


@pytest.mark.parametrize(
    ("failure", "code"),
    [(Script(status=429), "provider_rate_limit"), (Script("no", finish="content_filter"), "content_filter"), (Script(status=400), "provider_error")],
)  # fmt: skip
async def test_unless_the_agent_says_so(stub, failure, code):
    result, _ = await ask(stub, failure, Script("Yes."), fallback_on=[code])

    assert (result.output, asked(stub)) == ("Yes.", ["first", "second"])


async def test_once_text_was_shown_nobody_else_is_asked_and_the_text_is_kept(stub):
    broken = Script("The tide turns twice.", drop=True, after=2)

    result, events = await ask(stub, broken)

    finished = next(one["data"] for one in events if one["type"] == "llm.finished")
    assert (result.status, asked(stub)) == ("failed", ["first"])
    assert (finished["result"], finished["error"]["code"]) == (
        {"text": "The tide ", "partial": True},
        "provider_error",
    )


def test_a_step_that_runs_again_goes_on_with_who_answered_before():
    document = graph(
        {
            "agent": {
                "type": "agent",
                "config": {"model": "a/one", "prompt": "x", "fallbacks": ["b/two"]},
                "policy": {"max_attempts": 1},
            },
        }
    )
    plan = plan_of(document)

    def script(request):
        if request.model == "a/one":
            raise Unreachable("down")
        return "from two"

    whole = virtually(drive(plan, world=World(script=script)))
    length = next(
        at for at, one in enumerate(whole.events, 1) if one.type == "llm.finished" and one.error is None
    )
    world = World(script=lambda request: "asked again")

    again = virtually(recover(plan, whole.events[:length], world=world))

    assert (whole.output, again.output, world.asked) == ("from two", "from two", [])


class Unreachable(Busy):
    code = "provider_error"


def test_a_failure_that_the_step_did_not_go_on_from_is_tried_again():
    plan = plan_of(graph({"agent": {"type": "agent", "config": {"prompt": "x"}}}))
    failures = [Busy("once"), None]

    def script(request):
        failure = failures.pop(0)
        if failure:
            raise failure
        return "then it worked"

    assert virtually(drive(plan, world=World(script=script))).output == "then it worked"
