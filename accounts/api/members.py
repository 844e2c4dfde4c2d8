"""Who belongs to a workspace: listed for its members, changed by its owners."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.api.fields import LinkAnswer, MemberAnswer, NewMember, NewMemberAnswer, RoleChange
from accounts.members import Invitation, change_role, invite, let_in_anew, members_of, remove
from accounts.models import Membership
from accounts.roles import Role
from accounts.web.access import Access
from accounts.web.authentication import person_actor
from accounts.web.describe import describe
from accounts.web.paging import Paging
from accounts.web.problems import NotFound
from accounts.web.views import ApiView


def member_answer(membership: Any) -> dict[str, Any]:
    """A row of `members_of`."""
    person = membership.user
    return {
        "id": person.id,
        "username": person.username,
        "role": membership.role,
        "has_password": person.has_usable_password(),
        "link_expires_at": membership.link_expires_at,
    }


class _OfWorkspace(ApiView):
    """Judges the caller by their role in the workspace of the address, whichever `X-Workspace` names."""

    access: ClassVar[Access] = Access("accounts", write=Role.OWNER, person=True)

    def check_permissions(self, request: Request) -> None:
        """Let in members of that workspace alone, then as `access` says."""
        if isinstance(request.user, Actor):
            request.user = self._there(request.user)
        super().check_permissions(request)

    def _there(self, actor: Actor) -> Actor:
        workspace = self.kwargs["id"]
        if workspace == actor.workspace.id:
            return actor
        if actor.user is None or not actor.is_person:
            raise NotFound("There is no such workspace.")
        return person_actor(actor.user, workspace, actor.session_key)

    def _member(self, id: str) -> Membership:  # noqa: A002 - as the URL names it
        return self.found(members_of(self.actor.workspace), user=id)

    def _link(self, invitation: Invitation) -> str:
        return self.request._request.build_absolute_uri(f"/sign-in/{invitation.text}")


class Members(_OfWorkspace):
    """The members of a workspace."""

    queries = {"GET": Paging}

    @describe(gives=MemberAnswer, listed=True)
    def get(self, request: Request, id: str) -> Response:  # noqa: A002 - as the URL names it
        """The members of a workspace of the caller's; of a token, its own."""
        return self.page(members_of(self.actor.workspace), member_answer, order="id")

    @describe(takes=NewMember, gives=NewMemberAnswer, status=201)
    def post(self, request: Request, id: str) -> Response:  # noqa: A002 - as the URL names it
        """Invite a person.

        The answer holds a link that signs them in once, to be passed on: it is
        not shown again. Somebody whom the caller works with in another
        workspace is added as they are, without a link.
        """
        given = self.body(NewMember)
        person, invitation = invite(self.actor, name=given["name"], role=Role(given["role"]))
        link = self._link(invitation) if invitation else None
        return Response({**member_answer(self._member(person.id)), "link": link}, status=201)


class OneMember(_OfWorkspace):
    """One member of a workspace."""

    @describe(gives=MemberAnswer)
    def get(self, request: Request, id: str, member: str) -> Response:  # noqa: A002 - as the URL names it
        """A member."""
        return Response(member_answer(self._member(member)))

    @describe(takes=RoleChange, gives=MemberAnswer)
    def patch(self, request: Request, id: str, member: str) -> Response:  # noqa: A002 - as the URL names it
        """Give a member another role; the last owner keeps theirs (409 `last_owner`)."""
        membership = self._member(member)
        change_role(membership, Role(self.body(RoleChange)["role"]))
        return Response(member_answer(membership))

    @describe(status=204)
    def delete(self, request: Request, id: str, member: str) -> Response:  # noqa: A002 - as the URL names it
        """Send a member away: their sessions and tokens open this workspace no more. The last owner stays."""
        remove(self._member(member))
        return Response(status=204)


class OwnMembership(_OfWorkspace):
    """The caller's own part in a workspace."""

    access: ClassVar[Access] = Access("accounts", write=Role.VIEWER, person=True)

    @describe(status=204)
    def delete(self, request: Request, id: str) -> Response:  # noqa: A002 - as the URL names it
        """Leave a workspace, whatever the role; the last owner stays (409 `last_owner`)."""
        assert self.actor.user is not None
        remove(self._member(self.actor.user.id))
        return Response(status=204)


class MemberLink(_OfWorkspace):
    """A way in for a member who has none."""

    @describe(gives=LinkAnswer, status=201)
    def post(self, request: Request, id: str, member: str) -> Response:  # noqa: A002 - as the URL names it
        """Make a new sign-in link for a member who lost theirs or forgot their password.

        Their password ends when the link is used, and not before. For a member
        of a workspace that the caller does not own: 409 `belongs_elsewhere`.
        """
        invitation = let_in_anew(self.actor, self._member(member))
        return Response(
            {"link": self._link(invitation), "link_expires_at": invitation.expires_at}, status=201
        )
