"""The functions an expression may call: name, arguments, and what each gives.

A function is called as `f(x, y)` or `x.f(y)`: both are the same. Each knows no
clock and no chance, and raises Mismatch when an argument does not fit. Those
whose work or result can be far larger than their arguments are given the
evaluation's frame too, and pay before they work.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from wireloom.graph.expressions.frame import Frame
from wireloom.graph.expressions.patterns import compile_pattern
from wireloom.graph.expressions.values import (
    Mismatch,
    add,
    checked,
    identity,
    is_number,
    less,
    type_name,
    weight,
)


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


FUNCTIONS: dict[str, Function] = {}


def _function(
    least: int, most: int | None = None, *, pays: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def register(call: Callable[..., Any]) -> Callable[..., Any]:
        help_text = (call.__doc__ or "").strip()
        FUNCTIONS[call.__name__.strip("_")] = Function(
            call, least, least if most is None else most, help_text, pays
        )
        return call

    return register


def _need(value: Any, *kinds: type) -> None:
    if type(value) not in kinds:
        wanted = " or ".join(dict.fromkeys(type_name(kind()) for kind in kinds))
        raise Mismatch(f"{wanted} is needed, not {type_name(value)}.")


# -- any value


@_function(1)
def size(value: Any) -> int:
    """How many characters, items or fields there are."""
    _need(value, str, list, dict)
    return len(value)


@_function(1)
def type_(value: Any) -> str:
    """The name of its type: null, boolean, number, text, list or object."""
    return type_name(value)


@_function(2)
def default(value: Any, other: Any) -> Any:
    """The value, or the other one where it is null."""
    return other if value is None else value


@_function(1, pays=True)
def string(frame: Frame, value: Any) -> str:
    """As text; lists and objects as compact JSON."""
    frame.walk(value, per_step=16)
    text = render(value)
    frame.take_text(len(text))
    return text


@_function(1, pays=True)
def json_(frame: Frame, value: Any) -> Any:
    """The value that a JSON text holds."""
    _need(value, str)
    frame.spend(len(value) >> 8)
    try:
        found = json.loads(value, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Mismatch("The text is no JSON.") from None
    frame.take_elements(weight(found, limit=frame.elements + 1))
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)


# -- numbers

#: Python's own reading also takes underscores and the digits of every script.
_WHOLE = re.compile(r"\s*[+-]?[0-9]{1,30}\s*")
_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]{1,400}\.?[0-9]{0,400}|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,9})?\s*")


@_function(1)
def int_(value: Any) -> int:
    """As a whole number, cut towards zero; true is 1."""
    _need(value, int, float, str, bool)
    if isinstance(value, str) and not _WHOLE.fullmatch(value):
        raise Mismatch(f"{value[:40]!r} is no whole number.")
    return int(checked(int(value)))


@_function(1)
def double(value: Any) -> float:
    """As a number with a fraction."""
    _need(value, int, float, str)
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise Mismatch(f"{value[:40]!r} is no number.")
    return float(checked(float(value)))


@_function(1)
def bool_(value: Any) -> bool:
    """The texts true and false as booleans."""
    if isinstance(value, bool):
        return value
    known = {"true": True, "True": True, "TRUE": True, "t": True, "1": True}
    known |= {"false": False, "False": False, "FALSE": False, "f": False, "0": False}
    if isinstance(value, str) and value in known:
        return known[value]
    raise Mismatch("true or false is needed.")


def _number(value: Any) -> int | float:
    if not is_number(value):
        raise Mismatch(f"number is needed, not {type_name(value)}.")
    number: int | float = value
    return number


@_function(1)
def abs_(value: Any) -> int | float:
    """Without its sign."""
    return checked(abs(_number(value)))


@_function(1)
def floor(value: Any) -> int:
    """The next whole number below."""
    return int(checked(math.floor(_number(value))))


@_function(1)
def ceil(value: Any) -> int:
    """The next whole number above."""
    return int(checked(math.ceil(_number(value))))


@_function(1, 2)
def round_(value: Any, digits: Any = 0) -> int | float:
    """The nearest number with so many digits; halves go away from zero."""
    _need(digits, int)
    if not 0 <= digits <= 15:
        raise Mismatch("round() keeps 0 to 15 digits.")
    number = _number(value)
    if isinstance(number, int):
        return checked(number)
    step = Decimal(1).scaleb(-digits)
    # repr: halves are judged as they are written, so 2.675 is halfway.
    with localcontext(prec=350):
        rounded = Decimal(repr(number)).quantize(step, ROUND_HALF_UP)
    return checked(float(rounded) if digits else int(rounded))


# -- text


@_function(2)
def contains(text: Any, part: Any) -> bool:
    """Whether the part stands in the text."""
    _need(text, str)
    _need(part, str)
    return part in text


@_function(2)
def startsWith(text: Any, part: Any) -> bool:  # noqa: N802 - CEL's name
    """Whether the text begins so."""
    _need(text, str)
    _need(part, str)
    return bool(text.startswith(part))


@_function(2)
def endsWith(text: Any, part: Any) -> bool:  # noqa: N802 - CEL's name
    """Whether the text ends so."""
    _need(text, str)
    _need(part, str)
    return bool(text.endswith(part))


@_function(1)
def lower(text: Any) -> str:
    """In small letters."""
    _need(text, str)
    return str(text.lower())


@_function(1)
def upper(text: Any) -> str:
    """In capitals."""
    _need(text, str)
    return str(text.upper())


@_function(1)
def trim(text: Any) -> str:
    """Without white space around it."""
    _need(text, str)
    return str(text.strip())


@_function(2, pays=True)
def split(frame: Frame, text: Any, separator: Any) -> list[str]:
    """The pieces between separators; an empty separator gives the characters."""
    _need(text, str)
    _need(separator, str)
    frame.look(text)
    frame.take_elements(text.count(separator) + 1 if separator else len(text))
    frame.take_text(len(text))
    return text.split(separator) if separator else list(text)


@_function(1, 2, pays=True)
def join(frame: Frame, items: Any, separator: Any = "") -> str:
    """The texts of a list in one."""
    _need(items, list)
    _need(separator, str)
    frame.look(items)
    for item in items:
        _need(item, str)
    frame.take_text(sum(map(len, items)) + len(separator) * max(0, len(items) - 1))
    return str(separator.join(items))


@_function(3, pays=True)
def replace(frame: Frame, text: Any, old: Any, new: Any) -> str:
    """Every `old` made `new`."""
    for part in (text, old, new):
        _need(part, str)
    frame.look(text)
    frame.take_text(len(text) + text.count(old) * (len(new) - len(old)))
    return str(text.replace(old, new))


@_function(2, 3)
def substring(text: Any, start: Any, end: Any = None) -> str:
    """The characters from `start` up to `end`, counted from 0."""
    _need(text, str)
    _need(start, int)
    stop = len(text) if end is None else end
    _need(stop, int)
    if not 0 <= start <= stop <= len(text):
        raise Mismatch(f"A text of {len(text)} characters has no part {start} to {stop}.")
    return str(text[start:stop])


@_function(2)
def indexOf(text: Any, part: Any) -> int:  # noqa: N802 - CEL's name
    """Where the part begins, or -1."""
    _need(text, str)
    _need(part, str)
    return int(text.find(part))


@_function(2, pays=True)
def matches(frame: Frame, text: Any, pattern: Any) -> bool:
    """Whether an RE2 regular expression is found in the text."""
    _need(text, str)
    _need(pattern, str)
    try:
        compiled = compile_pattern(pattern)
        # RE2's worst: every instruction of the pattern at every character.
        frame.spend(1 + (compiled.programsize >> 3) + (compiled.programsize * len(text) >> 13))
        return compiled.search(text) is not None
    except UnicodeEncodeError:
        raise Mismatch("matches() needs whole characters, not halves of surrogate pairs.") from None


# -- lists and objects


@_function(1)
def keys(value: Any) -> list[str]:
    """The names of an object's fields."""
    _need(value, dict)
    return list(value)


@_function(1)
def values(value: Any) -> list[Any]:
    """The values of an object's fields."""
    _need(value, dict)
    return list(value.values())


@_function(1)
def min_(items: Any) -> Any:
    """The least of a list."""
    return _extreme(items, lambda best, item: less(item, best))


@_function(1)
def max_(items: Any) -> Any:
    """The greatest of a list."""
    return _extreme(items, less)


def _extreme(items: Any, better: Callable[[Any, Any], bool]) -> Any:
    _need(items, list)
    if not items:
        raise Mismatch("An empty list has no least and no greatest.")
    best = items[0]
    for item in items[1:]:
        if better(best, item):
            best = item
    return best


@_function(1)
def sum_(items: Any) -> Any:
    """All numbers of a list added up."""
    _need(items, list)
    total: Any = 0
    for item in items:
        _number(item)
        total = add(total, item)
    return total


@_function(1)
def sort(items: Any) -> list[Any]:
    """A list of numbers or of texts in order."""
    _need(items, list)
    if all(map(is_number, items)) or all(isinstance(item, str) for item in items):
        return sorted(items)
    raise Mismatch("sort() needs numbers only, or texts only.")


@_function(1)
def reverse(items: Any) -> Any:
    """A list or a text from its end."""
    _need(items, list, str)
    return items[::-1]


@_function(1, pays=True)
def flatten(frame: Frame, items: Any) -> list[Any]:
    """A list of lists made one list."""
    _need(items, list)
    frame.look(items)
    frame.take_elements(sum(len(item) if isinstance(item, list) else 1 for item in items))
    return [inner for item in items for inner in (item if isinstance(item, list) else [item])]


@_function(1, pays=True)
def distinct(frame: Frame, items: Any) -> list[Any]:
    """Each value of a list once, where it came first."""
    _need(items, list)
    frame.walk(items, per_step=4)
    found: dict[Any, Any] = {}
    for item in items:
        found.setdefault(identity(item), item)
    frame.take_elements(len(found))
    return list(found.values())


def render(value: Any) -> str:
    """A value as text: text as it is, null as nothing, all else as compact JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
