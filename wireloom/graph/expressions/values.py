"""What operators mean on JSON values.

CEL's meaning, with these departures, since JSON has one kind of number and
text keys: int and float mix (the result is a float); a result that JSON cannot
hold (NaN, infinity) is an error; fields are named by text alone; `string()`
takes every value, and gives numbers as JSON writes them; `!!x` is for booleans
only. The functions that CEL has not are ours.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

type Number = int | float

_MIN, _MAX = -(2**63), 2**63 - 1


class Mismatch(Exception):
    """The operands do not fit; the compiler adds the place and raises ExpressionError."""


def type_name(value: object) -> str:
    """The name of a JSON value's type, as ports call it."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "text"
        case list() | tuple():
            return "list"
        case dict():
            return "object"
        case _:
            raise Mismatch(f"{type(value).__name__} is no JSON value.")


def is_number(value: object) -> bool:
    return type(value) is int or type(value) is float


def checked(value: Number) -> Number:
    if type(value) is int:
        if not _MIN <= value <= _MAX:
            raise Mismatch("The result is beyond 64 bits.")
    elif not math.isfinite(value):
        raise Mismatch("The result is no number that JSON can hold.")
    return value


def equal(left: Any, right: Any) -> bool:
    """Deep equality by type: 1 == 1.0, but 1 != true and 1 != "1"."""
    if is_number(left) and is_number(right):
        return bool(left == right)
    if type(left) is not type(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(equal(value, right[key]) for key, value in left.items())
    return bool(left == right)


def identity(value: Any) -> Any:
    """What is hashable, and the same for two values just when `equal` holds of them."""
    kind = type(value)
    if kind is list:
        return ("list", *map(identity, value))
    if kind is dict:
        return ("object", frozenset((name, identity(inner)) for name, inner in value.items()))
    return (kind, value) if kind is bool else value


def weight(value: Any, *, limit: int) -> int:
    """What a walk over `value` costs: one for each value in it, more for long texts. Counts up to `limit`."""
    total, todo = 0, [value]
    while todo and total < limit:
        value = todo.pop()
        total += 1
        if isinstance(value, list):
            todo.extend(value)
        elif isinstance(value, dict):
            todo.extend(value.values())
        elif isinstance(value, str):
            total += len(value) >> 12
    return total


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def relation(left: Any, right: Any) -> bool:
        same = type(left) is type(right) and type(left) in (str, bool)
        if not same and not (is_number(left) and is_number(right)):
            raise Mismatch(f"{type_name(left)} and {type_name(right)} have no order.")
        return compare(left, right)

    return relation


less = _ordered(lambda left, right: left < right)
less_or_equal = _ordered(lambda left, right: left <= right)
greater = _ordered(lambda left, right: left > right)
greater_or_equal = _ordered(lambda left, right: left >= right)


def contains(item: Any, container: Any) -> bool:
    if isinstance(container, list):
        return any(equal(item, other) for other in container)
    if isinstance(container, dict):
        return isinstance(item, str) and item in container
    raise Mismatch(f"`in` looks into a list or an object, not into {type_name(container)}.")


def add(left: Any, right: Any) -> Any:
    if type(left) is type(right) and isinstance(left, str | list):
        return left + right
    return _arithmetic("+", left, right, lambda a, b: a + b)


def subtract(left: Any, right: Any) -> Number:
    return _arithmetic("-", left, right, lambda a, b: a - b)


def multiply(left: Any, right: Any) -> Number:
    return _arithmetic("*", left, right, lambda a, b: a * b)


def divide(left: Any, right: Any) -> Number:
    """Between ints the quotient is cut towards zero, as CEL's is."""
    return _arithmetic("/", left, right, _quotient)


def modulo(left: Any, right: Any) -> Number:
    """The remainder has the sign of `left`, as CEL's has. For ints only."""
    if type(left) is not int or type(right) is not int:
        raise Mismatch(f"% is for whole numbers, not {type_name(left)} % {type_name(right)}.")
    return _arithmetic("%", left, right, lambda a, b: int(a - b * checked(_quotient(a, b))))


def negate(value: Any) -> Number:
    if not is_number(value):
        raise Mismatch(f"- is for numbers, not {type_name(value)}.")
    return checked(-value)


def _quotient(left: Number, right: Number) -> Number:
    if right == 0:
        raise Mismatch("Division by zero.")
    if type(left) is int and type(right) is int:
        quotient = abs(left) // abs(right)
        return quotient if (left < 0) == (right < 0) else -quotient
    return left / right


def _arithmetic(operator: str, left: Any, right: Any, apply: Callable[[Any, Any], Number]) -> Number:
    if not (is_number(left) and is_number(right)):
        raise Mismatch(f"{operator} does not join {type_name(left)} and {type_name(right)}.")
    try:
        return checked(apply(left, right))
    except OverflowError:
        raise Mismatch("The result is no number that JSON can hold.") from None


BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "==": equal,
    "!=": lambda left, right: not equal(left, right),
    "<": less,
    "<=": less_or_equal,
    ">": greater,
    ">=": greater_or_equal,
    "in": contains,
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "%": modulo,
}
