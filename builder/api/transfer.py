"""Workflows as files: exported, imported, taken from the gallery."""

from __future__ import annotations

from typing import ClassVar

import orjson
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.web.access import Access
from accounts.web.describe import describe
from accounts.web.paging import WholeList
from accounts.web.problems import NotFound
from accounts.web.views import ApiView
from builder.api.fields import (
    Exported,
    ExportQuery,
    TemplateAnswer,
    WorkflowAnswer,
    template_answer,
    workflow_answer,
)
from builder.api.workflows import WORKFLOWS, WorkflowView
from builder.errors import NotExportable
from builder.gallery import gallery
from builder.services import create_workflow, use_template


class Export(WorkflowView):
    """A workflow as a file."""

    queries = {"GET": ExportQuery}

    @describe(gives=Exported)
    def get(self, request: Request, id: str) -> Response:  # noqa: A002 - as the URL names it
        """The draft as JSON that `/workflows/import/` takes."""
        workflow = self.workflow(id)
        if self.query["as"] != "json":
            raise NotExportable(
                "A workflow is exported as json.",
                errors=[{"code": "unknown_format", "message": "This must be json.", "field": "as"}],
            )
        exported = {
            "format": "wireloom.workflow.1",
            "name": workflow.name,
            "slug": workflow.slug,
            "graph": orjson.Fragment(workflow.draft),
        }
        return Response(
            exported, headers={"Content-Disposition": f'attachment; filename="{workflow.slug}.json"'}
        )


class Import(ApiView):
    """A file as a workflow."""

    access: ClassVar[Access] = WORKFLOWS

    @describe(takes=Exported, gives=WorkflowAnswer, status=201)
    def post(self, request: Request) -> Response:
        """Make a workflow from an export. Nothing in it is opened or run."""
        given = self.body(Exported)
        workflow = create_workflow(
            self.actor, name=given["name"], graph=given["graph"], slug=given.get("slug")
        )
        return Response(workflow_answer(workflow), status=201)


class Templates(ApiView):
    """The gallery."""

    access: ClassVar[Access] = WORKFLOWS
    queries = {"GET": WholeList}

    @describe(gives=TemplateAnswer, listed=True)
    def get(self, request: Request) -> Response:
        """The gallery's workflows, in the order they teach."""
        return Response(self.slice([template_answer(template) for template in gallery().values()]))


class UseTemplate(ApiView):
    """A workflow of the gallery, taken home."""

    access: ClassVar[Access] = WORKFLOWS

    @describe(gives=WorkflowAnswer, status=201)
    def post(self, request: Request, slug: str) -> Response:
        """Make a workflow of one's own from the gallery's; those that it needs are made and published with it."""
        template = gallery().get(slug)
        if template is None:
            raise NotFound
        return Response(workflow_answer(use_template(self.actor, template)), status=201)
