from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from accounts.checks import declared, routes
from server.docs import Docs
from server.shell import Shell

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def document() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return json.loads(Client().get("/api/schema/").content)


def test_it_is_valid_openapi_3_1(document: Any) -> None:
    from openapi_spec_validator import validate

    validate(document)
    assert document["openapi"].startswith("3.1")


def told_by(pattern: str) -> str:
    """The path as the document writes it."""
    return "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", pattern)


def operations() -> Iterator[tuple[str, str, Any]]:
    """Every path and method that the server answers at, with its view, but for pages and what only refuses."""
    for pattern, entry in routes():
        views = getattr(entry.callback, "views", None) or {
            method: entry.callback for method in METHODS if hasattr(entry.callback.cls, method)
        }
        for method, view in views.items():
            if method != "head" and not is_page(view):
                yield told_by(pattern), method, view


def is_page(view: Any) -> bool:
    return issubclass(getattr(view, "view_class", object), Shell | Docs)


def test_every_operation_of_every_address_is_in_it_and_no_other(document: Any) -> None:
    told = {(path, method) for path, found in document["paths"].items() for method in found}

    assert told == {(path, method) for path, method, _ in operations()}


def test_every_operation_says_who_may_call_and_what_a_refusal_looks_like(document: Any) -> None:
    for path, method, view in operations():
        operation = document["paths"][path][method]
        for status in ("4XX", "5XX"):
            problem = operation["responses"][status]["content"]["application/problem+json"]["schema"]
            assert problem == {"$ref": "#/components/schemas/Problem"}
        is_open = declared(view).scope is None  # type: ignore[union-attr]  # every view declares it
        assert (operation.get("security", []) in ([], [{}])) == is_open, path
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
