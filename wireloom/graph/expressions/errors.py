"""How an expression can be wrong: as text, while it is evaluated, or by asking for too much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from wireloom.errors import WireloomError


@dataclass(frozen=True, slots=True)
class Span:
    """Where in the source: code points from `start` up to, not including, `end`."""

    start: int
    end: int


class ExpressionProblem(WireloomError):
    """The base of all that can be wrong with an expression; `loc` is where, if one place is to blame."""

    code: ClassVar[str] = "expression_error"

    def __init__(self, message: str, loc: Span | None = None) -> None:
        super().__init__(message)
        self.loc = loc


class InvalidExpression(ExpressionProblem):
    """The source is no expression."""

    code = "invalid_expression"


class UnknownName(InvalidExpression):
    """The source names something that is not in sight."""

    code = "unknown_reference"


class ExpressionTooLarge(InvalidExpression):
    """The source is over 8 KiB, or nested more than 32 deep."""

    code = "expression_limit"


class ExpressionError(ExpressionProblem):
    """The values do not fit the expression: a missing field, text minus a number, a division by zero."""

    code = "expression_error"


class ExpressionLimit(ExpressionProblem):
    """Evaluating asked for more steps, text or elements than one expression may use."""

    code = "expression_limit"
