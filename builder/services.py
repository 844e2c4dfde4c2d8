"""The verbs of builder: whatever changes workflows and their versions."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.actors import Actor
from accounts.services import free_slug, slug_of
from builder.errors import StaleRevision
from builder.gallery import Template, gallery
from builder.graphs import EMPTY, canonical, loaded, require_valid, unpinned
from builder.models import Version, Workflow
from builder.nesting import with_versions, with_workflows

#: How often a slug is looked for again when another process took it in between.
SLUG_TRIES = 5


def create_workflow(actor: Actor, *, name: str, graph: Any = None, slug: str | None = None) -> Workflow:
    """A new workflow in the actor's workspace, its slug made from `slug` or `name`. Raises MalformedGraph, TooManyNodes."""
    draft, now = canonical(EMPTY if graph is None else graph), timezone.now()
    for attempt in range(SLUG_TRIES):
        workflow = Workflow(
            workspace=actor.workspace,
            name=name,
            slug=_free_slug(actor, slug or name),
            draft=draft,
            created_at=now,
            updated_at=now,
        )
        try:
            with transaction.atomic():
                workflow.save(force_insert=True)
        except IntegrityError:
            if attempt == SLUG_TRIES - 1:
                raise
        else:
            break
    return workflow


def _free_slug(actor: Actor, name: str) -> str:
    base = slug_of(name, fallback="workflow")
    taken = Workflow.objects.visible_to(actor).filter(slug__startswith=base).values_list("slug", flat=True)
    return free_slug(name, fallback="workflow", taken=set(taken))


@transaction.atomic
def use_template(actor: Actor, template: Template) -> Workflow:
    """A workflow of the actor's own from the gallery's, which runs at once: what it runs inside itself is published."""
    inside = {slug: _published(actor, gallery()[slug]).slug for slug in template.needs}
    return create_workflow(
        actor, name=template.name, slug=template.slug, graph=with_workflows(template.graph, inside)
    )


def _published(actor: Actor, template: Template) -> Workflow:
    """The workspace's published workflow of this slug; one still as the gallery has it is published, else one is made.

    What somebody drafts under the slug stays as it is: the new one then has another.
    """
    there = Workflow.objects.visible_to(actor).filter(slug=template.slug, archived_at=None).first()
    if there is None or not (there.published or there.draft == canonical(template.graph)):
        there = use_template(actor, template)
    if not there.published:
        publish(actor, there, revision=None)
    return there


@transaction.atomic
def save_draft(workflow: Workflow, *, revision: int, name: str | None = None, graph: Any = None) -> None:
    """Change what is given, as the edit of `revision`. Raises StaleRevision, MalformedGraph, TooManyNodes."""
    changes: dict[str, Any] = {}
    if graph is not None:
        changes["draft"] = canonical(graph)
    if name is not None:
        changes["name"] = name
    _advance(workflow, revision, changes)


@transaction.atomic
def publish(actor: Actor, workflow: Workflow, *, revision: int | None) -> Version:
    """The draft as a new version, in which the workflows inside name theirs and nothing is pinned.

    Raises InvalidWorkflow if it cannot run, StaleRevision if `revision` is not the draft's.
    """
    _require_revision(workflow, revision)
    graph = with_versions(unpinned(workflow.draft), workflow.workspace_id)
    document = loaded(graph)
    require_valid(document, workflow.workspace_id, workflow.slug)
    unchanged = Workflow.objects.unscoped().filter(pk=workflow.pk, revision=workflow.revision)
    if not unchanged.update(published=_next_number(workflow)):
        raise _stale(workflow)
    workflow.refresh_from_db()
    version = Version(
        workflow=workflow,
        number=workflow.published or 1,
        graph=graph,
        content_hash=document.content_hash,
        created_by=actor.user.id if actor.user else None,
    )
    version.save(force_insert=True)
    return version


@transaction.atomic
def restore(workflow: Workflow, version: Version) -> None:
    """Make the draft what `version` is; what was there is overwritten, the versions stay."""
    _advance(workflow, workflow.revision, {"draft": version.graph})


def archive(workflow: Workflow) -> None:
    """Take the workflow out of sight; its runs stay and still name it."""
    Workflow.objects.unscoped().filter(pk=workflow.pk).update(archived_at=timezone.now())


def _next_number(workflow: Workflow) -> int:
    return (workflow.published or 0) + 1


def _advance(workflow: Workflow, revision: int, changes: dict[str, Any]) -> None:
    _require_revision(workflow, revision)
    at_revision = Workflow.objects.unscoped().filter(pk=workflow.pk, revision=revision, archived_at=None)
    if not at_revision.update(revision=F("revision") + 1, updated_at=timezone.now(), **changes):
        raise _stale(workflow)
    workflow.refresh_from_db()


def _require_revision(workflow: Workflow, revision: int | None) -> None:
    if revision is not None and revision != workflow.revision:
        raise _stale(workflow)


def _stale(workflow: Workflow) -> StaleRevision:
    workflow.refresh_from_db()
    return StaleRevision(
        f"The workflow is at revision {workflow.revision} by now.", current=workflow.revision
    )
