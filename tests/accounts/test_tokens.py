from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Membership, Token
from accounts.roles import Role
from accounts.tokens import keep_environment_token, make_token
from tests.accounts.people import Person


def test_a_token_is_shown_once_and_kept_as_a_hash_alone(alice: Person) -> None:
    made = alice.ask_as_person("POST", "/tokens/", {"name": "ci"})

    text = made.json()["token"]
    kept = Token.objects.unscoped().get(pk=made.json()["id"])
    listed = alice.ask_as_person("GET", "/tokens/")
    assert made.status_code == 201
    assert text.startswith("wl_")
    assert text not in str(vars(kept))
    assert text not in listed.content.decode()
    assert {"name": "ci", "role": "editor", "last_four": text[-4:]}.items() <= listed.json()["results"][
        0
    ].items()


def test_a_token_lets_in_until_it_is_revoked(alice: Person) -> None:
    made = alice.ask_as_person("POST", "/tokens/", {"name": "ci"}).json()
    program = Person(alice.user, alice.workspace, Role.EDITOR, alice.session, made["token"])

    before = program.ask("GET", "/me/")
    revoked = alice.ask_as_person("DELETE", f"/tokens/{made['id']}/")
    after = program.ask("GET", "/me/")

    assert [before.status_code, revoked.status_code, after.status_code] == [200, 204, 401]
    assert after["WWW-Authenticate"] == 'Bearer realm="wireloom"'
    assert alice.ask_as_person("GET", f"/tokens/{made['id']}/").status_code == 404


def test_an_expired_token_lets_nobody_in(alice: Person) -> None:
    _, text = make_token(
        alice.actor,
        name="old",
        role=Role.EDITOR,
        scopes=None,
        expires_at=timezone.now() - timedelta(seconds=1),
    )

    answer = Person(alice.user, alice.workspace, Role.EDITOR, alice.session, text).ask("GET", "/me/")

    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")


def test_a_token_that_would_have_expired_already_is_refused(alice: Person) -> None:
    answer = alice.ask_as_person("POST", "/tokens/", {"name": "ci", "expires_at": "2020-01-01T00:00:00Z"})

    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"code": "past", "message": "This lies in the past.", "field": "expires_at"}
    ]


def test_a_token_makes_neither_tokens_nor_workspaces(alice: Person) -> None:
    answers = [
        alice.ask("POST", "/tokens/", {"name": "more"}),
        alice.ask("POST", "/workspaces/", {"name": "more"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_nobody_makes_a_token_that_may_more_than_they(vera: Person) -> None:
    answer = vera.ask_as_person("POST", "/tokens/", {"name": "mine", "role": "owner"})

    assert answer.status_code == 403


def test_a_token_may_no_more_than_its_maker_may_by_now(alice: Person) -> None:
    _, text = make_token(alice.actor, name="ci", role=Role.OWNER, scopes=None, expires_at=None)
    Membership.objects.filter(user=alice.user).update(role=Role.VIEWER)

    answer = Person(alice.user, alice.workspace, Role.OWNER, alice.session, text).ask("GET", "/me/")

    assert answer.json()["role"] == "viewer"


@pytest.mark.parametrize(
    ("scopes", "read", "write"),
    [(["workflows:read"], 200, 403), (["workflows:write"], 200, 201), (["runs:write"], 403, 403)],
)
def test_a_scoped_token_may_only_what_its_scopes_name(
    alice: Person, scopes: list[str], read: int, write: int
) -> None:
    text = alice.ask_as_person("POST", "/tokens/", {"name": "ci", "scopes": scopes}).json()["token"]
    program = Person(alice.user, alice.workspace, Role.EDITOR, alice.session, text)

    statuses = [
        program.ask("GET", "/workflows/").status_code,
        program.ask("POST", "/workflows/", {"name": "x"}).status_code,
    ]

    assert statuses == [read, write]


def test_an_unknown_scope_is_refused(alice: Person) -> None:
    assert (
        alice.ask_as_person("POST", "/tokens/", {"name": "ci", "scopes": ["everything"]}).status_code == 422
    )


def test_the_environments_token_has_exactly_its_value_and_the_last_one_counts(alice: Person) -> None:
    def status(text: str) -> int:
        return (
            Person(alice.user, alice.workspace, Role.OWNER, alice.session, text)
            .ask("GET", "/me/")
            .status_code
        )

    keep_environment_token(alice.workspace, "first-secret-of-the-cluster")
    first = status("first-secret-of-the-cluster")
    keep_environment_token(alice.workspace, "second-secret-of-the-cluster")

    assert [first, status("first-secret-of-the-cluster"), status("second-secret-of-the-cluster")] == [
        200,
        401,
        200,
    ]
    keep_environment_token(alice.workspace, None)
    assert status("second-secret-of-the-cluster") == 401


def test_only_an_owner_sees_the_tokens_of_others(alice: Person, vera: Person) -> None:
    def names(answer: dict[str, list[dict[str, str]]]) -> int:
        return len(answer["results"])

    assert names(alice.ask_as_person("GET", "/tokens/").json()) == 2
    assert names(vera.ask_as_person("GET", "/tokens/").json()) == 1


def test_an_actor_is_told_apart_from_a_program(alice: Person) -> None:
    assert Actor(alice.workspace, Role.OWNER, alice.user).is_person
