"""Workflows: made, listed, saved, judged."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Role
from accounts.scoping import ScopedQuerySet
from accounts.web.access import Access
from accounts.web.describe import describe
from accounts.web.views import ApiView
from builder.api.fields import (
    GraphPerhaps,
    GraphToValidate,
    NewWorkflow,
    ValidationAnswer,
    WorkflowAnswer,
    WorkflowPaging,
    WorkflowSave,
    WorkflowSummary,
    workflow_answer,
    workflow_summary,
)
from builder.graphs import loaded, parsed, report_on, told
from builder.models import Workflow
from builder.services import archive, create_workflow, save_draft
from wireloom.graph.document import Document

WORKFLOWS = Access("workflows")


class WorkflowView(ApiView):
    """What concerns workflows that are not archived."""

    access: ClassVar[Access] = WORKFLOWS

    def visible(self) -> ScopedQuerySet[Workflow]:
        """The workflows that the caller may know of."""
        return Workflow.objects.visible_to(self.actor).filter(archived_at=None)

    def workflow(self, id: str) -> Workflow:  # noqa: A002 - as the URL names it
        """One of them. Raises NotFound."""
        return self.found(self.visible(), pk=id)


class Workflows(WorkflowView):
    """The workspace's workflows."""

    queries = {"GET": WorkflowPaging}

    @describe(gives=WorkflowSummary, listed=True)
    def get(self, request: Request) -> Response:
        """The workflows, the one saved last first, without their graphs."""
        rows = self.visible().defer("draft")
        if text := self.query.get("q"):
            rows = rows.filter(name__icontains=text)
        return self.page(rows, workflow_summary, order="-updated_at")

    @describe(takes=NewWorkflow, gives=WorkflowAnswer, status=201)
    def post(self, request: Request) -> Response:
        """Make a workflow. Its graph may be unfinished; a malformed one is 400."""
        given = self.body(NewWorkflow)
        workflow = create_workflow(self.actor, name=given["name"], graph=given.get("graph"))
        return Response(workflow_answer(workflow), status=201)


class OneWorkflow(WorkflowView):
    """One workflow."""

    @describe(gives=WorkflowAnswer)
    def get(self, request: Request, id: str) -> Response:  # noqa: A002 - as the URL names it
        """A workflow with its draft."""
        return Response(workflow_answer(self.workflow(id)))

    @describe(takes=WorkflowSave, gives=WorkflowAnswer)
    def put(self, request: Request, id: str) -> Response:  # noqa: A002 - as the URL names it
        """Save what is given as the edit of `revision`; a stale one is 409 with `current`. The same as PATCH."""
        return self._saved(id, self.body(WorkflowSave))

    @describe(takes=WorkflowSave, gives=WorkflowAnswer)
    def patch(self, request: Request, id: str) -> Response:  # noqa: A002 - as the URL names it
        """Save what is given as the edit of `revision`; a stale one is 409 with `current`."""
        return self._saved(id, self.body(WorkflowSave))

    @describe(status=204)
    def delete(self, request: Request, id: str) -> Response:  # noqa: A002 - as the URL names it
        """Archive a workflow: it is gone from here, its runs stay."""
        archive(self.workflow(id))
        return Response(status=204)

    def _saved(self, id: str, given: dict[str, Any]) -> Response:  # noqa: A002 - as the URL names it
        workflow = self.workflow(id)
        save_draft(workflow, **given)
        return Response(workflow_answer(workflow))


def validation_answer(graph: Document, workspace_id: str, slug: str | None = None) -> dict[str, Any]:
    """All that is wrong with `graph` in that workspace."""
    report = report_on(graph, workspace_id, slug)
    ids = [node.id for node in graph.nodes]
    return {
        "valid": report.valid,
        "errors": told(report.errors),
        "warnings": told(report.warnings),
        "regions": [region.to_json(ids) for region in report.regions.all],
    }


class Validate(ApiView):
    """A graph, judged."""

    access: ClassVar[Access] = Access("workflows", write=Role.VIEWER)

    @describe(takes=GraphToValidate, gives=ValidationAnswer)
    def post(self, request: Request) -> Response:
        """All that is wrong with a graph; nothing is stored."""
        graph = parsed(self.body(GraphToValidate)["graph"])
        return Response(validation_answer(graph, self.actor.workspace.pk))


class ValidateWorkflow(WorkflowView):
    """A draft, judged."""

    access: ClassVar[Access] = Access("workflows", write=Role.VIEWER)

    @describe(takes=GraphPerhaps, gives=ValidationAnswer)
    def post(self, request: Request, id: str) -> Response:  # noqa: A002 - as the URL names it
        """All that is wrong with the draft, or with the graph in the body; nothing is stored."""
        workflow = self.workflow(id)
        given = self.body(GraphPerhaps)
        graph = parsed(given["graph"]) if "graph" in given else loaded(workflow.draft)
        return Response(validation_answer(graph, workflow.workspace_id, workflow.slug))
