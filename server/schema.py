"""The OpenAPI 3.1 document, drawn from what each view declares."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse, inline_serializer
from rest_framework import serializers

from accounts.web.access import Access
from accounts.web.describe import Description
from accounts.web.problems import CONTENT_TYPE

NOTHING = Description()
#: Where views of the API stand a second time, for pages.
DOORS = {"/sign-in/", "/sign-out/"}


class AnyJSONExtension(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # half typed
    """One JSON value of any kind."""

    target_class = "accounts.web.fields.AnyJSON"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        """Anything."""
        return {}


class JSONObjectExtension(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # half typed
    """An object with any members."""

    target_class = "accounts.web.fields.JSONObject"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        """Any object."""
        return {"type": "object", "additionalProperties": True}


class VersionExtension(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # half typed
    """A version's number, or `draft`."""

    target_class = "runs.api.fields.VersionField"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        """A whole number from 1, or that word."""
        return {"oneOf": [{"type": "integer", "minimum": 1}, {"type": "string", "enum": ["draft"]}]}


class OperationSchema(AutoSchema):
    """One operation, from a view's `access`, its `queries` and the description of its method."""

    @property
    def _described(self) -> Description:
        handler = getattr(self.view, self.method.lower(), None)
        return getattr(handler, "description", NOTHING)

    def get_operation_id(self) -> str:
        """The view's name with its method, as in `workflow_list_get`; `door_` before that of a second address."""
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(self.view).__name__).lower()
        door = "door_" if self.path in DOORS else ""
        return f"{door}{name}_{self.method.lower()}"

    def get_summary(self) -> str | None:
        """The first line of the method's docstring."""
        return self._doc().partition("\n")[0] or None

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular declares it
        """The rest of it."""
        return self._doc().partition("\n")[2].strip()

    def _doc(self) -> str:
        doc = getattr(self.view, self.method.lower()).__doc__ or ""
        return re.sub(r"\n[ \t]+", "\n", doc).strip()

    def get_tags(self) -> list[str]:
        """The app that owns the view."""
        return [type(self.view).__module__.partition(".")[0]]

    def get_auth(self) -> list[dict[str, Any]]:
        """A token or a session, except where anyone may call."""
        access: Access = self.view.access  # type: ignore[attr-defined]  # an ApiView
        return [{}] if access.scope is None else [{"bearer": []}, {"session": []}]

    def get_override_parameters(self) -> list[Any]:
        """The query string that the view declares."""
        query = self.view.queries.get(self.method)  # type: ignore[attr-defined]  # an ApiView
        return [query] if query else []

    def get_request_serializer(self) -> Any:
        """The body."""
        return self._described.takes

    def get_response_serializers(self) -> Any:
        """The answers that are not problems."""
        described = self._described
        if described.gives is None:
            answer: Any = OpenApiResponse(description="Done.")
        elif described.listed:
            answer = _page_of(described.gives)
        else:
            answer = described.gives
        key = (described.status, described.media_type) if described.gives is not None else described.status
        return {key: answer, **described.also}


@cache
def _page_of(item: type[serializers.BaseSerializer[Any]]) -> Any:
    return inline_serializer(
        f"{item.__name__}Page",
        {
            "results": item(many=True),
            "next": serializers.CharField(allow_null=True, help_text="The next page's URL."),
        },
    )


def add_problems(result: dict[str, Any], generator: SchemaGenerator, **kwargs: Any) -> dict[str, Any]:
    """Give every operation its problem answers, and the document its ways to sign in."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["securitySchemes"] = SECURITY
    content = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"]["4XX"] = {
                "description": "The request was refused; `code` says why.",
                "content": content,
            }
            operation["responses"]["5XX"] = {
                "description": "The server could not do it; 503 names when to try again.",
                "content": content,
            }
    return result


PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457. `code` is stable; `errors` holds every single problem.",
    "required": ["type", "title", "status", "detail", "code", "errors", "request_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                    "node": {"type": "string"},
                    "field": {"type": "string", "description": "The path to it, parts joined by dots."},
                    "loc": {
                        "type": "object",
                        "description": "The place in the field's text, counted in characters from 0.",
                        "required": ["start", "end"],
                        "properties": {"start": {"type": "integer"}, "end": {"type": "integer"}},
                    },
                },
            },
        },
    },
}

SECURITY: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A token that begins with `wl_`."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "wireloom_session",
        "description": "The cookie of a signed-in person; unsafe methods need `X-CSRFToken` too.",
    },
}
