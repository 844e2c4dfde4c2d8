"""How a function becomes known to expressions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wireloom.graph.expressions.values import Mismatch, is_number, type_name


@dataclass(frozen=True, slots=True)
class Function:
    call: Callable[..., Any]
    #: How many arguments it may be given.
    least: int
    most: int
    #: One line for completion in editors.
    help: str
    #: Whether it is given the frame before its arguments, and pays for itself.
    pays: bool = False


#: Every function by its name.
FUNCTIONS: dict[str, Function] = {}


def function(
    least: int, most: int | None = None, *, pays: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function of `least` to `most` arguments under its name, a trailing `_` left out."""

    def register(call: Callable[..., Any]) -> Callable[..., Any]:
        help_text = (call.__doc__ or "").strip()
        FUNCTIONS[call.__name__.strip("_")] = Function(
            call, least, least if most is None else most, help_text, pays
        )
        return call

    return register


def need(value: Any, *kinds: type) -> None:
    """Raises Mismatch if `value` is of none of these types."""
    if type(value) not in kinds:
        wanted = " or ".join(dict.fromkeys(type_name(kind()) for kind in kinds))
        raise Mismatch(f"{wanted} is needed, not {type_name(value)}.")


def need_number(value: Any) -> int | float:
    """`value`, a number. Raises Mismatch for anything else."""
    if not is_number(value):
        raise Mismatch(f"number is needed, not {type_name(value)}.")
    number: int | float = value
    return number
