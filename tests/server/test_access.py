"""Deny by default, over the whole table of addresses: whatever is added later is walked too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.urls import path
from django.utils import timezone

from accounts import checks
from accounts.checks import declared, routes
from accounts.roles import Role
from accounts.tokens import make_token, revoke
from accounts.web.views import ApiView
from builder.models import Workflow
from runs.models import Run
from server.shell import Shell
from server.sockets import sockets
from tests.accounts.people import Person

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")

#: What anyone may call. Adding to it is a decision about safety.
OPEN = {
    "api/v1/sign-in/", "api/schema/", "api/docs/", "health", "health/ready", "health/live", "metrics",
    "sign-in/", "sign-out/", "sign-in/<str:link>",
}  # fmt: skip


def closed_routes() -> Iterator[tuple[str, Any]]:
    for pattern, entry in routes():
        access = declared(entry.callback)
        assert access is not None
        if access.scope is not None:
            yield pattern, entry


def filled(pattern: str, id_: str = "x") -> str:
    return "/" + re.sub(r"<int:\w+>", "1", re.sub(r"<(?:str|slug|path):\w+>", id_, pattern))


def methods(entry: Any) -> list[str]:
    return [method for method in METHODS if hasattr(entry.callback.cls, method.lower())]


def ask(method: str, url: str, token: str | None) -> Any:
    headers = {"Authorization": token} if token else {}
    return Client().generic(method, url, b"{}", content_type="application/json", headers=headers)


def test_every_route_and_socket_declares_its_access() -> None:
    assert [error for error in run_checks() if error.id and error.id.startswith("accounts.")] == []
    assert all(declared(socket.callback.consumer_class) is not None for socket in sockets)


def test_a_view_that_declares_no_access_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    class Forgotten(ApiView):
        pass

    monkeypatch.setattr(checks, "routes", lambda: [("forgotten/", path("forgotten/", Forgotten.as_view()))])

    assert [error.id for error in checks.every_route_declares_its_access(None)] == ["accounts.E001"]


def test_only_the_listed_routes_are_open() -> None:
    pages = {pattern for pattern, entry in routes() if is_page(entry)}
    opened = {pattern for pattern, entry in routes() if declared(entry.callback).scope is None}  # type: ignore[union-attr]

    assert opened - pages - DOORS == OPEN


def is_page(entry: Any) -> bool:
    return isinstance(getattr(entry.callback, "view_class", None), type) and issubclass(
        entry.callback.view_class, Shell
    )


#: Open in their own way, and tested where they are.
DOORS = {"workflow/execute"}


def test_no_page_is_drawn_for_who_is_not_signed_in(db: None) -> None:
    pages = [pattern for pattern, entry in routes() if is_page(entry)]

    answers = [Client().get(filled(pattern)) for pattern in pages]

    assert {(answer.status_code, answer["Location"].partition("?")[0]) for answer in answers} == {
        (302, "/sign-in/")
    }


@pytest.mark.parametrize(
    ("pattern", "entry"), list(closed_routes()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_nobody_gets_in_without_a_valid_token(alice: Person, pattern: str, entry: Any) -> None:
    def bearer(expires_at: Any = None) -> tuple[Any, str]:
        token, text = make_token(alice.actor, name="t", role=Role.OWNER, scopes=None, expires_at=expires_at)
        return token, f"Bearer {text}"

    _, expired = bearer(timezone.now() - timedelta(seconds=1))
    token, revoked = bearer()
    revoke(token)
    shown = [None, "Bearer garbage", "Bearer ", "Basic YTpi", f"bearer {alice.token}x", expired, revoked]

    answers = [ask(method, filled(pattern), text) for method in methods(entry) for text in shown]

    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "unauthorized")}


def test_a_token_in_the_address_is_refused(alice: Person) -> None:
    urls = [
        f"/api/v1/me/?token={alice.token}",
        f"/api/v1/me/?x={alice.token}",
        f"/api/v1/me/?access_token={alice.token}",
    ]

    answers = [ask("GET", url, f"Bearer {alice.token}") for url in urls]

    assert [answer.status_code for answer in answers] == [401, 401, 401]


def workflow_of(person: Person) -> str:
    made = Workflow(workspace=person.workspace, name="w", slug="w", draft="{}", updated_at=timezone.now())
    made.save()
    return made.id


def run_of(person: Person) -> str:
    made = Run(
        workspace=person.workspace,
        workflow_id=workflow_of(person),
        graph="0" * 64,
        input="jnull",
        created_at=timezone.now(),
    )
    made.save()
    return made.id


def credential_of(person: Person) -> str:
    body = {"name": "c", "provider": "openai", "secret": "sk-1234567890ab"}
    return str(person.ask("POST", "/credentials/", body).json()["id"])


def token_of(person: Person) -> str:
    return make_token(person.actor, name="t", role=Role.OWNER, scopes=None, expires_at=None)[0].id


#: Who makes what the ids under an address name. A route with an id needs one.
MAKERS: dict[str, Callable[[Person], str]] = {
    "api/v1/workflows/": workflow_of,
    "api/v1/runs/": run_of,
    "api/v1/credentials/": credential_of,
    "api/v1/tokens/": token_of,
    "api/v1/workspaces/": lambda person: person.workspace.id,
}


def routes_with_ids() -> list[tuple[str, Any]]:
    return [(pattern, entry) for pattern, entry in closed_routes() if "<str:id>" in pattern]


@pytest.mark.parametrize(
    ("pattern", "entry"), routes_with_ids(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_what_is_anothers_reads_like_what_never_was(
    alice: Person, bob: Person, pattern: str, entry: Any
) -> None:
    maker = next(maker for prefix, maker in MAKERS.items() if pattern.startswith(prefix))
    theirs, unknown = maker(bob), "0" * 26

    def told(method: str, id_: str) -> tuple[int, bytes]:
        answer = alice.session.generic(
            method,
            filled(pattern, id_),
            BODIES.get((pattern, method), b"{}"),
            content_type="application/json",
        )
        return answer.status_code, answer.content.replace(answer.json()["request_id"].encode(), b"")

    for method in methods(entry):
        assert told(method, theirs) == told(method, unknown)
        assert told(method, theirs)[0] == 404


#: Bodies that are valid, where a wrong one would be refused before the id is looked at.
BODIES: dict[tuple[str, str], bytes] = {
    ("api/v1/workflows/<str:id>/", "PUT"): b'{"revision": 1, "name": "x", "graph": {}}',
    ("api/v1/workflows/<str:id>/", "PATCH"): b'{"revision": 1}',
}
