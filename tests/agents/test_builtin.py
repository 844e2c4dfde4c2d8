"""The tools that come with Wireloom: what they give, and what they say to a model that used them wrongly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from wireloom.agents.builtin import BUILTIN
from wireloom.engine.errors import ToolError


async def use(name: str, **arguments: Any) -> Any:
    return await BUILTIN[name].run(arguments)


async def refusal(name: str, **arguments: Any) -> str:
    with pytest.raises(ToolError) as raised:
        await use(name, **arguments)
    return raised.value.message


def test_there_are_these_with_what_a_model_is_told_of_them():
    told = {name: one.spec for name, one in BUILTIN.items()}

    assert {name: (one.name, one.parameters) for name, one in told.items()} == {
        "calculate": (
            "calculate",
            {
                "type": "object",
                "properties": {
                    "expression": {
                        "description": "As (12.5 + 7) * 3 / 4. No variables and no units.",
                        "type": "string",
                    }
                },
                "required": ["expression"],
                "additionalProperties": False,
            },
        ),
        "current_time": (
            "current_time",
            {
                "type": "object",
                "properties": {
                    "time_zone": {
                        "default": "UTC",
                        "description": "By its IANA name, as Europe/Paris.",
                        "type": "string",
                    }
                },
                "additionalProperties": False,
            },
        ),
    }
    assert all(one.description for one in told.values())


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("1 + 2 * (3 - 4)", -1),
        ("7 / 2", 3.5),
        ("6 / 2", 3),
        ("-7 / 2 * 2", -7),
        ("123456789 * 987654321", 121932631112635269),
        ("17.5 / 100 * 2340", 409.5),
        ("7 % 4 + 1 / 4", 3.25),
        ("round(10 / 3, 2)", 3.33),
        ("max([1, 5 / 2]) + sum([1, 2].map(part, part / 2))", 4),
        ("9007199254740993 + 0", 9007199254740993),
        ("2.5e20", 2.5e20),
    ],
)
async def test_it_calculates_as_people_do(expression: str, value: float):
    given = await use("calculate", expression=expression)

    assert (given, type(given)) == (value, type(value))


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("1 / 0", "Division by zero."),
        ("1 +", "a value is missing"),
        ("2 ^ 10", "'^' begins nothing"),
        ("input.price * 2", "There is no 'input' here."),
        ("__import__('os')", "There is no function '__import__'."),
        ('"a" + "b"', "That is no arithmetic: it gives text, not a number."),
        ("1 < 2", "That is no arithmetic: it gives boolean, not a number."),
        ("9" * 9_000, "An expression may have 8192 bytes."),
        ("(" * 40 + "1" + ")" * 40, "An expression may be nested 32 deep."),
        ("9223372036854775807 + 1", "The result is beyond 64 bits."),
    ],
)
async def test_what_cannot_be_calculated_is_said_in_its_own_words(expression: str, words: str):
    assert words in await refusal("calculate", expression=expression)


async def test_a_calculation_has_a_budget():
    rows = f"[{', '.join(['0'] * 200)}]"

    message = await refusal("calculate", expression=f"size({rows}.map(a, {rows}.map(b, a + b)))")

    assert message == "An expression may take 10,000 steps."


@pytest.mark.parametrize(
    ("arguments", "offset"),
    [
        ({}, timedelta(0)),
        ({"time_zone": "UTC"}, timedelta(0)),
        ({"time_zone": "Asia/Kolkata"}, timedelta(hours=5.5)),
    ],
)
async def test_it_tells_the_time_in_a_zone(arguments: dict[str, str], offset: timedelta):
    before = datetime.now(UTC).replace(microsecond=0)
    told = datetime.fromisoformat(await use("current_time", **arguments))

    assert before <= told <= datetime.now(UTC)
    assert told.utcoffset() == offset


@pytest.mark.parametrize(
    "name", ["Mars/Base", "America", "../../etc/passwd", "/etc/passwd", "", "a\0b", "x" * 300]
)
async def test_a_zone_that_is_none_is_said_to_be_none(name: str):
    message = await refusal("current_time", time_zone=name)

    assert message == f"There is no time zone {name!r}. They are named as Europe/Paris."
