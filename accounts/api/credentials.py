"""Credentials: written, named, tried, and never read back."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import CredentialAnswer, CredentialChange, NewCredential, TestAnswer
from accounts.models import Credential
from accounts.providers import Trial, check_base_url, host_of
from accounts.services import add_credential, change_credential, remove_credential
from accounts.web.access import Access
from accounts.web.describe import describe
from accounts.web.paging import Paging
from accounts.web.views import ApiView

CREDENTIALS = Access("credentials")


def credential_answer(credential: Credential) -> dict[str, Any]:
    """A credential, without its secret."""
    return {
        "id": credential.id,
        "name": credential.name,
        "provider": credential.provider,
        "base_url": credential.base_url or None,
        "host": host_of(credential),
        "last_four": credential.last_four,
        "created_at": credential.created_at,
        "updated_at": credential.updated_at,
    }


class Credentials(ApiView):
    """The workspace's credentials."""

    access: ClassVar[Access] = CREDENTIALS
    queries = {"GET": Paging}

    @describe(gives=CredentialAnswer, listed=True)
    def get(self, request: Request) -> Response:
        """All credentials, without their secrets."""
        return self.page(Credential.objects.visible_to(self.actor), credential_answer)

    @describe(takes=NewCredential, gives=CredentialAnswer, status=201)
    def post(self, request: Request) -> Response:
        """Keep a credential. Its secret is encrypted and never shown again."""
        given = self.body(NewCredential)
        base_url = given["base_url"] or ""
        check_base_url(base_url)
        credential = add_credential(
            self.actor,
            name=given["name"],
            provider=given["provider"],
            secret=given["secret"],
            base_url=base_url,
        )
        return Response(credential_answer(credential), status=201)


class OneCredential(ApiView):
    """One credential."""

    access: ClassVar[Access] = CREDENTIALS

    @describe(gives=CredentialAnswer)
    def get(self, request: Request, id: str) -> Response:  # noqa: A002 - as the URL names it
        """A credential, without its secret."""
        return Response(credential_answer(self._found(id)))

    @describe(takes=CredentialChange, gives=CredentialAnswer)
    def patch(self, request: Request, id: str) -> Response:  # noqa: A002 - as the URL names it
        """Change a credential; another base URL needs the secret again."""
        credential = self._found(id)
        given = self.body(CredentialChange)
        base_url = (given["base_url"] or "") if "base_url" in given else None
        check_base_url(base_url or "")
        change_credential(credential, name=given.get("name"), secret=given.get("secret"), base_url=base_url)
        return Response(credential_answer(credential))

    @describe(status=204)
    def delete(self, request: Request, id: str) -> Response:  # noqa: A002 - as the URL names it
        """Forget a credential."""
        remove_credential(self._found(id))
        return Response(status=204)

    def _found(self, id: str) -> Credential:  # noqa: A002 - as the URL names it
        return self.found(Credential.objects.visible_to(self.actor), pk=id)


class TestCredential(ApiView):
    """A credential, tried."""

    access: ClassVar[Access] = CREDENTIALS

    @describe(gives=TestAnswer)
    def post(self, request: Request, id: str) -> HttpResponse:  # noqa: A002 - as the URL names it
        """Ask the provider for its models with this credential, and tell whether it lets us in."""
        trial = Trial(self.found(Credential.objects.visible_to(self.actor), pk=id))
        return self.later(trial.run, lambda: Response(trial.answer))
