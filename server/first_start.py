"""What a server finds or makes before it serves: its owner, the environment's token, a way in."""

from __future__ import annotations

from django.conf import settings

from accounts.models import Credential, User
from accounts.secrets import WrongKey, unseal
from accounts.services import first_person
from accounts.sign_in import make_link
from accounts.tokens import keep_environment_token


def prepare() -> User:
    """Make what is missing, and give the person who owns the server.

    Raises WrongKey if the secret key is not the one that credentials were encrypted under.
    """
    sealed = Credential.objects.unscoped().order_by("id").first()
    if sealed is not None:
        _check_key(sealed)
    person, workspace = first_person()
    keep_environment_token(workspace, settings.WIRELOOM.api_token)
    return person


def way_in(person: User) -> str | None:
    """The path of a new one-time link, until the person has a password."""
    if person.has_usable_password():
        return None
    return f"/sign-in/{make_link(person, next_path='/')}"


def _check_key(credential: Credential) -> None:
    try:
        unseal(credential.secret)
    except WrongKey:
        raise WrongKey(
            "The credentials in the database were encrypted under another secret key; restore it, nothing was changed."
        ) from None
