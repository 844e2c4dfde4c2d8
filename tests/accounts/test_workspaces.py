from __future__ import annotations

import pytest

from accounts.models import Token
from accounts.scoping import Unscoped
from tests.accounts.people import Person


def test_a_person_makes_a_workspace_and_owns_it(alice: Person) -> None:
    made = alice.ask_as_person("POST", "/workspaces/", {"name": "Second one"})

    assert made.status_code == 201
    assert made.json() == {
        "id": made.json()["id"],
        "slug": "second-one",
        "name": "Second one",
        "role": "owner",
    }
    names = [one["name"] for one in alice.ask_as_person("GET", "/workspaces/").json()["results"]]
    assert names == ["alice's", "Second one"]


def test_a_session_names_its_workspace_by_id_or_slug(alice: Person) -> None:
    made = alice.ask_as_person("POST", "/workspaces/", {"name": "Second one"}).json()

    def where(**headers: str) -> str:
        return str(alice.ask_as_person("GET", "/me/", **headers).json()["workspace"]["name"])

    assert where() == "alice's"
    assert where(**{"X-Workspace": made["id"]}) == "Second one"
    assert where(**{"X-Workspace": "second-one"}) == "Second one"


def test_the_workspace_of_others_is_unknown(alice: Person, bob: Person) -> None:
    answers = [
        alice.ask_as_person("GET", "/me/", **{"X-Workspace": bob.workspace.id}),
        alice.ask_as_person("GET", "/me/", **{"X-Workspace": "nowhere"}),
        alice.ask("GET", f"/workspaces/{bob.workspace.id}/members/"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_members_are_listed_with_their_roles(alice: Person, vera: Person) -> None:
    answer = alice.ask("GET", f"/workspaces/{alice.workspace.id}/members/")

    assert [(one["username"], one["role"]) for one in answer.json()["results"]] == [
        ("alice", "owner"),
        ("vera", "viewer"),
    ]


def test_a_person_sees_the_members_of_each_workspace_of_theirs_and_a_token_of_its_own_alone(
    alice: Person,
) -> None:
    made = alice.ask_as_person("POST", "/workspaces/", {"name": "Second one"}).json()
    path = f"/workspaces/{made['id']}/members/"

    told = alice.ask_as_person("GET", path).json()["results"]

    assert [(one["username"], one["role"]) for one in told] == [("alice", "owner")]
    assert alice.ask("GET", path).status_code == 404


def test_a_token_has_no_person_behind_it(alice: Person) -> None:
    told = alice.ask("GET", "/me/").json()

    assert told["user"] is None
    assert told["workspace"]["id"] == alice.workspace.id


def test_rows_cannot_be_reached_without_saying_for_whom(alice: Person) -> None:
    for reach in (
        Token.objects.all,
        Token.objects.first,
        lambda: Token.objects.filter(name="x"),
        Token.objects.count,
    ):
        with pytest.raises(Unscoped):
            reach()


def test_rows_of_one_workspace_are_invisible_to_another(alice: Person, bob: Person) -> None:
    assert Token.objects.visible_to(alice.actor).count() == 1
    assert not Token.objects.visible_to(alice.actor).filter(user=bob.user).exists()
