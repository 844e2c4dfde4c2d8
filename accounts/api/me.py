"""Who calls, their password, their workspaces."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth import update_session_auth_hash
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.api.fields import (
    MeAnswer,
    NewPassword,
    NewWorkspace,
    WorkspaceAnswer,
    workspace_answer,
    workspace_of,
)
from accounts.errors import NotThePassword
from accounts.models import Membership, User
from accounts.roles import Role
from accounts.services import make_workspace, set_password
from accounts.sign_in import by_name, refuse_guessing
from accounts.web.access import Access
from accounts.web.describe import describe
from accounts.web.paging import Paging
from accounts.web.views import ApiView


def me_answer(actor: Actor) -> dict[str, Any]:
    """Who calls, as `/me/` tells."""
    user = actor.user if actor.is_person else None
    shown = (
        None
        if user is None
        else {"id": user.id, "username": user.username, "has_password": user.has_usable_password()}
    )
    theirs = [workspace_answer(one) for one in _memberships(user)] if user else [workspace_of(actor)]
    return {
        "user": shown,
        "workspace": workspace_of(actor),
        "workspaces": theirs,
        "role": actor.role.value,
        "scopes": None if actor.scopes is None else sorted(actor.scopes),
    }


def _memberships(user: User) -> Any:
    return Membership.objects.filter(user=user).select_related("workspace")


class Me(ApiView):
    """Who calls."""

    access: ClassVar[Access] = Access("accounts")

    @describe(gives=MeAnswer)
    def get(self, request: Request) -> Response:
        """Who calls: a person, or null for a token; the workspace and role they act in."""
        return Response(me_answer(self.actor))


class Password(ApiView):
    """The caller's password."""

    access: ClassVar[Access] = Access("accounts", write=Role.VIEWER, person=True)

    @describe(takes=NewPassword, status=204)
    def post(self, request: Request) -> Response:
        """Set or change the password; every other session of this person ends."""
        user = self.actor.user
        assert user is not None
        given = self.body(NewPassword)
        if user.has_usable_password():
            _require_known(user, given.get("current", ""))
        set_password(user, given["password"])
        # The REST framework has put the actor in its place.
        request._request.user = user
        update_session_auth_hash(request._request, user)
        return Response(status=204)


def _require_known(user: User, password: str) -> None:
    """Raise NotThePassword, or TooMany: whoever found a session open may not guess on."""
    refuse_guessing(by_name.wait_s(user.username))
    if not user.check_password(password):
        by_name.fail(user.username)
        told = {"code": "wrong_password", "message": "This is not the password.", "field": "current"}
        raise NotThePassword("`current` is not the password.", errors=[told])


class Workspaces(ApiView):
    """The caller's workspaces."""

    access: ClassVar[Access] = Access("accounts", write=Role.VIEWER, person=True)
    queries = {"GET": Paging}

    @describe(gives=WorkspaceAnswer, listed=True)
    def get(self, request: Request) -> Response:
        """The workspaces that the caller belongs to; of a token, its own."""
        if self.actor.user is None or not self.actor.is_person:
            return Response({"results": [workspace_of(self.actor)], "next": None})
        return self.page(_memberships(self.actor.user), workspace_answer, order="id")

    @describe(takes=NewWorkspace, gives=WorkspaceAnswer, status=201)
    def post(self, request: Request) -> Response:
        """Make a workspace; the caller owns it."""
        assert self.actor.user is not None
        workspace = make_workspace(self.body(NewWorkspace)["name"], self.actor.user)
        return Response(
            workspace_answer(Membership.objects.select_related("workspace").get(workspace=workspace)),
            status=201,
        )
