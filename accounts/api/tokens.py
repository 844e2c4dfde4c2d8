"""Tokens: made, listed, ended."""

from __future__ import annotations

from typing import ClassVar

from django.db.models import Q
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import NewToken, NewTokenAnswer, TokenAnswer, token_answer
from accounts.models import Token
from accounts.roles import Role
from accounts.scoping import ScopedQuerySet
from accounts.tokens import make_token, revoke
from accounts.web.access import Access
from accounts.web.describe import describe
from accounts.web.paging import Paging
from accounts.web.problems import Forbidden, Invalid
from accounts.web.views import ApiView

TOKENS = Access("accounts", read=Role.VIEWER, write=Role.VIEWER, person=True)


class _Tokens(ApiView):
    access: ClassVar[Access] = TOKENS

    def _visible(self) -> ScopedQuerySet[Token]:
        """Live tokens: all of them to an owner, their own to others."""
        rows = Token.objects.visible_to(self.actor).filter(
            Q(expires_at=None) | Q(expires_at__gt=timezone.now()), revoked_at=None
        )
        return rows if self.actor.role is Role.OWNER else rows.filter(user=self.actor.user)


class Tokens(_Tokens):
    """The workspace's tokens."""

    queries = {"GET": Paging}

    @describe(gives=TokenAnswer, listed=True)
    def get(self, request: Request) -> Response:
        """The tokens that work: all of them to an owner, their own to others."""
        return self.page(self._visible(), token_answer)

    @describe(takes=NewToken, gives=NewTokenAnswer, status=201)
    def post(self, request: Request) -> Response:
        """Make a token for the workspace of this session. Its text is shown this once."""
        given = self.body(NewToken)
        if given["expires_at"] is not None and given["expires_at"] <= timezone.now():
            raise Invalid(
                "The token would have expired already.",
                errors=[{"code": "past", "message": "This lies in the past.", "field": "expires_at"}],
            )
        role = Role(given["role"])
        if not self.actor.role.includes(role):
            raise Forbidden(f"Your own role is {self.actor.role.value!r}: a token cannot have more.")
        token, text = make_token(
            self.actor, name=given["name"], role=role, scopes=given["scopes"], expires_at=given["expires_at"]
        )
        return Response({**token_answer(token), "token": text}, status=201)


class OneToken(_Tokens):
    """One token."""

    @describe(gives=TokenAnswer)
    def get(self, request: Request, id: str) -> Response:  # noqa: A002 - as the URL names it
        """A token, without its text."""
        return Response(token_answer(self.found(self._visible(), pk=id)))

    @describe(status=204)
    def delete(self, request: Request, id: str) -> Response:  # noqa: A002 - as the URL names it
        """Revoke a token: it lets nobody in from now on, and sockets that it opened close."""
        revoke(self.found(self._visible(), pk=id))
        return Response(status=204)
