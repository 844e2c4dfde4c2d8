"""Functions of text."""

from __future__ import annotations

from typing import Any

from wireloom.graph.expressions.frame import Frame
from wireloom.graph.expressions.functions.registry import function, need
from wireloom.graph.expressions.patterns import compile_pattern
from wireloom.graph.expressions.values import Mismatch


@function(2)
def contains(text: Any, part: Any) -> bool:
    """Whether the part stands in the text."""
    need(text, str)
    need(part, str)
    return part in text


@function(2)
def startsWith(text: Any, part: Any) -> bool:  # noqa: N802 - CEL's name
    """Whether the text begins so."""
    need(text, str)
    need(part, str)
    return bool(text.startswith(part))


@function(2)
def endsWith(text: Any, part: Any) -> bool:  # noqa: N802 - CEL's name
    """Whether the text ends so."""
    need(text, str)
    need(part, str)
    return bool(text.endswith(part))


@function(1)
def lower(text: Any) -> str:
    """In small letters."""
    need(text, str)
    return str(text.lower())


@function(1)
def upper(text: Any) -> str:
    """In capitals."""
    need(text, str)
    return str(text.upper())


@function(1)
def trim(text: Any) -> str:
    """Without white space around it."""
    need(text, str)
    return str(text.strip())


@function(2, pays=True)
def split(frame: Frame, text: Any, separator: Any) -> list[str]:
    """The pieces between separators; an empty separator gives the characters."""
    need(text, str)
    need(separator, str)
    frame.look(text)
    frame.take_elements(text.count(separator) + 1 if separator else len(text))
    frame.take_text(len(text))
    return text.split(separator) if separator else list(text)


@function(1, 2, pays=True)
def join(frame: Frame, items: Any, separator: Any = "") -> str:
    """The texts of a list in one."""
    need(items, list)
    need(separator, str)
    frame.look(items)
    for item in items:
        need(item, str)
    frame.take_text(sum(map(len, items)) + len(separator) * max(0, len(items) - 1))
    return str(separator.join(items))


@function(3, pays=True)
def replace(frame: Frame, text: Any, old: Any, new: Any) -> str:
    """Every `old` made `new`."""
    for part in (text, old, new):
        need(part, str)
    frame.look(text)
    frame.take_text(len(text) + text.count(old) * (len(new) - len(old)))
    return str(text.replace(old, new))


@function(2, 3)
def substring(text: Any, start: Any, end: Any = None) -> str:
    """The characters from `start` up to `end`, counted from 0."""
    need(text, str)
    need(start, int)
    stop = len(text) if end is None else end
    need(stop, int)
    if not 0 <= start <= stop <= len(text):
        raise Mismatch(f"A text of {len(text)} characters has no part {start} to {stop}.")
    return str(text[start:stop])


@function(2)
def indexOf(text: Any, part: Any) -> int:  # noqa: N802 - CEL's name
    """Where the part begins, or -1."""
    need(text, str)
    need(part, str)
    return int(text.find(part))


@function(2, pays=True)
def matches(frame: Frame, text: Any, pattern: Any) -> bool:
    """Whether an RE2 regular expression is found in the text."""
    need(text, str)
    need(pattern, str)
    try:
        compiled = compile_pattern(pattern)
        # RE2's worst: every instruction of the pattern at every character.
        frame.spend(1 + (compiled.programsize >> 3) + (compiled.programsize * len(text) >> 13))
        return compiled.search(text) is not None
    except UnicodeEncodeError:
        raise Mismatch("matches() needs whole characters, not halves of surrogate pairs.") from None
