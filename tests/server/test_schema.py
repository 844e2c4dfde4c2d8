from __future__ import annotations

import json
import warnings
from typing import Any

import pytest
from django.test import Client

from accounts.checks import declared, routes
from accounts.web.views import ApiView


@pytest.fixture(scope="module")
def document() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return json.loads(Client().get("/api/schema/").content)


def test_it_is_valid_openapi_3_1(document: Any) -> None:
    from openapi_spec_validator import validate

    validate(document)
    assert document["openapi"].startswith("3.1")


def test_every_route_of_the_api_is_in_it_with_every_method(document: Any) -> None:
    told = {(path, method) for path, operations in document["paths"].items() for method in operations}
    there = {
        (
            "/"
            + pattern.replace("<str:", "{").replace("<int:", "{").replace("<slug:", "{").replace(">", "}"),
            method,
        )
        for pattern, entry in routes()
        for method in ("get", "post", "put", "patch", "delete")
        if issubclass(getattr(entry.callback, "cls", object), ApiView) and hasattr(entry.callback.cls, method)
    }

    assert told == there


def test_every_operation_says_who_may_call_and_what_a_refusal_looks_like(document: Any) -> None:
    open_paths = {"/" + pattern for pattern, entry in routes() if declared(entry.callback).scope is None}  # type: ignore[union-attr]
    for path, operations in document["paths"].items():
        for operation in operations.values():
            problem = operation["responses"]["4XX"]["content"]["application/problem+json"]["schema"]
            assert problem == {"$ref": "#/components/schemas/Problem"}
            assert (operation.get("security", []) in ([], [{}])) == (path in open_paths), path
            assert operation["summary"]
    assert set(document["components"]["securitySchemes"]) == {"bearer", "session"}


def test_operations_have_names_of_their_own(document: Any) -> None:
    names = [
        operation["operationId"]
        for operations in document["paths"].values()
        for operation in operations.values()
    ]

    assert len(names) == len(set(names))


def test_it_is_yaml_when_yaml_is_asked_for() -> None:
    answers = [
        Client().get("/api/schema/", headers={"Accept": "application/yaml"}),
        Client().get("/api/schema/?format=yaml"),
    ]

    assert all(answer.content.startswith(b"openapi: 3.1") for answer in answers)
    assert Client().get("/api/schema/", headers={"Accept": "*/*"})["Content-Type"] == "application/json"


def test_the_page_that_shows_it_runs_no_script_but_its_own(db: None) -> None:
    page = Client().get("/api/docs/").content.decode()

    assert page.count("<script") == 1
    assert '<script type="module" src="/static/docs/docs.js"></script>' in page
    assert Client().get("/static/docs/docs.js").status_code == 200
