"""The people of a workspace: invited, given a role, let in anew, sent away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from accounts.actors import Actor
from accounts.errors import AlreadyMember, BelongsElsewhere, LastOwner, NameTaken
from accounts.models import Membership, SignInLink, Token, User, Workspace
from accounts.roles import Role
from accounts.services import join
from accounts.sign_in import make_link
from accounts.tokens import forget_tokens_of

#: An invitation is passed on by hand, and may wait for its reader over a weekend.
INVITED_FOR = timedelta(days=7)
#: Where an invitation leads: a password can be set there.
WELCOME = "/settings/account"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A way in: the secret part of a sign-in link, and until when it can be used."""

    text: str
    expires_at: datetime


def members_of(workspace: Workspace) -> QuerySet[Membership]:
    """The members, each with `link_expires_at`: until when a link for them can be used, null if none can."""
    links = SignInLink.objects.filter(user=OuterRef("user"), expires_at__gt=timezone.now())
    rows = Membership.objects.filter(workspace=workspace).select_related("user")
    return rows.annotate(link_expires_at=Subquery(links.values("expires_at")[:1]))


def invite(actor: Actor, *, name: str, role: Role) -> tuple[User, Invitation | None]:
    """A new member of the actor's workspace, and the link for whoever is new to this server.

    Somebody whom the actor works with elsewhere keeps their own way in: no
    link. Raises AlreadyMember; NameTaken for the name of a person whom the
    actor does not know, lest somebody is let in for another's sake.
    """
    name = User.normalize_username(name)
    try:
        with transaction.atomic():
            person = User.objects.filter(username__iexact=name).first()
            if person is not None:
                _require_known(actor, person)
                join(actor.workspace, person, role)
                return person, None
            person = User(username=name)
            person.set_unusable_password()
            person.save(force_insert=True)
            join(actor.workspace, person, role)
            return person, _invitation(person)
    except IntegrityError:
        raise NameTaken(f"There is a person named {name!r} already.") from None


def let_in_anew(actor: Actor, membership: Membership) -> Invitation:
    """A new link for a member who lost theirs or forgot their password; links made before end.

    Raises BelongsElsewhere for a person of a workspace that the actor does
    not own: the link would open that one too.
    """
    owned = Membership.objects.filter(user=actor.user, role=Role.OWNER).values("workspace")
    if Membership.objects.filter(user=membership.user).exclude(workspace__in=owned).exists():
        raise BelongsElsewhere(
            f"{membership.user.username!r} also belongs to a workspace that you do not own, which the link would open."
        )
    return _invitation(membership.user)


def change_role(membership: Membership, role: Role) -> None:
    """Give a member another role, at once for their tokens too. Raises LastOwner."""
    with transaction.atomic():
        if role is not Role.OWNER:
            _require_another_owner(membership)
        Membership.objects.filter(pk=membership.pk).update(role=role)
        membership.role = role
    forget_tokens_of(membership.user)


def remove(membership: Membership) -> None:
    """Send a member away: their sessions and tokens open this workspace no more. Raises LastOwner.

    Who belongs to no other workspace is forgotten, with their password.
    """
    person = membership.user
    with transaction.atomic():
        _require_another_owner(membership)
        tokens = Token.objects.unscoped().filter(workspace=membership.workspace_id, user=person)
        tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
        membership.delete()
        if not Membership.objects.filter(user=person).exists():
            # Or whoever owns a workspace that they are added to later could take over their name.
            User.objects.filter(pk=person.pk).delete()
    forget_tokens_of(person)


def _invitation(person: User) -> Invitation:
    text = make_link(person, next_path=WELCOME, lives=INVITED_FOR)
    return Invitation(text, SignInLink.objects.get(user=person).expires_at)


def _require_known(actor: Actor, person: User) -> None:
    theirs = Membership.objects.filter(user=person)
    if theirs.filter(workspace=actor.workspace).exists():
        raise AlreadyMember(f"{person.username!r} is a member already.")
    mine = Membership.objects.filter(user=actor.user).values("workspace")
    # Without a password, whoever invited them still holds their way in.
    if not person.has_usable_password() or not theirs.filter(workspace__in=mine).exists():
        raise NameTaken(f"There is a person named {person.username!r} already; choose another name.")


def _require_another_owner(membership: Membership) -> None:
    """Raise LastOwner if the workspace would be left without one. Two at once wait for each other."""
    Workspace.objects.select_for_update().get(pk=membership.workspace_id)
    others = Membership.objects.filter(
        workspace=membership.workspace_id, role=Role.OWNER, user__is_active=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise LastOwner("The workspace would have no owner; make somebody else one first.")
