"""The route node: a model chooses the port, is held to the names, and what reaches the node passes on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.engine.virtual import graph
from tests.stubs.executors import executor_on
from tests.stubs.provider import Script, StubProvider
from wireloom import Result
from wireloom.graph.document import parse
from wireloom.graph.validation import validate
from wireloom.nodes import catalogue

CHOICES = [{"name": "refund", "description": "wants money back"}, {"name": "other"}]

INSTRUCTION = """Decide which of these fits best:
- refund: wants money back
- other
Answer with JSON: {"choice": "<one of these names>"}."""


@pytest.fixture
async def stub() -> AsyncIterator[StubProvider]:
    async with StubProvider() as provider:
        yield provider


def document(choices: list[dict[str, Any]] = CHOICES) -> dict[str, Any]:
    config = {"model": "openai/gpt-4o-mini", "prompt": "Sort: {{ input.mail }}", "choices": choices}
    return graph(
        {"route": {"type": "route", "config": config}, "pay": "output", "rest": "output"},
        "route.refund > pay",
        "route.other > rest",
    )


async def run(stub: StubProvider, *scripts: Script) -> Result:
    stub.scripts.extend(scripts)
    async with executor_on(stub) as executor:
        return await executor.run_async(document(), {"mail": "I want my money"})


async def test_the_model_chooses_the_port_and_what_reached_the_node_passes_on(stub):
    result = await run(stub, Script('{"choice": "refund"}'))

    assert result.output == {"pay": {"mail": "I want my money"}}
    body = stub.calls[0]["body"]
    assert [message["content"] for message in body["messages"]] == [
        INSTRUCTION,
        "Sort: I want my money",
    ]
    assert body["response_format"]["json_schema"]["schema"]["properties"]["choice"]["enum"] == [
        "refund",
        "other",
    ]


async def test_a_choice_that_is_none_is_asked_for_again(stub):
    result = await run(stub, Script('{"choice": "maybe"}'), Script('{"choice": "other"}'))

    assert (list(result.output), len(stub.calls)) == (["rest"], 2)


async def test_a_model_that_will_not_choose_fails_the_step(stub):
    result = await run(stub, *[Script("I would rather not.")] * 3)

    assert (result.error["code"], result.error["node"]) == ("invalid_output", "route")


@pytest.mark.parametrize(
    ("choices", "problems"),
    [
        ([{"name": "one"}], [("invalid_config", "choices")]),
        ([{"name": "a"}, {"name": "a"}], [("invalid_config", "choices")]),
        ([{"name": "a"}, {"name": "error"}], [("invalid_config", "choices")]),
        ([{"name": "a"}, {"name": "b"}, {"name": "Not a port"}], [("invalid_config", "choices.2.name")]),
    ],
)
def test_choices_are_ports_with_names_of_their_own(choices, problems):
    report = validate(parse(document(choices)), catalogue())

    assert [(one.code, one.field) for one in report.errors if one.node == "route"] == problems
