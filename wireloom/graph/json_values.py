"""What a JSON value is, and about how long it is as text."""

from __future__ import annotations

import json
import math
from typing import Any

MAX_DEPTH = 200
#: Python reads and writes whole numbers up to 4,300 digits.
_MOST_BITS = 14_000


class NotJson(ValueError):
    """The value holds something that JSON has not, or is nested more than 200 deep."""


def measure(value: Any, *, up_to: float = math.inf) -> int:
    """About how many characters the JSON of `value` has, in one pass; counting ends soon after `up_to`.

    Raises NotJson.
    """
    size, level, depth = 0, [value], 0
    while level and size <= up_to:
        depth += 1
        if depth > MAX_DEPTH:
            raise NotJson(f"A value may be nested {MAX_DEPTH} deep.")
        below: list[Any] = []
        for one in level:
            kind = type(one)
            if kind is str:
                size += len(one) + 2
            elif kind is list:
                size += len(one) + 2
                below.extend(one)
            elif kind is dict:
                size += _names_length(one)
                below.extend(one.values())
            elif one is None or kind is bool:
                size += 5
            elif kind is int or kind is float:
                size += 8 if is_json_number(one) else _refuse_number(one)
            else:
                raise NotJson(f"{kind.__name__} is no JSON value.")
            if size > up_to:
                break
        level = below
    return size


def is_json_text(text: str) -> bool:
    """Whether `text` is JSON."""
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def is_json_number(value: float) -> bool:
    return value.bit_length() <= _MOST_BITS if isinstance(value, int) else math.isfinite(value)


def _names_length(value: dict[Any, Any]) -> int:
    size = 2
    for name in value:
        if type(name) is not str:
            raise NotJson(f"Fields are named by text, not by {name!r:.40}.")
        size += len(name) + 4
    return size


def _refuse_number(value: float) -> int:
    shown = "A whole number this long" if isinstance(value, int) else str(value)
    raise NotJson(f"{shown} is no number that JSON can hold.")
