"""Tools from Python functions: what a model is told of them, and what it gets when it calls them."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from wireloom.agents.tool import InvalidTool, Tool, tool
from wireloom.engine.errors import ToolError


class Unit(Enum):
    CELSIUS = "c"
    FAHRENHEIT = "f"


@dataclass
class Place:
    city: str
    country: str = "FR"


class Window(BaseModel):
    days: int = Field(ge=1, le=7, description="How many days.")


@tool(description="Weather at a place.")
def weather(
    place: Place,
    window: Window,
    unit: Unit = Unit.CELSIUS,
    kind: Literal["brief", "long"] = "brief",
    tags: list[int] | None = None,
    scores: dict[str, float] | None = None,
    loud: bool = True,
) -> dict[str, Any]:
    return {
        "city": place.city,
        "days": window.days,
        "unit": unit.name,
        "kind": kind,
        "tags": tags,
        "loud": loud,
    }


def test_a_schema_says_what_the_hints_say():
    assert weather.spec.parameters == {
        "additionalProperties": False,
        "type": "object",
        "required": ["place", "window"],
        "properties": {
            "place": {"$ref": "#/$defs/Place"},
            "window": {"$ref": "#/$defs/Window"},
            "unit": {"$ref": "#/$defs/Unit", "default": "c"},
            "kind": {"default": "brief", "enum": ["brief", "long"], "type": "string"},
            "tags": {
                "anyOf": [{"items": {"type": "integer"}, "type": "array"}, {"type": "null"}],
                "default": None,
            },
            "scores": {
                "anyOf": [{"additionalProperties": {"type": "number"}, "type": "object"}, {"type": "null"}],
                "default": None,
            },
            "loud": {"default": True, "type": "boolean"},
        },
        "$defs": {
            "Place": {
                "additionalProperties": False,
                "properties": {"city": {"type": "string"}, "country": {"default": "FR", "type": "string"}},
                "required": ["city"],
                "type": "object",
            },
            "Window": {
                "properties": {
                    "days": {"description": "How many days.", "maximum": 7, "minimum": 1, "type": "integer"}
                },
                "required": ["days"],
                "type": "object",
            },
            "Unit": {"enum": ["c", "f"], "type": "string"},
        },
    }


def test_a_parameter_may_be_called_title():
    @tool
    def file(title: str) -> str:
        return title

    assert file.spec.parameters["properties"] == {"title": {"type": "string"}}


def test_a_description_comes_from_the_decorator_or_the_docstring():
    @tool
    def documented() -> str:
        """Says hello."""
        return "hello"

    @tool(_description="Says more.", name="more")
    def other() -> str:
        return "more"

    told = [(one.spec.name, one.spec.description) for one in (documented, other, weather)]
    assert told == [("documented", "Says hello."), ("more", "Says more."), ("weather", "Weather at a place.")]


def test_a_tool_stays_callable_as_the_function_it_was():
    assert weather(Place("Paris"), Window(days=2))["city"] == "Paris"


@pytest.mark.parametrize("function", [lambda *words: 1, lambda **words: 1, lambda one, /: 1])
def test_a_function_that_takes_no_named_arguments_is_no_tool(function):
    with pytest.raises(InvalidTool):
        tool(function)


async def test_arguments_become_what_the_hints_say():
    arguments = {"place": {"city": "Paris"}, "window": {"days": 3}, "unit": "f", "tags": [1, 2]}

    assert await weather.run(arguments) == {
        "city": "Paris", "days": 3, "unit": "FAHRENHEIT", "kind": "brief", "tags": [1, 2], "loud": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, ["place", "window", "required"]),
        ({"place": {"city": "x"}, "window": {"days": 9}}, ["window.days", "less than or equal to 7"]),
        ({"place": {"city": "x"}, "window": {"days": 1}, "nonsense": 1}, ["nonsense"]),
        ({"place": {"city": "x"}, "window": {"days": 1}, "kind": "odd"}, ["kind", "brief"]),
    ],
)
async def test_arguments_that_do_not_fit_are_told_in_the_validators_words(arguments, words):
    with pytest.raises(ToolError) as caught:
        await weather.run(arguments)

    assert all(word in str(caught.value) for word in words), str(caught.value)


async def test_a_plain_function_holds_up_nothing_else():
    all_five = threading.Barrier(5)

    @tool
    def slow() -> str:
        all_five.wait(20)
        return threading.current_thread().name

    names = await asyncio.gather(*(slow.run({}) for _ in range(5)))

    assert threading.main_thread().name not in names


def _raises() -> None:
    raise KeyError("no such city")


async def _sleeps() -> None:
    await asyncio.sleep(5)


async def _cancels_itself() -> None:
    raise asyncio.CancelledError


def _gives_a_lock() -> object:
    return threading.Lock()


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (_raises, "_raises failed: KeyError: 'no such city'"),
        (_sleeps, "_sleeps took longer than 0.05 s."),
        (_cancels_itself, "_cancels_itself cancelled itself."),
        (_gives_a_lock, "_gives_a_lock gave lock, which is no JSON."),
    ],
)
async def test_what_goes_wrong_in_a_tool_is_a_tool_error(function, message):
    made = tool(timeout_s=0.05)(function)

    with pytest.raises(ToolError) as caught:
        await made.run({})

    assert str(caught.value) == message


async def test_what_a_tool_gives_becomes_json():
    @tool
    def places() -> list[Place]:
        return [Place("Paris")]

    assert isinstance(places, Tool)
    assert await places.run({}) == [{"city": "Paris", "country": "FR"}]


async def test_what_a_tool_itself_says_is_wrong_is_told_in_its_own_words():
    @tool
    def sell(count: int) -> None:
        raise ToolError("There are only two left.")

    with pytest.raises(ToolError) as raised:
        await sell.run({"count": 3})

    assert raised.value.message == "There are only two left."
