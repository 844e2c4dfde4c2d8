"""The OpenAPI document, and a page that shows it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from accounts.web.access import PUBLIC


@cache
def schema_text(kind: str) -> bytes:
    """The document as `json` or `yaml`; drawn once."""
    # Generating needs modules that no other request does.
    from drf_spectacular.generators import SchemaGenerator
    from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer

    generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]  # drf-spectacular is half typed
    renderer = OpenApiYamlRenderer() if kind == "yaml" else OpenApiJsonRenderer()
    return renderer.render(generator.get_schema(request=None, public=True), renderer_context={})


class Schema(View):
    """The OpenAPI 3.1 document: JSON, or YAML for an Accept that asks for it or `?format=yaml`."""

    access = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        """The document."""
        yaml = request.GET.get("format") == "yaml" or "yaml" in request.META.get("HTTP_ACCEPT", "")
        kind = "yaml" if yaml else "json"
        return HttpResponse(
            schema_text(kind),
            content_type=f"application/vnd.oai.openapi+{kind}" if yaml else "application/json",
        )


class Docs(View):
    """The document, readable."""

    access = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page, which fetches the document and draws it."""
        return render(request, "docs.html")
