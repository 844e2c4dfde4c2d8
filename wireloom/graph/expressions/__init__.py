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
from wireloom.graph.expressions.values import type_name

#: What an expression in a workflow may name.
ROOTS = frozenset({"input", "vars", "nodes", "item", "index", "iteration"})


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
        try:
            return self._code(Frame(scope, self._slots))
        except RecursionError:
            raise ExpressionLimit("The values are nested too deep.") from None


@lru_cache(maxsize=4096)
def compile_expression(source: str, roots: frozenset[str] = ROOTS) -> Expression:
    """Compile `source`.

    Raises InvalidExpression, with the place, if it is no expression over `roots`.
    """
    tree = parse(source)
    code, slots = compile_tree(tree, roots)
    return Expression(source, references(tree), code, slots)


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
