"""People of a workspace: how they come, what they may, how they go."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.errors import LastOwner
from accounts.members import change_role
from accounts.models import Membership, SignInLink, Token, User
from accounts.roles import Role
from accounts.services import first_person, make_workspace
from accounts.tokens import make_token
from tests.accounts.people import PASSWORD, Person, person

NEW_PASSWORD = "a much longer secret"


def members(of: Person) -> str:
    return f"/workspaces/{of.workspace.id}/members/"


def invite(owner: Person, name: str, role: str = "editor") -> Any:
    return owner.ask_as_person("POST", members(owner), {"name": name, "role": role})


def follow(link: str) -> Client:
    """A browser that has opened `link`."""
    client = Client()
    answer = client.get(link.removeprefix("http://testserver"))
    assert (answer.status_code, answer["Location"]) == (302, "/settings/account")
    return client


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_an_invited_person_comes_by_the_link_and_sets_a_password(alice: Person) -> None:
    invited = invite(alice, "carol@example.com")
    client = follow(invited.json()["link"])

    me = client.get("/api/v1/me/").json()
    set_ = client.post("/api/v1/me/password/", {"password": NEW_PASSWORD}, content_type="application/json")
    signed_in = Client().post(
        "/sign-in/",
        {"username": "carol@example.com", "password": NEW_PASSWORD},
        content_type="application/json",
    )

    assert invited.status_code == 201
    assert me["user"] == {
        "id": invited.json()["id"],
        "username": "carol@example.com",
        "has_password": False,
    }
    assert (me["workspace"]["id"], me["role"]) == (alice.workspace.id, "editor")
    assert (set_.status_code, signed_in.status_code) == (204, 200)


def test_the_list_tells_who_has_not_come_yet_and_never_the_link(alice: Person) -> None:
    invited = invite(alice, "carol", "viewer").json()
    listed = alice.ask("GET", members(alice))

    told = listed.json()["results"]
    assert told == [
        {"id": alice.user.id, "username": "alice", "role": "owner", "has_password": True, "link_expires_at": None},
        {name: value for name, value in invited.items() if name != "link"},
    ]  # fmt: skip
    assert (told[1]["role"], told[1]["has_password"]) == ("viewer", False)
    good_for = datetime.fromisoformat(told[1]["link_expires_at"]) - timezone.now()
    assert timedelta(days=6, hours=23) < good_for <= timedelta(days=7)
    assert invited["link"].rpartition("/")[2] not in listed.content.decode()


def test_an_invitation_ends_after_a_week(alice: Person) -> None:
    link = invite(alice, "carol").json()["link"].removeprefix("http://testserver")
    SignInLink.objects.update(expires_at=timezone.now())

    assert Client().get(link).status_code == 404
    assert alice.ask("GET", members(alice)).json()["results"][1]["link_expires_at"] is None


@pytest.mark.parametrize("name", ["", " ", "a/b", "a\nb", "<b>", "x" * 121, 5, None])
def test_a_name_that_cannot_be_one_is_refused(alice: Person, name: Any) -> None:
    assert code(invite(alice, name)) == (422, "invalid")


def test_a_role_that_there_is_not_is_refused(alice: Person) -> None:
    assert code(invite(alice, "carol", "admin")) == (422, "invalid")


@pytest.mark.parametrize("name", ["bob", "BOB", "ｂｏｂ"])
def test_the_name_of_a_stranger_is_taken(alice: Person, bob: Person, name: str) -> None:
    assert code(invite(alice, name)) == (409, "name_taken")


def test_who_is_a_member_is_not_invited_again(alice: Person, vera: Person) -> None:
    assert code(invite(alice, "vera")) == (409, "already_member")


def second_workspace(owner: Person) -> Person:
    """The same person, in another workspace that they own."""
    return Person(owner.user, make_workspace("Second", owner.user), Role.OWNER, owner.session, owner.token)


def test_somebody_the_owner_works_with_is_added_as_they_are(alice: Person, vera: Person) -> None:
    added = invite(second_workspace(alice), "vera")

    assert (added.status_code, added.json()["link"]) == (201, None)
    where = vera.ask_as_person("GET", "/workspaces/").json()["results"]
    assert [(one["name"], one["role"]) for one in where] == [("alice's", "viewer"), ("Second", "editor")]


def test_a_person_who_has_not_come_yet_is_added_nowhere_else(alice: Person) -> None:
    invite(alice, "carol")

    assert code(invite(second_workspace(alice), "carol")) == (409, "name_taken")


def test_no_owner_makes_a_link_into_a_workspace_of_others(alice: Person, vera: Person) -> None:
    veras = second_workspace(vera)
    invite(veras, "alice")

    refused = vera.ask_as_person("POST", f"{members(veras)}{alice.user.id}/link/")

    assert code(refused) == (409, "belongs_elsewhere")
    assert not SignInLink.objects.exists()


def test_a_link_ends_when_its_person_gets_to_another_workspace(alice: Person, vera: Person) -> None:
    link = alice.ask_as_person("POST", f"{members(alice)}{vera.user.id}/link/").json()["link"]
    make_workspace("Her own", vera.user)

    assert Client().get(link.removeprefix("http://testserver")).status_code == 404


def test_a_new_link_ends_the_last_one_and_the_password_once_it_is_used(alice: Person, vera: Person) -> None:
    path = f"{members(alice)}{vera.user.id}/link/"
    old, new = (alice.ask_as_person("POST", path).json()["link"] for _ in range(2))
    before = vera.ask_as_person("GET", "/me/").status_code

    client = follow(new)
    vera.user.refresh_from_db()

    assert Client().get(old.removeprefix("http://testserver")).status_code == 404
    assert (before, vera.ask_as_person("GET", "/me/").status_code) == (200, 401)
    assert not vera.user.has_usable_password()
    assert client.get("/api/v1/me/").json()["user"]["has_password"] is False


def test_a_new_password_ends_the_links(alice: Person, vera: Person) -> None:
    link = alice.ask_as_person("POST", f"{members(alice)}{vera.user.id}/link/").json()["link"]

    vera.ask_as_person("POST", "/me/password/", {"password": NEW_PASSWORD, "current": PASSWORD})

    assert Client().get(link.removeprefix("http://testserver")).status_code == 404


def test_a_role_changes_at_once_for_sessions_and_tokens(alice: Person, vera: Person) -> None:
    def made() -> list[int]:
        return [
            ask("POST", "/workflows/", {"name": "x"}).status_code for ask in (vera.ask, vera.ask_as_person)
        ]

    _, vera.token = make_token(vera.actor, name="t", role=Role.OWNER, scopes=None, expires_at=None)
    before = made()
    changed = alice.ask_as_person("PATCH", f"{members(alice)}{vera.user.id}/", {"role": "editor"})
    between = made()
    alice.ask_as_person("PATCH", f"{members(alice)}{vera.user.id}/", {"role": "viewer"})

    assert (changed.status_code, changed.json()["role"]) == (200, "editor")
    assert [before, between, made()] == [[403, 403], [201, 201], [403, 403]]


def test_who_is_sent_away_is_out_at_once_and_forgotten(alice: Person, vera: Person) -> None:
    before = [ask("GET", "/me/").status_code for ask in (vera.ask, vera.ask_as_person)]
    removed = alice.ask_as_person("DELETE", f"{members(alice)}{vera.user.id}/")
    after = [ask("GET", "/me/").status_code for ask in (vera.ask, vera.ask_as_person)]

    assert [before, removed.status_code, after] == [[200, 200], 204, [401, 401]]
    assert not User.objects.filter(username="vera").exists()
    assert invite(alice, "vera").json()["link"]


def test_who_is_sent_away_keeps_their_other_workspaces(alice: Person, vera: Person) -> None:
    veras = second_workspace(vera)
    alice.ask_as_person("DELETE", f"{members(alice)}{vera.user.id}/")

    assert vera.ask_as_person("GET", "/me/").json()["workspace"]["id"] == veras.workspace.id
    assert vera.ask_as_person("GET", "/me/", **{"X-Workspace": alice.workspace.id}).status_code == 404
    assert vera.ask("GET", "/me/").status_code == 401


def test_anybody_leaves_but_the_last_owner(alice: Person, vera: Person) -> None:
    left = vera.ask_as_person("DELETE", f"{members(alice)}me/")
    stayed = alice.ask_as_person("DELETE", f"{members(alice)}me/")

    assert left.status_code == 204
    assert code(stayed) == (409, "last_owner")
    assert [one.user for one in Membership.objects.all()] == [alice.user]


def test_a_token_does_not_come_back_with_its_person(alice: Person, vera: Person) -> None:
    second_workspace(vera)
    second = second_workspace(alice)
    Membership.objects.create(workspace=second.workspace, user=vera.user, role=Role.VIEWER)
    alice.ask_as_person("DELETE", f"{members(alice)}{vera.user.id}/")
    assert invite(alice, "vera").status_code == 201

    assert vera.ask("GET", "/me/").status_code == 401
    assert Token.objects.unscoped().filter(user=vera.user, revoked_at=None).count() == 0


@pytest.mark.parametrize(("method", "body"), [("DELETE", None), ("PATCH", {"role": "editor"})])
def test_the_last_owner_stays_one(alice: Person, vera: Person, method: str, body: Any) -> None:
    path = f"{members(alice)}{alice.user.id}/"
    refused = alice.ask_as_person(method, path, body)
    alice.ask_as_person("PATCH", f"{members(alice)}{vera.user.id}/", {"role": "owner"})
    done = alice.ask_as_person(method, path, body)

    assert code(refused) == (409, "last_owner")
    assert done.status_code in {200, 204}
    assert [one.user for one in Membership.objects.filter(role=Role.OWNER)] == [vera.user]


def test_only_an_owner_changes_who_belongs(alice: Person, vera: Person) -> None:
    editor = person("ed", alice.workspace, Role.EDITOR)
    requests = [
        ("POST", members(alice), {"name": "carol", "role": "viewer"}),
        ("PATCH", f"{members(alice)}{alice.user.id}/", {"role": "viewer"}),
        ("DELETE", f"{members(alice)}{alice.user.id}/", None),
        ("POST", f"{members(alice)}{alice.user.id}/link/", None),
    ]

    answers = [who.ask_as_person(*request) for who in (editor, vera) for request in requests]

    assert {code(answer) for answer in answers} == {(403, "forbidden")}


def test_a_token_invites_nobody(alice: Person) -> None:
    answer = alice.ask("POST", members(alice), {"name": "carol", "role": "viewer"})

    assert code(answer) == (403, "forbidden")


def test_the_role_in_the_workspace_of_the_address_counts(alice: Person, vera: Person) -> None:
    """Vera owns the workspace that her session is in, but not the one that she names."""
    veras = second_workspace(vera)
    headers = {"X-Workspace": veras.workspace.id}

    refused = vera.ask_as_person("POST", members(alice), {"name": "carol", "role": "owner"}, **headers)
    made = vera.ask_as_person("POST", members(veras), {"name": "carol", "role": "owner"})

    assert code(refused) == (403, "forbidden")
    assert made.status_code == 201


def test_a_member_of_another_workspace_reads_like_nobody(alice: Person, bob: Person) -> None:
    def told(member: str) -> list[tuple[int, str]]:
        path = f"{members(alice)}{member}/"
        return [
            code(alice.ask_as_person("GET", path)),
            code(alice.ask_as_person("PATCH", path, {"role": "viewer"})),
            code(alice.ask_as_person("DELETE", path)),
            code(alice.ask_as_person("POST", f"{path}link/")),
        ]

    assert told(bob.user.id) == told("0" * 26) == [(404, "not_found")] * 4


def test_who_owns_the_server_is_an_owner_of_its_oldest_workspace(db: None) -> None:
    first, workspace = first_person()
    owner = person("second", workspace, Role.OWNER)
    make_workspace("Of a member", person("third", workspace, Role.EDITOR).user)
    Membership.objects.filter(user=first).delete()

    assert first_person() == (owner.user, workspace)


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_demote_each_other_at_once_leave_one() -> None:
    alice = person("alice")
    olaf = person("olaf", alice.workspace, Role.OWNER)
    both = threading.Barrier(2)

    def meet(execute: Any, sql: str, *rest: Any) -> Any:
        """Wait before the change for the other one, unless that waits for this one."""
        if sql.startswith("UPDATE"):
            with suppress(threading.BrokenBarrierError):
                both.wait(0.5)
        return execute(sql, *rest)

    def demote(who: Person) -> str:
        try:
            with connection.execute_wrapper(meet):
                change_role(Membership.objects.get(user=who.user), Role.VIEWER)
        except LastOwner:
            return "refused"
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(demote, [alice, olaf]))

    assert told == ["done", "refused"]
    assert Membership.objects.filter(role=Role.OWNER).count() == 1
