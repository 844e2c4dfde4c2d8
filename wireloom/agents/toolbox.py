"""The tools of one step: each call recorded, refused where it is not allowed, answered in words a model can use."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from wireloom.agents.tool import Tool
from wireloom.engine.errors import ToolDenied, ToolError
from wireloom.engine.services import Call, CallResult, Calls, Json, ToolCall, ToolSpec


def named(tools: Iterable[Tool]) -> Mapping[str, Tool]:
    return {one.name: one for one in tools}


class Toolbox:
    """The `tools` port of one step."""

    def __init__(self, tools: Mapping[str, Tool], calls: Calls) -> None:
        self._tools = tools
        self._calls = calls

    def specs(self, names: Sequence[str]) -> tuple[ToolSpec, ...]:
        """The tools with these names, as a model is told of them. Raises ToolDenied for one that is not there."""
        return tuple(self._found(name, self._tools).spec for name in names)

    async def call(self, wish: ToolCall, allowed: Sequence[str], timeout_s: float | None = None) -> Json:
        """Do what a model wishes, and give the result. It is recorded, a failure too.

        Raises ToolDenied for a tool that is not among `allowed`, ToolError for
        arguments that do not fit and for what goes wrong in the tool.
        """
        result = await self._calls.record(
            "tool", wish.name, {"arguments": _shown(wish.arguments)}, self._maker(wish, allowed, timeout_s)
        )
        return result.value

    def _maker(
        self, wish: ToolCall, allowed: Sequence[str], timeout_s: float | None
    ) -> Callable[[Call], Awaitable[CallResult]]:
        async def make(call: Call) -> CallResult:
            given = (self._tools[name] for name in allowed if name in self._tools)
            tool = self._found(wish.name, {one.model_name: one for one in given})
            return CallResult(await tool.run(_parsed(wish), timeout_s))

        return make

    def _found(self, name: str, tools: Mapping[str, Tool]) -> Tool:
        if name not in tools:
            known = ", ".join(tools) or "none"
            raise ToolDenied(f"There is no tool {name!r} here. There are: {known}.")
        return tools[name]


def _parsed(wish: ToolCall) -> dict[str, Json]:
    """The arguments as the model wrote them. Raises ToolError if they are no JSON object."""
    try:
        arguments = json.loads(wish.arguments or "{}")
    except ValueError as error:
        raise ToolError(f"The arguments of {wish.name} are no JSON: {error}.") from None
    if not isinstance(arguments, dict):
        raise ToolError(f"The arguments of {wish.name} must be an object.")
    return arguments


def _shown(arguments: str) -> Json:
    """As they are recorded: as JSON if they are, else as the text that came."""
    try:
        return json.loads(arguments or "{}", parse_constant=str)
    except ValueError:
        return arguments
