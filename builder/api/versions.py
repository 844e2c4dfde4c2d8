"""Versions: published, listed, brought back."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.web.describe import describe
from accounts.web.paging import Paging
from accounts.web.problems import NotFound
from builder.api.fields import (
    PublishOrder,
    VersionAnswer,
    VersionSummary,
    WorkflowAnswer,
    version_answer,
    version_summary,
    workflow_answer,
)
from builder.api.workflows import WorkflowView
from builder.models import Version
from builder.services import publish, restore


class VersionView(WorkflowView):
    """What concerns the versions of one workflow."""

    def version(self, id: str, number: int) -> Version:  # noqa: A002 - as the URL names it
        """The version of that number. Raises NotFound."""
        # Databases refuse to compare with numbers beyond their integers.
        if number >= 2**31:
            raise NotFound
        return self.found(Version.objects.visible_to(self.actor), workflow=self.workflow(id), number=number)


class Publish(WorkflowView):
    """A draft becomes a version."""

    @describe(takes=PublishOrder, gives=VersionAnswer, status=201)
    def post(self, request: Request, id: str) -> Response:  # noqa: A002 - as the URL names it
        """Publish the draft. It must be valid (422), and still at `revision` where one is named (409)."""
        workflow = self.workflow(id)
        version = publish(self.actor, workflow, revision=self.body(PublishOrder).get("revision"))
        return Response(version_answer(version), status=201)


class Versions(VersionView):
    """A workflow's versions."""

    queries = {"GET": Paging}

    @describe(gives=VersionSummary, listed=True)
    def get(self, request: Request, id: str) -> Response:  # noqa: A002 - as the URL names it
        """The versions, the newest first, without their graphs."""
        rows = Version.objects.visible_to(self.actor).filter(workflow=self.workflow(id)).defer("graph")
        return self.page(rows, version_summary)


class OneVersion(VersionView):
    """One version."""

    @describe(gives=VersionAnswer)
    def get(self, request: Request, id: str, number: int) -> Response:  # noqa: A002 - as the URL names it
        """A version with its graph, as it was published."""
        return Response(version_answer(self.version(id, number)))


class RestoreVersion(VersionView):
    """A version becomes the draft."""

    @describe(gives=WorkflowAnswer)
    def post(self, request: Request, id: str, number: int) -> Response:  # noqa: A002 - as the URL names it
        """Make the draft what this version is. The draft's revision rises; no version changes."""
        version = self.version(id, number)
        workflow = version.workflow
        restore(workflow, version)
        return Response(workflow_answer(workflow))
