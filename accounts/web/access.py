"""Deny by default: what a view or a socket asks of whoever calls it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rest_framework.permissions import SAFE_METHODS, BasePermission

from accounts.actors import Actor
from accounts.roles import Role
from accounts.web.problems import Forbidden, Unauthorized

if TYPE_CHECKING:
    from rest_framework.request import Request
    from rest_framework.views import APIView

#: What a token can be limited to, each with `:read` or `:write`.
SCOPES = ("workflows", "runs", "credentials", "accounts")
TOKEN_SCOPES = tuple(f"{scope}:{kind}" for scope in SCOPES for kind in ("read", "write"))


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call: anyone if `scope` is None, else members with a role.

    `read` is the role that GET needs, `write` the one that all else needs.
    With `person`, no token may write.
    """

    scope: str | None
    read: Role = Role.VIEWER
    write: Role = Role.EDITOR
    person: bool = False

    def admit(self, actor: Actor | None, *, writes: bool) -> None:
        """Raise Unauthorized or Forbidden unless `actor` may."""
        if self.scope is None:
            return
        if actor is None:
            raise Unauthorized("Sign in, or send a valid token in the Authorization header.")
        role, kind = (self.write, "write") if writes else (self.read, "read")
        if writes and self.person and not actor.is_person:
            raise Forbidden("Only a person who is signed in may do this, not a token.")
        if not actor.role.includes(role):
            raise Forbidden(f"This needs the role {role.value!r} in the workspace.")
        if not actor.may(role, f"{self.scope}:{kind}"):
            raise Forbidden(f"The token lacks the scope '{self.scope}:{kind}'.")


#: For what anyone may call: health, schema, signing in.
PUBLIC = Access(None)


class Declared(BasePermission):
    """The REST framework's side of `Access`: the view says what it needs."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the caller may; a refusal is raised, with its reason."""
        access: Access = view.access  # type: ignore[attr-defined]  # every view has one, or the start fails
        caller = request.user if isinstance(request.user, Actor) else None
        access.admit(caller, writes=request.method not in SAFE_METHODS)
        return True
