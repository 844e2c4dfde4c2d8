"""The tool loop and structured answers, over a scripted provider: what is asked, what is run, what comes of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from typing import Any

import pytest

from tests.engine.virtual import graph
from tests.stubs.executors import executor_on
from tests.stubs.provider import Script, StubProvider
from wireloom import Result
from wireloom.agents.tool import tool

SCHEMA = {"type": "object", "properties": {"score": {"type": "number"}}, "required": ["score"]}


@tool(description="Weather in a city")
def weather(city: str) -> dict[str, Any]:
    return {"city": city, "sky": "clear"}


@tool(description="Fails")
def broken() -> None:
    raise ValueError("out of order")


@pytest.fixture
async def stub() -> AsyncIterator[StubProvider]:
    async with StubProvider() as provider:
        yield provider


def wish(*calls: tuple[str, str], text: str = "") -> Script:
    wishes = tuple(
        {"id": f"c{n}", "name": name, "arguments": arguments} for n, (name, arguments) in enumerate(calls)
    )
    return Script(text, tool_calls=wishes, finish="tool_calls")


async def ask(
    stub: StubProvider, *scripts: Script, names: Iterable[str] = ("weather", "broken"), **config: Any
) -> Result:
    """Run one agent with these tools on these answers."""
    stub.scripts.extend(scripts)
    agent = {
        "model": "openai/gpt-4o-mini",
        "prompt": "Say {{ input.word }}",
        "system": "Be brief.",
        "tools": list(names),
        **config,
    }
    document = graph({"agent": {"type": "agent", "config": agent, "policy": {"max_attempts": 1}}})
    async with executor_on(stub, tools=(weather, broken, *SLOW)) as executor:
        return await executor.run_async(document, {"word": "hi"})


def said(stub: StubProvider, call: int) -> list[tuple[str, Any]]:
    return [(one["role"], one["content"]) for one in stub.calls[call]["body"]["messages"]]


async def test_a_tool_is_run_and_the_model_asked_again_with_all_that_was_said(stub):
    result = await ask(stub, wish(("weather", '{"city": "Paris"}'), text="Let me look."), Script("Clear."))

    assert (result.output, len(stub.calls)) == ("Clear.", 2)
    assert said(stub, 1) == [
        ("system", "Be brief."),
        ("user", "Say hi"),
        ("assistant", "Let me look."),
        ("tool", '{"city":"Paris","sky":"clear"}'),
    ]
    assert [one["function"]["name"] for one in stub.calls[1]["body"]["tools"]] == ["weather", "broken"]


async def test_tools_of_one_answer_run_at_once_and_answer_in_the_order_of_the_calls(stub):
    RUNNING.clear()
    result = await ask(
        stub,
        wish(("slow", '{"name": "a", "seconds": 0.2}'), ("slow", '{"name": "b", "seconds": 0.01}')),
        Script("Done."),
        names=["slow"],
    )

    assert (result.output, RUNNING) == ("Done.", ["a", "b", "end of b", "end of a"])
    assert said(stub, 1)[-2:] == [("tool", "a"), ("tool", "b")]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (("broken", "{}"), "Error: broken failed: ValueError: out of order"),
        (("weather", "{}"), "Error: The arguments of weather do not fit: city: Field required."),
        (("weather", "{not json"), "Error: The arguments of weather are no JSON"),
        (("weather", "[1]"), "Error: The arguments of weather must be an object."),
        (("slow", "{}"), "Error: There is no tool 'slow' here. There are: weather, broken."),
        (("made_up", "{}"), "Error: There is no tool 'made_up' here. There are: weather, broken."),
    ],
)
async def test_what_goes_wrong_is_told_to_the_model_which_goes_on(stub, call, told):
    result = await ask(stub, wish(call), Script("I see."))

    assert (result.status, result.output) == ("succeeded", "I see.")
    assert said(stub, 1)[-1][1].startswith(told)


async def test_a_tool_that_takes_too_long_is_told_to_the_model(stub):
    call = ("slow", '{"name": "a", "seconds": 5}')

    result = await ask(stub, wish(call), Script("Too slow."), names=["slow"], limits={"tool_timeout_s": 0.05})

    assert (result.output, said(stub, 1)[-1]) == (
        "Too slow.",
        ("tool", "Error: slow took longer than 0.05 s."),
    )


@pytest.mark.parametrize("rounds", [1, 3, None])
async def test_after_so_many_rounds_the_answer_is_marked_truncated(stub, rounds):
    calls = [wish(("weather", json.dumps({"city": str(n)})), text=f"round {n}") for n in range(12)]
    limits = {} if rounds is None else {"limits": {"max_rounds": rounds}}

    result = await ask(stub, *calls, **limits)

    expected = rounds or 10
    assert (len(stub.calls), result.output) == (expected, f"round {expected - 1}")
    assert result.notes == {"agent": {"truncated": "rounds"}}


async def test_the_same_call_for_the_third_time_ends_the_loop(stub):
    calls = [wish(("weather", city)) for city in ('{"city": "x"}', '{ "city":"x" }', '{"city":  "x"}')]

    result = await ask(stub, *calls, Script("never"))

    assert (len(stub.calls), result.notes) == (3, {"agent": {"truncated": "repeated"}})


async def test_a_tool_that_nobody_has_fails_the_step(stub):
    result = await ask(stub, names=["weather", "missing"])

    assert (result.error["code"], stub.calls) == ("tool_denied", [])


# -- answers that fit a schema


@pytest.mark.parametrize(
    "text",
    [
        '{"score": 7}',
        '```json\n{"score": 7}\n```',
        'Here you are:\n```\n{"score": 7}\n```\nAnything else?',
        'The score is {"score": 7}, I think.',
    ],
)
async def test_an_answer_is_read_and_checked(stub, text):
    result = await ask(stub, Script(text), names=(), output_schema=SCHEMA)

    assert result.output == {"score": 7}
    assert stub.calls[0]["body"]["response_format"]["json_schema"]["schema"] == SCHEMA


async def test_an_answer_that_does_not_fit_is_asked_for_again_in_the_checkers_words(stub):
    result = await ask(
        stub,
        Script('{"score": "high"}'),
        Script("sorry"),
        Script('{"score": 3}'),
        names=(),
        output_schema=SCHEMA,
    )

    assert (result.output, len(stub.calls)) == ({"score": 3}, 3)
    first, second = said(stub, 1), said(stub, 2)
    assert first[-2] == ("assistant", '{"score": "high"}')
    assert "score" in first[-1][1] and "is not of type 'number'" in first[-1][1]
    assert second[-1][1].startswith("Your answer does not fit: It is no JSON")


async def test_after_two_repairs_the_step_fails_and_shows_the_last_answer(stub):
    result = await ask(stub, *[Script("no")] * 3, names=(), output_schema=SCHEMA)

    assert (result.error["code"], len(stub.calls)) == ("invalid_output", 3)
    assert result.error["message"].endswith("It was: no")


async def test_tools_and_a_schema_work_together(stub):
    result = await ask(
        stub, wish(("weather", '{"city": "x"}')), Script("nine"), Script('{"score": 9}'), output_schema=SCHEMA
    )

    assert (result.output, "tools" in stub.calls[2]["body"]) == ({"score": 9}, False)


async def test_a_schema_that_is_none_is_refused_when_saved(stub):
    from wireloom.graph.problems import InvalidWorkflow

    with pytest.raises(InvalidWorkflow) as caught:
        await ask(stub, names=(), output_schema={"type": "nonsense"})

    assert [(one.code, one.field) for one in caught.value.problems] == [("invalid_config", "output_schema")]


RUNNING: list[str] = []


@tool(description="Takes its time")
async def slow(name: str, seconds: float) -> str:
    RUNNING.append(name)
    await asyncio.sleep(seconds)
    RUNNING.append(f"end of {name}")
    return name


SLOW = (slow,)
