"""Rows that belong to a workspace, and the only two ways to reach them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models

if TYPE_CHECKING:
    from accounts.actors import Actor


class Unscoped(Exception):
    """Code asked for rows without saying on whose behalf: a mistake in ours, never a client's."""


class ScopedQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows already limited to what somebody may see."""

    def visible_to(self, actor: Actor) -> Self:
        """The rows of the actor's workspace."""
        return self.filter(**{getattr(self.model, "workspace_path", "workspace"): actor.workspace})


class ScopedManager[M: models.Model](models.Manager[M]):
    """Refuses every query that does not begin with `visible_to` or `unscoped`."""

    def get_queryset(self) -> Any:
        raise Unscoped(
            f"{self.model.__name__} rows are reached through visible_to(actor), or unscoped() with a reason."
        )

    def visible_to(self, actor: Actor) -> ScopedQuerySet[M]:
        """The rows of the actor's workspace."""
        return self.unscoped().visible_to(actor)

    def unscoped(self) -> ScopedQuerySet[M]:
        """All rows: for the server's own work, and for lookups that a secret decides."""
        return ScopedQuerySet(self.model, using=self._db)


class Scoped(models.Model):
    """A row of a workspace. `workspace_path` is the lookup that leads to it."""

    workspace_path: ClassVar[str] = "workspace"

    objects = ScopedManager[Self]()

    class Meta:
        abstract = True
