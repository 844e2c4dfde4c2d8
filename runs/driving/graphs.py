"""The graph that a run executes: which version, which part of it, compiled."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from builder.models import Version, Workflow
from builder.nesting import has_nested, with_versions, workflows_of
from builder.palette import catalogue
from runs.errors import SelectionInvalid, UnknownVersion, WorkflowInvalid
from runs.journal.payloads import hash_of, load
from wireloom.engine.plan import Plan, PlanCache
from wireloom.graph.document import parse
from wireloom.graph.problems import DocumentProblems
from wireloom.graph.selection import InvalidSelection, Selection, select

DRAFT = "draft"


@cache
def plans() -> PlanCache:
    """The plans that this process keeps at hand."""
    return PlanCache(catalogue())


@dataclass(frozen=True, slots=True)
class RunGraph:
    """A graph as text and compiled. `version` is None for the draft."""

    text: str
    hash: str
    version: int | None
    plan: Plan


def graph_for(workflow: Workflow, version: str | int | None, selection: Selection) -> RunGraph:
    """What a new run of `workflow` executes: the published version by default, the draft where there is none.

    Workflows inside a draft are taken as they are published now; what a draft
    has pinned, and all that `selection` names, is in place. Raises
    UnknownVersion, SelectionInvalid, WorkflowInvalid.
    """
    number = workflow.published if version is None else version
    if number in (None, DRAFT):
        text = with_versions(workflow.draft, workflow.workspace_id)
        return _compiled(_part(text, selection), None, workflow.workspace_id)
    row = Version.objects.unscoped().filter(workflow=workflow, number=number).first()
    if row is None:
        message = f"There is no version {number}."
        raise UnknownVersion(
            f"{workflow.name!r} has no version {number}.",
            errors=[{"code": "unknown_version", "message": message, "field": "version"}],
        )
    return _compiled(_part(row.graph, selection), row.number, workflow.workspace_id)


def plan_of(text: str, digest: str, workspace_id: str) -> Plan:
    """The plan of a stored graph. Raises DocumentProblems if it cannot run here."""
    # What stands inside a graph is a matter of the workspace, so its plan is too.
    nested = has_nested(text)
    key = f"{workspace_id}:{digest}" if nested else digest
    plan = plans().get(key)
    if plan is None:
        plan = plans().get(key, parse(load(text)), workflows_of(workspace_id) if nested else None)
    assert plan is not None
    return plan


def _part(text: str, selection: Selection) -> str:
    if selection.is_whole and '"pin"' not in text:
        return text
    try:
        return select(parse(load(text)), selection).canonical()
    except InvalidSelection as error:
        item = {"code": error.code, "message": error.message, "field": error.field}
        raise SelectionInvalid(error.message, errors=[item]) from None


def _compiled(text: str, version: int | None, workspace_id: str) -> RunGraph:
    digest = hash_of(text)
    try:
        plan = plan_of(text, digest, workspace_id)
    except DocumentProblems as error:
        problems = [problem.to_json() for problem in error.problems]
        raise WorkflowInvalid("The workflow cannot run yet.", errors=problems) from None
    return RunGraph(text, digest, version, plan)
