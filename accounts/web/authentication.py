"""Who calls: by a bearer token, or by the session's cookie."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from rest_framework.authentication import BaseAuthentication, CSRFCheck
from rest_framework.request import Request

from accounts.actors import Actor
from accounts.models import Membership, User
from accounts.roles import Role
from accounts.tokens import actor_of
from accounts.web.problems import CsrfFailed, Forbidden, NotFound, Unauthorized

UNKNOWN_TOKEN = "The token is unknown, expired or revoked."  # noqa: S105 - a sentence


#: Names under which people put tokens into URLs, where logs and histories keep them.
TOKEN_PARAMETERS = frozenset({"token", "access_token", "api_key", "apikey", "authorization", "bearer"})


def refuse_token_in(query: Mapping[str, Any]) -> None:
    """Raise Unauthorized if a query string carries a token."""
    if any(name.lower() in TOKEN_PARAMETERS or str(value).startswith("wl_") for name, value in query.items()):
        raise Unauthorized("A token in a URL is refused: send it in the Authorization header.")


def bearer(authorization: str) -> str:
    """The token in an Authorization header. Raises Unauthorized for any other scheme."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthorized("The Authorization header must be 'Bearer' and a token.")
    return token.strip()


def token_actor(token: str) -> Actor:
    """Who shows `token`. Raises Unauthorized for one that is not valid."""
    actor = actor_of(token)
    if actor is None:
        raise Unauthorized(UNKNOWN_TOKEN)
    return actor


def person_actor(user: User, workspace: str | None, session_key: str | None) -> Actor:
    """A signed-in person in the workspace of that id or slug, else in their first.

    Raises NotFound for a workspace that is not theirs, Forbidden if they have none.
    """
    memberships = list(Membership.objects.filter(user=user).select_related("workspace"))
    if not memberships:
        raise Forbidden("You belong to no workspace.")
    chosen = [one for one in memberships if workspace in {None, "", one.workspace_id, one.workspace.slug}]
    if not chosen:
        raise NotFound("There is no such workspace.")
    return Actor(workspace=chosen[0].workspace, role=Role(chosen[0].role), user=user, session_key=session_key)


class Callers(BaseAuthentication):
    """Sets `request.user` to an Actor, or leaves it None."""

    def authenticate(self, request: Request) -> tuple[Actor, None] | None:
        """The caller. A token that is shown must be good, whatever cookies come along."""
        django_request: HttpRequest = request._request
        authorization = django_request.META.get("HTTP_AUTHORIZATION")
        if authorization is not None:
            return token_actor(bearer(authorization)), None
        actor = session_actor(django_request)
        if actor is None:
            return None
        require_csrf_token(django_request)
        return actor, None

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="wireloom"'


def session_actor(request: HttpRequest) -> Actor | None:
    """Who the session's cookie stands for, if anyone."""
    if not has_session(request.COOKIES):
        return None
    user = request.user
    if isinstance(user, AnonymousUser) or not user.is_authenticated:
        return None
    return person_actor(user, request.META.get("HTTP_X_WORKSPACE"), request.session.session_key)


def has_session(cookies: Mapping[str, str]) -> bool:
    """Whether a session's cookie came at all: without one nothing is looked up."""
    return settings.SESSION_COOKIE_NAME in cookies


def require_csrf_token(request: HttpRequest) -> None:
    """Raise CsrfFailed if an unsafe request lacks the token, or another origin sent it."""
    check = CSRFCheck(_nothing)
    check.process_request(request)
    reason = check.process_view(request, _nothing, (), {})
    if reason:
        raise CsrfFailed(f"The session needs its CSRF token in X-CSRFToken: {str(reason).rstrip('.')}.")


def _nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()
