"""The verbs of accounts: whatever changes people, workspaces and credentials."""

from __future__ import annotations

import re

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.actors import Actor
from accounts.errors import CredentialHostMismatch, NameTaken
from accounts.model_access import forget_stored
from accounts.models import Credential, Membership, SignInLink, User, Workspace
from accounts.roles import Role
from accounts.secrets import seal
from accounts.web.problems import Invalid

FIRST_PERSON = "owner"
FIRST_WORKSPACE = "My workspace"


def slug_of(name: str, *, fallback: str) -> str:
    """`name` in lower case, all but letters and digits as single dashes; `fallback` if nothing is left."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:56].strip("-") or fallback


def free_slug(name: str, *, fallback: str, taken: set[str]) -> str:
    """A slug for `name` that is not in `taken`: the plain one, else with `-2`, `-3` …"""
    slug = slug_of(name, fallback=fallback)
    numbered = (f"{slug}-{n}" for n in range(2, len(taken) + 3))
    return slug if slug not in taken else next(one for one in numbered if one not in taken)


@transaction.atomic
def make_workspace(name: str, owner: User) -> Workspace:
    """A workspace whose only member is `owner`."""
    slug = free_slug(name, fallback="workspace", taken=set(Workspace.objects.values_list("slug", flat=True)))
    workspace = Workspace.objects.create(name=name, slug=slug)
    join(workspace, owner, Role.OWNER)
    return workspace


def join(workspace: Workspace, person: User, role: Role) -> None:
    """Make `person` a member; sign-in links made for them before end, which were not meant to open this workspace."""
    Membership.objects.create(workspace=workspace, user=person, role=role)
    SignInLink.objects.filter(user=person).delete()


@transaction.atomic
def first_person() -> tuple[User, Workspace]:
    """The oldest workspace and who owns it longest; both are made if there is nobody yet."""
    membership = (
        Membership.objects.select_related("user", "workspace")
        .filter(role=Role.OWNER, user__is_active=True)
        .order_by("workspace__created_at", "workspace", "id")
        .first()
    )
    if membership is not None:
        return membership.user, membership.workspace
    user = User(username=FIRST_PERSON)
    user.set_unusable_password()
    user.save(force_insert=True)
    return user, make_workspace(FIRST_WORKSPACE, user)


def set_password(user: User, password: str) -> None:
    """Give `user` a password; every session and link of theirs ends. Raises Invalid for a weak one."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        errors = [
            {"code": "weak_password", "message": message, "field": "password"} for message in error.messages
        ]
        raise Invalid("The password is too easy to guess.", errors=errors) from None
    user.set_password(password)
    user.save(update_fields=["password"])
    SignInLink.objects.filter(user=user).delete()


def add_credential(actor: Actor, *, name: str, provider: str, secret: str, base_url: str) -> Credential:
    """A credential of the actor's workspace. Raises NameTaken."""
    credential = Credential(
        workspace=actor.workspace,
        name=name,
        provider=provider,
        base_url=base_url,
        secret=seal(secret),
        last_four=last_four(secret),
    )
    _save(credential)
    return credential


def change_credential(
    credential: Credential, *, name: str | None, secret: str | None, base_url: str | None
) -> None:
    """Change what is given.

    Raises CredentialHostMismatch when `base_url` changes without the secret,
    which is bound to where it was given for; NameTaken.
    """
    if base_url is not None and secret is None and base_url != credential.base_url:
        raise CredentialHostMismatch("The secret is bound to its host: give it again to change the base URL.")
    if name is not None:
        credential.name = name
    if base_url is not None:
        credential.base_url = base_url
    if secret is not None:
        credential.secret, credential.last_four = seal(secret), last_four(secret)
    _save(credential)


def remove_credential(credential: Credential) -> None:
    """Forget the credential and its secret."""
    credential.delete()
    forget_stored(credential.workspace_id)


def _save(credential: Credential) -> None:
    try:
        with transaction.atomic():
            credential.save()
    except IntegrityError:
        raise NameTaken(f"There is a credential named {credential.name!r} already.") from None
    forget_stored(credential.workspace_id)


def last_four(secret: str) -> str:
    """The end of `secret` by which its owner knows it; nothing of one that is short."""
    return secret[-4:] if len(secret) >= 12 else ""
