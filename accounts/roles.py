"""What a member may do."""

from __future__ import annotations

from django.db.models import TextChoices


class Role(TextChoices):
    """Each role may do all that the ones after it may."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"

    def includes(self, other: Role) -> bool:
        """Whether this role may do all that `other` may."""
        order = list(Role)
        return order.index(self) <= order.index(other)

    @classmethod
    def weaker(cls, one: Role, other: Role) -> Role:
        """The one of the two that may do less."""
        return other if one.includes(other) else one
