"""Who opens a WebSocket: by header, by subprotocol, or by the session's cookie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, parse_cookie
from django.http.request import split_domain_port, validate_host

from accounts.actors import Actor
from accounts.models import User
from accounts.web.authentication import bearer, person_actor, token_actor
from accounts.web.problems import Forbidden, Unauthorized

SUBPROTOCOL = "wireloom.v1"
BEARER_PREFIX = "bearer."


class WrongOrigin(Forbidden):
    """A browser brought a cookie to a socket that another site's page opens."""


@dataclass(frozen=True, slots=True)
class Handshake:
    """What a client showed when it opened a socket."""

    headers: dict[str, str]
    subprotocols: tuple[str, ...]

    @classmethod
    def of(cls, scope: dict[str, Any]) -> Handshake:
        """The handshake in an ASGI scope."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        return cls(headers, tuple(scope.get("subprotocols", ())))

    @property
    def token(self) -> str | None:
        """The bearer token, wherever it stands. Raises Unauthorized for another scheme."""
        if "authorization" in self.headers:
            return bearer(self.headers["authorization"])
        shown = [name for name in self.subprotocols if name.startswith(BEARER_PREFIX)]
        return shown[0].removeprefix(BEARER_PREFIX) if shown else None

    @property
    def session_key(self) -> str | None:
        """The session's cookie."""
        return parse_cookie(self.headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)

    @property
    def chosen(self) -> str | None:
        """The subprotocol to answer with: never the one that holds a token."""
        return SUBPROTOCOL if SUBPROTOCOL in self.subprotocols else None

    def require_own_origin(self) -> None:
        """Raise WrongOrigin if a cookie came, and nothing better, without our own page's Origin."""
        if "authorization" in self.headers or any(
            name.startswith(BEARER_PREFIX) for name in self.subprotocols
        ):
            return
        if self.session_key is not None and not self._from_our_page():
            raise WrongOrigin("Only this server's own pages may open a socket with the session's cookie.")

    def _from_our_page(self) -> bool:
        origin = urlsplit(self.headers.get("origin", ""))
        host = self.headers.get("host", "")
        domain, _ = split_domain_port(host)
        return (
            origin.scheme in {"http", "https"}
            and origin.netloc == host
            and validate_host(domain, settings.ALLOWED_HOSTS)
        )


def socket_actor(handshake: Handshake) -> Actor | None:
    """Who opens the socket; None if nothing was shown. Raises Unauthorized for what is not valid."""
    if (token := handshake.token) is not None:
        return token_actor(token)
    if (key := handshake.session_key) is None:
        return None
    user = session_user(SessionStore(key))
    if user is None:
        raise Unauthorized("The session has ended; sign in again.")
    return person_actor(user, None, key)


def session_user(session: SessionStore) -> User | None:
    """The person whom a session still stands for: not after a sign-out or a new password."""
    request = HttpRequest()
    request.session = session
    user = get_user(request)
    return user if isinstance(user, User) else None
