"""One evaluation under way: the values in sight, the loop variables, and what is left of the budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wireloom.graph.expressions.errors import ExpressionLimit, Span
from wireloom.graph.expressions.values import weight

MAX_STEPS = 10_000
MAX_TEXT = 1024 * 1024
MAX_ELEMENTS = 100_000


class Frame:
    """Not shared between evaluations. `scope` is only read."""

    __slots__ = ("elements", "locals", "scope", "steps", "text")

    def __init__(self, scope: Mapping[str, Any], slots: int) -> None:
        self.scope = scope
        self.locals: list[Any] = [None] * slots
        self.steps = MAX_STEPS
        self.text = MAX_TEXT
        self.elements = MAX_ELEMENTS

    @property
    def has_made_lists(self) -> bool:
        return self.elements != MAX_ELEMENTS

    def spend(self, steps: int, loc: Span | None = None) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise ExpressionLimit(f"An expression may take {MAX_STEPS:,} steps.", loc)

    def look(self, value: Any, loc: Span | None = None) -> None:
        """Pay for one pass over `value` at C speed: so the longest values cannot be read ten thousand times."""
        if isinstance(value, str):
            self.spend(len(value) >> 12, loc)
        elif isinstance(value, list | dict):
            self.spend(len(value) >> 6, loc)

    def walk(self, value: Any, loc: Span | None = None, *, per_step: int = 1) -> None:
        """Pay for a look at every value inside `value`, `per_step` of them with one step."""
        if isinstance(value, list | dict):
            self.spend(weight(value, limit=(self.steps + 1) * per_step) // per_step, loc)
        else:
            self.look(value, loc)

    def take_text(self, characters: int, loc: Span | None = None) -> None:
        """Pay for new text, before it is made where that is possible."""
        self.text -= characters
        if self.text < 0:
            raise ExpressionLimit("An expression may make 1 MiB of text.", loc)

    def take_elements(self, count: int, loc: Span | None = None) -> None:
        """Pay for new elements, before they are made where that is possible."""
        self.elements -= count
        if self.elements < 0:
            raise ExpressionLimit(f"An expression may make {MAX_ELEMENTS:,} elements.", loc)

    def made(self, value: Any, loc: Span) -> Any:
        """Give `value` back, paid for if it is new text or a new list."""
        if isinstance(value, str):
            self.take_text(len(value), loc)
        elif isinstance(value, list):
            self.take_elements(len(value), loc)
        return value
