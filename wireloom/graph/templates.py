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

MAX_RENDERED = 25 * 1024 * 1024

_OPENING = re.compile(r"\\\{\{|\{\{|\{([A-Za-z_]\w*)\}")
_FIRST_NAME = re.compile(r"\s*([A-Za-z_]\w*)\s*(\(?)")
#: The text of one expression up to its `}}`: strings may hold braces of their own.
_BODY = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\{[^{}]*\}|(?!\}\})[^"'])*""", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """`{{ name … }}` that stayed text because `name` is unknown: maybe a slip of the pen."""

    name: str
    loc: Span


@dataclass(frozen=True, slots=True)
class Template:
    """A compiled template. Immutable and safe to share between runs."""

    source: str
    parts: tuple[str | Expression, ...]
    #: Every read of a root, at its place in the template's source.
    references: tuple[Reference, ...]
    suspicions: tuple[Suspicion, ...]

    def render(self, scope: Mapping[str, Any]) -> str:
        """Give the text: strings raw, null empty, lists and objects as compact JSON.

        Raises ExpressionError or ExpressionLimit (over 25 MiB of text too).
        """
        pieces = [part if isinstance(part, str) else render(part.evaluate(scope)) for part in self.parts]
        if sum(map(len, pieces)) > MAX_RENDERED:
            raise ExpressionLimit("A template may give 25 MiB of text.")
        return "".join(pieces)


def compile_template(source: str, inputs: Collection[str] = ()) -> Template:
    """Compile `source`, in which `{name}` stands for each of the declared `inputs`.

    Raises InvalidExpression, with its place in the template.
    """
    return _compile(source, frozenset(inputs))


@lru_cache(maxsize=4096)
def _compile(source: str, inputs: frozenset[str]) -> Template:
    parts: list[str | Expression] = []
    seen: list[Reference] = []
    suspicions: list[Suspicion] = []
    text: list[str] = []
    at = 0

    def insert(expression: Expression, offset: int) -> None:
        if text:
            parts.append("".join(text))
            text.clear()
        parts.append(expression)
        seen.extend(
            Reference(one.root, one.path, Span(one.loc.start + offset, one.loc.end + offset))
            for one in expression.references
        )

    while opening := _OPENING.search(source, at):
        text.append(source[at : opening.start()])
        at = opening.end()
        name = opening[1]
        if opening.group() == "\\{{":
            text.append("{{")
        elif name is not None:
            if name in inputs:
                insert(compile_expression(f"input.{name}"), opening.start() - len("input."))
            else:
                text.append(opening.group())
        elif _is_expression(source, at):
            body = _BODY.match(source, at)
            assert body is not None
            if not source.startswith("}}", body.end()):
                raise InvalidExpression("This {{ is not closed by }}.", Span(opening.start(), len(source)))
            insert(_compile_at(body.group(), at), at)
            at = body.end() + 2
        else:
            text.append("{{")
            suspicions.extend(_suspicion(source, at))
    text.append(source[at:])
    if any(text):
        parts.append("".join(text))
    return Template(source, tuple(parts), tuple(seen), tuple(suspicions))


def _is_expression(source: str, at: int) -> bool:
    first = _FIRST_NAME.match(source, at)
    if first is None:
        return False
    name, call = first.groups()
    return name in ROOTS or (bool(call) and (name in FUNCTIONS or name == "has"))


def _compile_at(body: str, offset: int) -> Expression:
    try:
        return compile_expression(body)
    except ExpressionProblem as problem:
        if problem.loc is not None:
            problem.loc = Span(problem.loc.start + offset, problem.loc.end + offset)
        raise


def _suspicion(source: str, at: int) -> list[Suspicion]:
    """What looks like a mistyped reference: a dotted name, closed on the same line."""
    found = re.compile(r"\s*([A-Za-z_]\w*)(?:\.\w+)+\s*\}\}").match(source, at)
    return [Suspicion(found[1], Span(*found.span(1)))] if found else []


__all__ = ["ExpressionError", "ExpressionLimit", "Suspicion", "Template", "compile_template"]
