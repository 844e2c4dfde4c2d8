"""Templates: text with `{{ expression }}` in it, and nothing else.

`{{` opens an expression only before a known root or a function call, so JSON
in a prompt stays as it is; `\\{{` is always literal. `{name}` stands for a
declared input. Values are inserted as text and never expanded again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from wireloom.graph.expressions import (
    ROOTS,
    Expression,
    ExpressionError,
    ExpressionLimit,
    ExpressionProblem,
    InvalidExpression,
    Reference,
    Span,
    compile_expression,
)
from wireloom.graph.expressions.functions import FUNCTIONS, render

#: Characters that one template may give.
MAX_RENDERED = 25 * 1024 * 1024
#: Longer sources are compiled anew each time, in characters.
_CACHED_SOURCE = 4096

_OPENING = re.compile(r"\\\{\{|\{\{|\{([A-Za-z_]\w*)\}")
_FIRST_NAME = re.compile(r"\s*([A-Za-z_]\w*)\s*(\(?)")
#: What an expression is made of, as far as finding its end goes: texts, which may hold braces, and braces.
_PIECE = re.compile(
    r"""
    [rR](?:\"{3}.*?\"{3} | '{3}.*?'{3} | "[^"\n]*" | '[^'\n]*')
  | \"{3}(?:[^\\]|\\.)*?\"{3} | '{3}(?:[^\\]|\\.)*?'{3}
  | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*'
  | (?P<brace>[{}])
  | (?:(?![rR]["'])[^"'{}])+
    """,
    re.VERBOSE | re.DOTALL,
)
#: What looks like a mistyped reference: a dotted name, closed at once.
_DOTTED_NAME = re.compile(r"\s*([A-Za-z_]\w*)(?:\.\w+)+\s*\}\}")


@dataclass(frozen=True, slots=True)
class Suspicion:
    """`{{ name … }}` that stayed text because `name` is unknown: maybe a slip of the pen."""

    name: str
    loc: Span


@dataclass(frozen=True, slots=True)
class Insert:
    """An expression in a template, and how its places become places there."""

    expression: Expression
    #: Where its source begins; None for `{name}`, which has no source of its own.
    offset: int | None
    loc: Span

    def at(self, loc: Span) -> Span:
        if self.offset is None:
            return self.loc
        return Span(loc.start + self.offset, loc.end + self.offset)


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled template. Immutable and safe to share between runs."""

    source: str
    parts: tuple[str | Insert, ...]
    #: Every read of a root, at its place in the template's source.
    references: tuple[Reference, ...]
    suspicions: tuple[Suspicion, ...]

    def render(self, scope: Mapping[str, Any]) -> str:
        """Give the text: strings raw, null empty, lists and objects as compact JSON.

        Raises ExpressionError or ExpressionLimit (over 25 MiB of text too), with
        the place in the template.
        """
        pieces: list[str] = []
        left = MAX_RENDERED
        for part in self.parts:
            piece = part if isinstance(part, str) else _inserted(part, scope)
            left -= len(piece)
            if left < 0:
                raise ExpressionLimit("A template may give 25 MiB of text.")
            pieces.append(piece)
        return "".join(pieces)

    def value(self, scope: Mapping[str, Any]) -> Any:
        """Give what its one expression gives, if it is that and nothing else; its text otherwise. Raises as `render`."""
        if len(self.parts) == 1 and isinstance(self.parts[0], Insert):
            return _evaluated(self.parts[0], scope)
        return self.render(scope)


def _inserted(part: Insert, scope: Mapping[str, Any]) -> str:
    try:
        return render(_evaluated(part, scope))
    except RecursionError:
        raise ExpressionLimit("The values are nested too deep.") from None


def _evaluated(part: Insert, scope: Mapping[str, Any]) -> Any:
    try:
        return part.expression.evaluate(scope)
    except ExpressionProblem as problem:
        if problem.loc is not None:
            problem.loc = part.at(problem.loc)
        raise


def compile_template(source: str, inputs: Collection[str] = ()) -> Template:
    """Compile `source`, in which `{name}` stands for each of the declared `inputs`.

    Raises InvalidExpression, with its place in the template.
    """
    # The longest would make the cache hold gigabytes.
    return (_compile_once if len(source) <= _CACHED_SOURCE else _compile)(source, frozenset(inputs))


def _compile(source: str, inputs: frozenset[str]) -> Template:
    builder = _Builder(source)
    at = 0
    while opening := _OPENING.search(source, at):
        builder.add_text(source[at : opening.start()])
        at = opening.end()
        name = opening[1]
        if opening.group() == "\\{{":
            builder.add_text("{{")
        elif name is not None and name in inputs:
            builder.add_input(name, Span(*opening.span()))
        elif name is not None:
            builder.add_text(opening.group())
        elif _is_expression(source, at):
            end = _end(source, opening)
            builder.add_expression(at, end)
            at = end + 2
        else:
            builder.add_text("{{")
            builder.suspect(at)
    builder.add_text(source[at:])
    return builder.build()


_compile_once = lru_cache(maxsize=4096)(_compile)


class _Builder:
    """The parts of a template as they are found."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._text: list[str] = []
        self._parts: list[str | Insert] = []
        self._references: list[Reference] = []
        self._suspicions: list[Suspicion] = []

    def build(self) -> Template:
        self._end_text()
        return Template(self._source, tuple(self._parts), tuple(self._references), tuple(self._suspicions))

    def add_text(self, text: str) -> None:
        self._text.append(text)

    def add_input(self, name: str, loc: Span) -> None:
        self._end_text()
        self._parts.append(Insert(compile_expression(f"input.{name}"), None, loc))
        self._references.append(Reference("input", (name,), loc))

    def add_expression(self, start: int, end: int) -> None:
        self._end_text()
        part = Insert(_compile_at(self._source[start:end], start), start, Span(start, end))
        self._parts.append(part)
        self._references.extend(
            Reference(one.root, one.path, part.at(one.loc)) for one in part.expression.references
        )

    def suspect(self, at: int) -> None:
        """Note a dotted name, closed on the spot, that stayed text."""
        found = _DOTTED_NAME.match(self._source, at)
        if found:
            self._suspicions.append(Suspicion(found[1], Span(*found.span(1))))

    def _end_text(self) -> None:
        if text := "".join(self._text):
            self._parts.append(text)
        self._text.clear()


def _is_expression(source: str, at: int) -> bool:
    first = _FIRST_NAME.match(source, at)
    if first is None:
        return False
    name, call = first.groups()
    return name in ROOTS or (bool(call) and (name in FUNCTIONS or name == "has"))


def _end(source: str, opening: re.Match[str]) -> int:
    """Where the `}}` stands that closes `opening`: outside of texts and of objects.

    Raises InvalidExpression if there is none.
    """
    at, depth = opening.end(), 0
    while piece := _PIECE.match(source, at):
        if piece["brace"] == "}" and not depth and source.startswith("}}", at):
            return at
        depth += {"{": 1, "}": -1}.get(piece["brace"], 0)
        at = piece.end()
    raise InvalidExpression("This {{ is not closed by }}.", Span(opening.start(), len(source)))


def _compile_at(body: str, offset: int) -> Expression:
    try:
        return compile_expression(body)
    except ExpressionProblem as problem:
        if problem.loc is not None:
            problem.loc = Span(problem.loc.start + offset, problem.loc.end + offset)
        raise


__all__ = ["ExpressionError", "ExpressionLimit", "Insert", "Suspicion", "Template", "compile_template"]
