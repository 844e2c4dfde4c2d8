"""The tools that come with Wireloom: what models are bad at, and any machine can do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime, tzinfo
from types import MappingProxyType
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field

from wireloom.agents.tool import Tool, tool
from wireloom.agents.toolbox import named
from wireloom.engine.errors import ToolError
from wireloom.graph.expressions import Expression
from wireloom.graph.expressions.compiler import compile_tree
from wireloom.graph.expressions.errors import ExpressionProblem
from wireloom.graph.expressions.parser import parse
from wireloom.graph.expressions.syntax import Call, Chain, Syntax
from wireloom.graph.expressions.values import is_number, type_name

#: Below it, every whole number has a float of its own.
_EXACT = 2**53


@tool
def calculate(
    expression: Annotated[str, Field(description="As (12.5 + 7) * 3 / 4. No variables and no units.")],
) -> int | float:
    """Work out arithmetic exactly: + - * / % and parentheses; abs, ceil, floor and round(x, digits); min, max and sum of a [list]."""
    try:
        tree = _exact(parse(expression))
        value = Expression(expression, (), *compile_tree(tree, frozenset())).evaluate({})
    except ExpressionProblem as error:
        raise ToolError(error.message) from None
    if not is_number(value):
        raise ToolError(f"That is no arithmetic: it gives {type_name(value)}, not a number.")
    number: int | float = value
    # Whole numbers that came of a division read as such, as far as they are exact.
    return int(number) if number.is_integer() and abs(number) < _EXACT else number


@tool
def current_time(
    time_zone: Annotated[str, Field(description="By its IANA name, as Europe/Paris.")] = "UTC",
) -> str:
    """Tell the date and the time of now, to the second, as ISO 8601 with its offset from UTC."""
    return datetime.now(_zone(time_zone)).isoformat(timespec="seconds")


#: By name, as an agent's `tools` name them.
BUILTIN: Mapping[str, Tool] = MappingProxyType(named([calculate, current_time]))


def _exact[Part](part: Part) -> Part:
    """The same arithmetic with quotients as people mean them: expressions cut those of whole numbers."""
    rewritten: Any = part
    match part:
        case tuple():
            rewritten = tuple(map(_exact, part))
        case Chain(loc=loc, first=first, rest=rest):
            divided = [(op, _double(_exact(right)) if op == "/" else _exact(right)) for op, right in rest]
            rewritten = Chain(loc, _exact(first), tuple(divided))
        case Syntax():
            rewritten = replace(part, **{one.name: _exact(getattr(part, one.name)) for one in fields(part)})
    return rewritten  # type: ignore[no-any-return]  # of the kind that it was


def _double(divisor: Syntax) -> Syntax:
    return Call(divisor.loc, "double", (divisor,), method=False)


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC  # known without the machine's list of zones
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ToolError(f"There is no time zone {name!r}. They are named as Europe/Paris.") from None
