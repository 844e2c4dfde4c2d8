"""Who asks: a person in one of their workspaces, or a token in its own."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Token, User, Workspace
from accounts.roles import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who was let in. `user` is null for the environment's token; `token` for a session."""

    workspace: Workspace
    role: Role
    user: User | None
    token: Token | None = None
    scopes: frozenset[str] | None = None
    session_key: str | None = None

    #: Django's REST framework asks this of whatever `request.user` is.
    is_authenticated = True

    @property
    def is_person(self) -> bool:
        """Whether a person sits at the other end, rather than a program with a token."""
        return self.token is None

    def may(self, role: Role, scope: str) -> bool:
        """Whether the actor has `role` and, if its token is scoped, `scope` (`runs:write` includes `runs:read`)."""
        if not self.role.includes(role):
            return False
        return self.scopes is None or scope in self.scopes or scope.replace(":read", ":write") in self.scopes
