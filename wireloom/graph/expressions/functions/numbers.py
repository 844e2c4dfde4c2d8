"""Functions of numbers."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from wireloom.graph.expressions.functions.registry import function, need, need_number
from wireloom.graph.expressions.values import Mismatch, checked

#: Python's own reading also takes underscores and the digits of every script.
_WHOLE = re.compile(r"\s*[+-]?[0-9]{1,30}\s*")
_NUMBER = re.compile(r"\s*[+-]?(?:[0-9]{1,400}\.?[0-9]{0,400}|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,9})?\s*")


@function(1)
def int_(value: Any) -> int:
    """As a whole number, cut towards zero; true is 1."""
    need(value, int, float, str, bool)
    if isinstance(value, str) and not _WHOLE.fullmatch(value):
        raise Mismatch(f"{value[:40]!r} is no whole number.")
    return int(checked(int(value)))


@function(1)
def double(value: Any) -> float:
    """As a number with a fraction."""
    need(value, int, float, str)
    if isinstance(value, str) and not _NUMBER.fullmatch(value):
        raise Mismatch(f"{value[:40]!r} is no number.")
    return float(checked(float(value)))


@function(1)
def bool_(value: Any) -> bool:
    """The texts true and false as booleans."""
    if isinstance(value, bool):
        return value
    known = {"true": True, "True": True, "TRUE": True, "t": True, "1": True}
    known |= {"false": False, "False": False, "FALSE": False, "f": False, "0": False}
    if isinstance(value, str) and value in known:
        return known[value]
    raise Mismatch("true or false is needed.")


@function(1)
def abs_(value: Any) -> int | float:
    """Without its sign."""
    return checked(abs(need_number(value)))


@function(1)
def floor(value: Any) -> int:
    """The next whole number below."""
    return int(checked(math.floor(need_number(value))))


@function(1)
def ceil(value: Any) -> int:
    """The next whole number above."""
    return int(checked(math.ceil(need_number(value))))


@function(1, 2)
def round_(value: Any, digits: Any = 0) -> int | float:
    """The nearest number with so many digits; halves go away from zero."""
    need(digits, int)
    if not 0 <= digits <= 15:
        raise Mismatch("round() keeps 0 to 15 digits.")
    number = need_number(value)
    if isinstance(number, int):
        return checked(number)
    step = Decimal(1).scaleb(-digits)
    # repr: halves are judged as they are written, so 2.675 is halfway.
    with localcontext(prec=350):
        rounded = Decimal(repr(number)).quantize(step, ROUND_HALF_UP)
    return checked(float(rounded) if digits else int(rounded))
