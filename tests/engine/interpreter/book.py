"""What happened: steps, and the places in which they were done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from tests.engine.interpreter.drawing import Area
from wireloom.graph.document import Document


@dataclass(eq=False)
class Step:
    key: str
    status: str
    value: Any = None
    ports: tuple[str, ...] = ()
    #: Whether it is so in every order of completion.
    certain: bool = True
    #: When it was done, counted from 0.
    moment: int = 0
    #: Its place among all writes of a variable: by node, then by passes and items.
    order: tuple[int, tuple[int, ...]] = (0, ())


@dataclass(eq=False)
class Place:
    """One time that a region is done: the whole workflow, a pass, an item."""

    area: Area | None
    parent: Place | None = None
    number: int = 0
    item: Any = None
    previous: Place | None = None
    steps: dict[str, Step] = field(default_factory=dict)
    #: The passes or items of the regions in it that were entered, by their opener.
    inside: dict[Area, list[Place]] = field(default_factory=dict)
    #: All failures in it that nothing handles; which of them comes first is for time to say.
    failures: list[dict[str, Any]] = field(default_factory=list)

    def around(self) -> Iterator[Place]:
        """This place and those around it, innermost first."""
        place: Place | None = self
        while place is not None:
            yield place
            place = place.parent

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(one.number for one in self.around())[-2::-1]

    @property
    def suffix(self) -> str:
        """X8: `:i` for an item; `~n` for passes, all of loops directly in each other or none."""
        inwards = [one for one in self.around() if one.area is not None][::-1]
        text = ""
        for kind, group in groupby(inwards, key=lambda one: one.area.kind if one.area else ""):
            numbers = [one.number for one in group]
            if kind == "split":
                text += "".join(f":{one}" for one in numbers)
            elif max(numbers) > 1:
                text += "".join(f"~{one}" for one in numbers)
        return text


@dataclass
class Book:
    """What a whole run came to."""

    workflows: Mapping[str, Document]
    answer: Callable[[str], str]
    steps: dict[str, Step] = field(default_factory=dict)
    #: Keys of steps that did not run because something before them failed.
    blocked: set[str] = field(default_factory=set)
    #: Whether a value depends on which of several failures comes first.
    ambiguous: bool = False
    status: str = ""
    output: Any = None
    #: What the run may have failed with.
    errors: list[dict[str, Any]] = field(default_factory=list)
