"""Workflows: a draft that changes, and versions that never do."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.ids import LENGTH
from accounts.models import Workspace, id_field
from accounts.scoping import Scoped


class Workflow(Scoped):
    """What a person draws. `draft` is canonical JSON text: a database's own JSON type would change it.

    `revision` rises with each save. An archived one is kept for the runs that name it.
    """

    id = id_field()
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+")
    slug = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    draft = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    published = models.PositiveIntegerField(null=True)
    archived_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "slug"], name="workflow_slug_once")]
        indexes = [models.Index(fields=["workspace", "updated_at", "id"], name="workflow_recent")]

    def __str__(self) -> str:
        return self.name


class Version(Scoped):
    """A published graph, which never changes."""

    workspace_path = "workflow__workspace"

    id = id_field()
    workflow = models.ForeignKey(Workflow, models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    graph = models.TextField()
    content_hash = models.CharField(max_length=64)
    created_by = models.CharField(max_length=LENGTH, null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workflow", "number"], name="version_number_once")]
