"""What a proxy in front of this server tells of the client, as far as it may be believed."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase


def place(request: HttpRequest) -> None:
    """Let REMOTE_ADDR be the client's own address where the proxies before us may be believed.

    Each proxy appends whom it was asked by, so the list is read from its end
    up to the first address that is no proxy of ours; what stands before that
    anybody may have made up.
    """
    chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    address = str(request.META.get("REMOTE_ADDR", ""))
    while chain and chain[-1] and _is_ours(address):
        address = chain.pop()
    request.META["REMOTE_ADDR"] = address


def secure_cookies(request: HttpRequest, answer: HttpResponseBase) -> None:
    """Keep cookies that were set over TLS from ever going without it."""
    if request.is_secure():
        for cookie in answer.cookies.values():
            cookie["secure"] = True


def _is_ours(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    # A socket that listens on :: tells of IPv4 clients so.
    found = getattr(found, "ipv4_mapped", None) or found
    return any(found in network for network in settings.WIRELOOM.trusted_proxies)
