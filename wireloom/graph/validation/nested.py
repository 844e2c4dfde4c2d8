"""The workflows that a workflow runs inside itself: there, sound, not itself again, and not too deep (RUNS.md X8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wireloom.graph.document import Document
from wireloom.graph.problems import Problem
from wireloom.graph.validation.configs import ConfiguredNode

if TYPE_CHECKING:
    from wireloom.graph.validation import Report

#: How deep sub-workflows may stand in each other.
MAX_NESTING = 5

#: Finds the workflow with that slug, in that version or, without one, as it is published now.
type WorkflowSource = Callable[[str, int | None], Document | None]


@dataclass(frozen=True, slots=True)
class Nested:
    """A sub-workflow's document, and what was found in it."""

    document: Document
    report: Report


def find_nested(
    nodes: Mapping[str, ConfiguredNode],
    workflows: WorkflowSource | None,
    trail: tuple[str, ...],
    look_into: Callable[[Document, tuple[str, ...]], Report],
    errors: list[Problem],
) -> dict[str, Nested]:
    """Give the sub-workflows by their node's id. `trail` names the workflows around, outermost first."""
    found: dict[str, Nested] = {}
    for node_id, one in nodes.items():
        if one.type.flow != "nested":
            continue
        slug, version = one.config.workflow, one.config.version  # type: ignore[attr-defined]
        problem = _misplaced(slug, trail)
        document = workflows(slug, version) if workflows is not None and problem is None else None
        if problem is None and document is None:
            which = f"no version {version} of {slug!r}" if version else f"no published workflow {slug!r}"
            problem = ("unknown_reference", f"There is {which}.")
        elif document is not None:
            report = look_into(document, (*trail, slug))
            if report.valid:
                found[node_id] = Nested(document, report)
            else:
                problem = _inner(slug, report)
        if problem is not None:
            errors.append(Problem(problem[0], problem[1], node=node_id, field="workflow"))
    return found


def _misplaced(slug: str, trail: tuple[str, ...]) -> tuple[str, str] | None:
    if slug in trail:
        return "cycle", f"{slug!r} would run inside itself."
    if len(trail) > MAX_NESTING:
        return (
            "invalid_config",
            f"Workflows may stand {MAX_NESTING} deep in each other; {slug!r} stands deeper.",
        )
    return None


def _inner(slug: str, report: Report) -> tuple[str, str]:
    """What is wrong inside, as the node around has it; going round in circles keeps its own name."""
    first = report.errors[0]
    circles = first.code == "cycle" and first.field == "workflow"
    return "cycle" if circles else "invalid_config", f"{slug!r} cannot run: {first.message}"
