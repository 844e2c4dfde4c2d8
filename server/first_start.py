"""What a server finds or makes before it serves: its owner, the environment's token, a way in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from accounts.actors import Actor
from accounts.model_access import operators_credentials
from accounts.models import Credential, User
from accounts.roles import Role
from accounts.secrets import WrongKey, unseal
from accounts.services import first_person
from accounts.sign_in import make_link
from accounts.tokens import keep_environment_token
from builder.gallery import gallery
from builder.models import Workflow
from builder.services import create_workflow


def prepare() -> User:
    """Make what is missing, clear away what has expired, and give the person who owns the server.

    Raises WrongKey if the secret key is not the one that credentials were encrypted under,
    InvalidSetting if a provider's key is in a file that cannot be read.
    """
    operators_credentials()
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    sealed = Credential.objects.unscoped().order_by("id").first()
    if sealed is not None:
        _check_key(sealed)
    person, workspace = first_person()
    keep_environment_token(workspace, settings.WIRELOOM.api_token)
    if not Workflow.objects.unscoped().filter(workspace=workspace).exists():
        first = next(iter(gallery().values()))
        create_workflow(Actor(workspace, Role.OWNER, person), name=first.name, graph=first.graph)
    return person


def way_in(person: User) -> str | None:
    """The path of a new one-time link, until the person has a password."""
    if person.has_usable_password():
        return None
    return f"/sign-in/{make_link(person, next_path=_first_page(person))}"


def _first_page(person: User) -> str:
    """The workflow that a new server starts with; where it is gone, the list."""
    mine = Workflow.objects.unscoped().filter(workspace__memberships__user=person, archived_at=None)
    first = mine.filter(slug=next(iter(gallery()))).first()
    return f"/workflows/{first.id}" if first else "/"


def _check_key(credential: Credential) -> None:
    try:
        unseal(credential.secret)
    except WrongKey:
        raise WrongKey(
            "The credentials in the database were encrypted under another secret key; restore it, nothing was changed."
        ) from None
