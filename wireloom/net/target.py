"""A URL, taken apart once: what the guard looks at and what the client connects to."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from functools import lru_cache

from yarl import URL

from wireloom.net.addresses import Address, parse_address
from wireloom.net.egress import SCHEMES
from wireloom.net.errors import EgressDenied, InvalidRequest


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes. `address` is set when the URL holds one instead of a name."""

    text: str
    url: URL
    host: str
    address: Address | None

    @property
    def origin(self) -> tuple[str, str, int | None]:
        return (self.url.scheme, self.host, self.url.port)


# Providers are called at the same few URLs again and again.
@lru_cache(maxsize=1024)
def parse_target(text: str) -> Target:
    """Take `text` apart.

    Raises InvalidRequest if it is no absolute URL, EgressDenied if its scheme is
    neither http nor https or its host spells an address in a way (`127.1`,
    `0x7f000001`, `017700000001`) meant to look like something else.
    """
    try:
        url = URL(text)
        host, port = url.raw_host, url.port
    except ValueError:
        raise InvalidRequest(f"{text!r} is not a URL.") from None
    if url.scheme not in SCHEMES and "://" in text:
        raise EgressDenied(f"Only http and https are allowed, not {url.scheme!r}.")
    if not host or not port or url.scheme not in SCHEMES:
        raise InvalidRequest(f"{text!r} is not an absolute http or https URL.")
    address = parse_address(host)
    if address is None and _is_disguised(host):
        raise EgressDenied(f"{host!r} is not a plain way to write an address.")
    return Target(str(url), url, host, address)


def _is_disguised(host: str) -> bool:
    try:
        socket.inet_aton(host.rstrip("."))
    except OSError:
        return False
    return True
