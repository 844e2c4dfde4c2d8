"""Tools made from Python functions: their schema from hints, their description from the decorator or the docstring.

@tool(description="Current weather for a city")
def get_weather(location: str) -> dict: ...
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, get_type_hints, overload

from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from pydantic_core import PydanticSerializationError, to_jsonable_python

from wireloom.engine.errors import ToolError
from wireloom.engine.services import Json, ToolSpec
from wireloom.errors import WireloomError

#: How long a tool may take, in seconds, unless it says otherwise.
TIMEOUT_S = 60.0


class InvalidTool(WireloomError):
    """A function that no model could call: what it takes cannot be told as named JSON values."""

    code = "invalid_tool"


@dataclass(frozen=True, slots=True)
class Tool:
    """A function that a model may call. It stays callable as the function it was made from."""

    function: Callable[..., Any]
    name: str
    description: str
    timeout_s: float = TIMEOUT_S
    _arguments: type[BaseModel] = field(repr=False, default=BaseModel)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.function(*args, **kwargs)

    @property
    def model_name(self) -> str:
        """What a model calls it: models take no dots in names."""
        return self.name.replace(".", "_")

    @property
    def spec(self) -> ToolSpec:
        """The tool as a model is told of it."""
        return ToolSpec(self.model_name, self.description, _plain(self._arguments.model_json_schema()))

    async def run(self, arguments: dict[str, Any], timeout_s: float | None = None) -> Json:
        """Give what the function gives for these arguments, as JSON. A plain function runs in a thread.

        It may take its own `timeout_s`, or the shorter one given here.

        Raises ToolError for arguments that do not fit, a failure of the
        function, too long a wait, and a result that is no JSON.
        """
        values = self._validated(arguments)
        allowed_s = min(self.timeout_s, timeout_s or self.timeout_s)
        try:
            async with asyncio.timeout(allowed_s):
                if inspect.iscoroutinefunction(self.function):
                    result = await self.function(**values)
                else:
                    result = await asyncio.to_thread(self.function, **values)
        except TimeoutError:
            raise ToolError(f"{self.name} took longer than {allowed_s:g} s.") from None
        except asyncio.CancelledError:
            if asyncio.current_task().cancelling():  # type: ignore[union-attr]
                raise
            raise ToolError(f"{self.name} cancelled itself.") from None
        except ToolError:
            raise  # in the tool's own words
        except Exception as error:
            raise ToolError(f"{self.name} failed: {type(error).__name__}: {error}") from error
        return self._as_json(result)

    def _validated(self, arguments: dict[str, Any]) -> dict[str, Any]:
        try:
            model = self._arguments.model_validate(arguments)
        except ValidationError as error:
            wrong = "; ".join(
                f"{'.'.join(map(str, one['loc'])) or 'arguments'}: {one['msg']}"
                for one in error.errors(include_url=False)
            )
            raise ToolError(f"The arguments of {self.name} do not fit: {wrong}.") from None
        return {name: getattr(model, name) for name in type(model).model_fields}

    def _as_json(self, result: Any) -> Json:
        try:
            return to_jsonable_python(result, inf_nan_mode="null")
        except (PydanticSerializationError, ValueError):
            raise ToolError(f"{self.name} gave {type(result).__name__}, which is no JSON.") from None


@overload
def tool(function: Callable[..., Any], /) -> Tool: ...


@overload
def tool(
    function: None = None,
    /,
    *,
    description: str | None = None,
    name: str | None = None,
    timeout_s: float = TIMEOUT_S,
    _description: str | None = None,
) -> Callable[[Callable[..., Any]], Tool]: ...


def tool(
    function: Callable[..., Any] | None = None,
    /,
    *,
    description: str | None = None,
    name: str | None = None,
    timeout_s: float = TIMEOUT_S,
    _description: str | None = None,
) -> Tool | Callable[[Callable[..., Any]], Tool]:
    """Make a function a tool. `_description` is another name for `description`; without either the docstring tells it.

    Raises InvalidTool.
    """

    def make(one: Callable[..., Any]) -> Tool:
        told = description or _description or inspect.getdoc(one) or ""
        return Tool(one, name or one.__name__, told, timeout_s, _arguments_of(one))

    return make if function is None else make(function)


def _arguments_of(function: Callable[..., Any]) -> type[BaseModel]:
    hints = get_type_hints(function, include_extras=True)
    fields: dict[str, Any] = {}
    for one in inspect.signature(function).parameters.values():
        if one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD, one.POSITIONAL_ONLY):
            raise InvalidTool(f"A tool takes named arguments, but {function.__name__} takes {one}.")
        default = ... if one.default is one.empty else one.default
        fields[one.name] = (hints.get(one.name, Any), default)
    try:
        return create_model(
            function.__name__, __config__=ConfigDict(extra="forbid", arbitrary_types_allowed=False), **fields
        )
    except Exception as error:
        raise InvalidTool(f"No schema can be made of what {function.__name__} takes: {error}") from error


def _plain(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without the titles that pydantic makes up: they tell a model nothing."""
    return {
        key: {name: _untitled(inner) for name, inner in value.items()}
        if key in ("properties", "$defs")
        else _untitled(value)
        for key, value in schema.items()
        if key != "title"
    }


def _untitled(value: Any) -> Any:
    if isinstance(value, dict):
        return _plain(value)
    return [_untitled(inner) for inner in value] if isinstance(value, list) else value
