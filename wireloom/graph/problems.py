"""What can be wrong with a workflow document, and how it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from wireloom.errors import WireloomError
from wireloom.graph.expressions.errors import Span


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (node, field, place in the field's text) and what (`code` is stable)."""

    code: str
    message: str
    node: str | None = None
    #: A path into the node's config or the document, parts joined by dots: `cases.0.expression`.
    field: str | None = None
    loc: Span | None = None

    def to_json(self) -> dict[str, Any]:
        """As CONTRACT.md's `errors` list it; absent keys are left out."""
        told: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.node is not None:
            told["node"] = self.node
        if self.field is not None:
            told["field"] = self.field
        if self.loc is not None:
            told["loc"] = {"start": self.loc.start, "end": self.loc.end}
        return told


class DocumentProblems(WireloomError):
    """A document that cannot be taken, with every problem."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0].message
        more = len(problems) - 1
        super().__init__(first if not more else f"{first} ({more} more problem{'s' if more > 1 else ''})")
        self.problems = tuple(problems)


class MalformedDocument(DocumentProblems):
    """It has not the shape of a workflow document at all."""

    code: ClassVar[str] = "malformed_document"


class TooManyNodes(DocumentProblems):
    """It has more than 20,000 nodes."""

    code = "too_many_nodes"


class InvalidWorkflow(DocumentProblems):
    """It is well formed but cannot run."""

    code = "invalid_workflow"
