"""Expressions: a subset of CEL, parsed to a typed tree and compiled to closures.

    compile_expression("nodes.review.score >= 7").evaluate({"nodes": {"review": {"score": 8}}})

RUNS.md's budget holds for each evaluation: 10,000 steps, 1 MiB of new text,
100,000 new elements; and for each source: 8 KiB, nested 32 deep.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from wireloom.graph.expressions.compiler import Code, compile_tree
from wireloom.graph.expressions.errors import (
    ExpressionError,
    ExpressionLimit,
    ExpressionProblem,
    ExpressionTooLarge,
    InvalidExpression,
    Span,
    UnknownName,
)
from wireloom.graph.expressions.frame import Frame
from wireloom.graph.expressions.parser import parse
from wireloom.graph.expressions.references import Reference, references
from wireloom.graph.expressions.values import type_name, weight

#: What an expression in a workflow may name.
ROOTS = frozenset({"input", "vars", "nodes", "item", "index", "iteration"})

#: How many values the result may have in all.
MAX_VALUES = 1_000_000
#: Longer sources are compiled anew each time, in characters.
_CACHED_SOURCE = 200


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression. Immutable and safe to share between runs."""

    source: str
    references: tuple[Reference, ...]
    _code: Code
    _slots: int

    def evaluate(self, scope: Mapping[str, Any]) -> Any:
        """Give its value, a JSON value, where `scope` holds the roots.

        Raises ExpressionError when the values do not fit, ExpressionLimit when
        the budget is spent.
        """
        frame = Frame(scope, self._slots)
        try:
            value = self._code(frame)
        except RecursionError:
            raise ExpressionLimit("The values are nested too deep.") from None
        # A list that holds another list twice, thirty times over, is small in memory and endless as text.
        if frame.has_made_lists and weight(value, limit=MAX_VALUES + 1) > MAX_VALUES:
            raise ExpressionLimit(f"An expression may give {MAX_VALUES:,} values.")
        return value


def compile_expression(source: str, roots: frozenset[str] = ROOTS) -> Expression:
    """Compile `source`.

    Raises InvalidExpression, with the place, if it is no expression over `roots`.
    """
    # The longest would make the cache hold gigabytes.
    return (_compile_once if len(source) <= _CACHED_SOURCE else _compile)(source, roots)


def _compile(source: str, roots: frozenset[str]) -> Expression:
    tree = parse(source)
    code, slots = compile_tree(tree, roots)
    return Expression(source, references(tree), code, slots)


_compile_once = lru_cache(maxsize=4096)(_compile)


__all__ = [
    "ROOTS",
    "Expression",
    "ExpressionError",
    "ExpressionLimit",
    "ExpressionProblem",
    "ExpressionTooLarge",
    "InvalidExpression",
    "Reference",
    "Span",
    "UnknownName",
    "compile_expression",
    "type_name",
]
