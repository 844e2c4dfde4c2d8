"""Deny by default, held at the start: a route whose view declares no access stops it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.web.access import Access


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every route of the project with its whole pattern."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, pattern)
        else:
            yield pattern, entry


def declared(view: Any) -> Access | None:
    """The access that a view, as a URL pattern holds it, declares."""
    for holder in (view, getattr(view, "cls", None), getattr(view, "view_class", None)):
        access = getattr(holder, "access", None)
        if isinstance(access, Access):
            return access
    return None


@register
def every_route_declares_its_access(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """One error per route that does not say who may call it."""
    return [
        Error(f"The view at {pattern!r} declares no access.", hint="Set `access` on it.", id="accounts.E001")
        for pattern, entry in routes()
        if declared(entry.callback) is None
    ]
