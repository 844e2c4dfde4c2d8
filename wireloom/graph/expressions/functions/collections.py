"""Functions of lists and objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wireloom.graph.expressions.frame import Frame
from wireloom.graph.expressions.functions.registry import function, need, need_number
from wireloom.graph.expressions.values import Mismatch, add, identity, is_number, less


@function(1)
def keys(value: Any) -> list[str]:
    """The names of an object's fields."""
    need(value, dict)
    return list(value)


@function(1)
def values(value: Any) -> list[Any]:
    """The values of an object's fields."""
    need(value, dict)
    return list(value.values())


@function(1)
def min_(items: Any) -> Any:
    """The least of a list."""
    return _extreme(items, lambda best, item: less(item, best))


@function(1)
def max_(items: Any) -> Any:
    """The greatest of a list."""
    return _extreme(items, less)


def _extreme(items: Any, better: Callable[[Any, Any], bool]) -> Any:
    need(items, list)
    if not items:
        raise Mismatch("An empty list has no least and no greatest.")
    best = items[0]
    for item in items[1:]:
        if better(best, item):
            best = item
    return best


@function(1)
def sum_(items: Any) -> Any:
    """All numbers of a list added up."""
    need(items, list)
    total: Any = 0
    for item in items:
        need_number(item)
        total = add(total, item)
    return total


@function(1)
def sort(items: Any) -> list[Any]:
    """A list of numbers or of texts in order."""
    need(items, list)
    if all(map(is_number, items)) or all(isinstance(item, str) for item in items):
        return sorted(items)
    raise Mismatch("sort() needs numbers only, or texts only.")


@function(1)
def reverse(items: Any) -> Any:
    """A list or a text from its end."""
    need(items, list, str)
    return items[::-1]


@function(1, pays=True)
def flatten(frame: Frame, items: Any) -> list[Any]:
    """A list of lists made one list."""
    need(items, list)
    frame.look(items)
    frame.take_elements(sum(len(item) if isinstance(item, list) else 1 for item in items))
    return [inner for item in items for inner in (item if isinstance(item, list) else [item])]


@function(1, pays=True)
def distinct(frame: Frame, items: Any) -> list[Any]:
    """Each value of a list once, where it came first."""
    need(items, list)
    frame.walk(items, per_step=4)
    found: dict[Any, Any] = {}
    for item in items:
        found.setdefault(identity(item), item)
    frame.take_elements(len(found))
    return list(found.values())
