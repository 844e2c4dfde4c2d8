"""Which role may do what, over the whole table of addresses."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.roles import Role
from accounts.tokens import make_token
from tests.accounts.people import Person, person
from tests.server.test_access import closed_routes, filled, methods

#: What changes something, and the weakest role that may. Reading is for every member.
CHANGES = {
    # Whoever belongs may see to their own session, password, tokens and workspaces, and try things out.
    Role.VIEWER: {
        "POST api/v1/sign-out/",
        "POST api/v1/me/password/",
        "POST api/v1/workspaces/",
        "DELETE api/v1/workspaces/<str:id>/members/me/",
        "POST api/v1/tokens/",
        "DELETE api/v1/tokens/<str:id>/",
        "POST api/v1/workflows/validate/",
        "POST api/v1/workflows/<str:id>/validate/",
        "POST api/v1/expressions/evaluate/",
    },
    Role.EDITOR: {
        "POST api/v1/workflows/",
        "POST api/v1/workflows/import/",
        "PUT api/v1/workflows/<str:id>/",
        "PATCH api/v1/workflows/<str:id>/",
        "DELETE api/v1/workflows/<str:id>/",
        "POST api/v1/workflows/<str:id>/publish/",
        "POST api/v1/workflows/<str:id>/versions/<int:number>/restore/",
        "POST api/v1/workflows/<str:id>/runs/",
        "POST api/v1/templates/<slug:slug>/use/",
        "POST api/v1/runs/<str:id>/cancel/",
        "POST workflow/execute",
        # A secret is bound to its host and read back by nobody: who draws workflows may bring a key.
        "POST api/v1/credentials/",
        "PATCH api/v1/credentials/<str:id>/",
        "DELETE api/v1/credentials/<str:id>/",
        "POST api/v1/credentials/<str:id>/test/",
    },
    Role.OWNER: {
        "POST api/v1/workspaces/<str:id>/members/",
        "PATCH api/v1/workspaces/<str:id>/members/<str:member>/",
        "DELETE api/v1/workspaces/<str:id>/members/<str:member>/",
        "POST api/v1/workspaces/<str:id>/members/<str:member>/link/",
    },
}
NEEDED = {operation: role for role, operations in CHANGES.items() for operation in operations}
THERE = {f"{method} {pattern}" for pattern, entry in closed_routes() for method in methods(entry)}
READS = {operation for operation in THERE if operation.startswith("GET ")}


def test_the_table_names_every_operation_that_changes_something() -> None:
    assert set(NEEDED) == THERE - READS


@pytest.fixture
def people(alice: Person, vera: Person) -> dict[Role, Person]:
    return {
        Role.OWNER: alice,
        Role.EDITOR: person("ed", alice.workspace, Role.EDITOR),
        Role.VIEWER: vera,
    }


def let_in(answer: Any) -> bool:
    """Whether the caller's role was enough, whatever else was wrong with the request."""
    assert answer.status_code < 500, answer.content
    if answer.status_code == 403:
        assert answer.json()["code"] == "forbidden"
    return bool(answer.status_code not in {401, 403})


def may(who: Person, operation: str) -> bool:
    method, pattern = operation.split(" ")
    # Ids name nothing, but for the workspace: a role is judged before anything is looked up.
    id_ = who.workspace.id if "/workspaces/" in pattern else "nothing"
    answer = who.session.generic(method, filled(pattern, id_), b"{}", content_type="application/json")
    return let_in(answer)


@pytest.mark.parametrize("operation", sorted(READS))
def test_every_member_reads(people: dict[Role, Person], operation: str) -> None:
    assert {role: may(who, operation) for role, who in people.items()} == dict.fromkeys(Role, True)


@pytest.mark.parametrize("operation", sorted(NEEDED))
def test_a_change_needs_its_role(people: dict[Role, Person], operation: str) -> None:
    # Last the one that ends the session.
    told = {role: may(people[role], operation) for role in Role}

    assert told == {role: role.includes(NEEDED[operation]) for role in Role}


def test_a_token_is_held_to_its_own_role_below_its_makers(alice: Person) -> None:
    _, text = make_token(alice.actor, name="t", role=Role.VIEWER, scopes=None, expires_at=None)
    program = Person(alice.user, alice.workspace, Role.VIEWER, alice.session, text)

    answers = [program.ask("GET", "/workflows/"), program.ask("POST", "/workflows/", {"name": "x"})]

    assert [let_in(answer) for answer in answers] == [True, False]
