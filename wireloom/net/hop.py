"""One request on its way, and what a redirect makes of it."""

from __future__ import annotations

from collections.abc import Mapping

from yarl import URL

from wireloom.frozen import frozen
from wireloom.net.egress import Trust
from wireloom.net.errors import InvalidRequest
from wireloom.net.target import Target, parse_target

REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: Headers that may follow to another host: none that could carry a secret.
_HARMLESS = frozenset({"accept", "accept-encoding", "accept-language", "content-type", "user-agent"})
#: Headers that speak of a body, and leave with it.
_OF_BODY = frozenset({"content-type", "content-encoding", "content-language", "content-length"})


@frozen
class Hop:
    """A request as it goes to one host."""

    method: str
    target: Target
    headers: Mapping[str, str] | None
    body: bytes | None
    trust: Trust

    def after(self, status: int, location: str) -> Hop:
        """Give the request that follows a redirect.

        Method and body change as in browsers (Fetch standard, "HTTP-redirect
        fetch"). To another scheme, host or port, neither trust nor any header that could
        hold a secret goes along.
        """
        method, body, headers = self.method, self.body, dict(self.headers or {})
        if (status == 303 and method != "HEAD") or (status in {301, 302} and method == "POST"):
            method, body = "GET", None
            headers = {name: value for name, value in headers.items() if name.lower() not in _OF_BODY}
        target = self._resolve(location)
        if target.origin == self.target.origin:
            return Hop(method, target, headers, body, self.trust)
        harmless = {name: value for name, value in headers.items() if name.lower() in _HARMLESS}
        return Hop(method, target, harmless, body, "guarded")

    def _resolve(self, location: str) -> Target:
        try:
            return parse_target(str(self.target.url.join(URL(location))))
        except ValueError:
            raise InvalidRequest(f"{self.target.host!r} redirected to something that is not a URL.") from None
