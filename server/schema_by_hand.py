"""Operations that no view of the REST framework stands for, told by hand."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from accounts.checks import routes

type Endpoint = tuple[str, str, str, Any]

DOCUMENT = {"type": "object", "additionalProperties": True}

PLAIN: dict[str, dict[str, Any]] = {
    "/sign-in/{link}": {
        "get": {
            "operationId": "sign_in_by_link_get",
            "summary": "Sign in by a one-time link.",
            "description": "Used, expired, unknown and malformed links get one and the same 404.",
            "tags": ["accounts"],
            "parameters": [{"name": "link", "in": "path", "required": True, "schema": {"type": "string"}}],
            "responses": {
                "302": {"description": "Signed in: the cookie is set, and the answer leads to a page."}
            },
        }
    },
    "/api/schema/": {
        "get": {
            "operationId": "schema_get",
            "summary": "This document.",
            "tags": ["server"],
            "parameters": [
                {
                    "name": "format",
                    "in": "query",
                    "schema": {"type": "string", "enum": ["json", "yaml"]},
                    "description": "JSON unless YAML is asked for, here or by Accept.",
                }
            ],
            "responses": {
                "200": {
                    "description": "OpenAPI 3.1.",
                    "content": {
                        "application/json": {"schema": DOCUMENT},
                        "application/vnd.oai.openapi+yaml": {"schema": DOCUMENT},
                    },
                }
            },
        }
    },
}


def add_plain(result: dict[str, Any], generator: Any, **kwargs: Any) -> dict[str, Any]:
    """Add those operations; `add_problems` goes over them too."""
    result["paths"] |= deepcopy(PLAIN)
    return result


def look_behind(endpoints: list[Endpoint]) -> list[Endpoint]:
    """Add the views of addresses that have one per method."""
    found = [
        (f"/{pattern}", pattern, method.upper(), view)
        for pattern, entry in routes()
        for method, view in getattr(entry.callback, "views", {}).items()
        if method != "head" and hasattr(view, "cls")
    ]
    return [*endpoints, *found]
