from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.test import Client
from pytest_django import Settings

from accounts import sign_in
from accounts.models import SignInLink, User
from accounts.services import first_person
from accounts.sign_in import make_link
from tests.accounts.people import PASSWORD, Person

SIGN_IN = "/api/v1/sign-in/"


@pytest.fixture(autouse=True)
def _nobody_failed_yet() -> None:
    sign_in.by_address.clear()
    sign_in.by_name.clear()


def try_password(name: str, password: str, client: Client | None = None) -> Any:
    return (client or Client()).post(
        SIGN_IN, {"username": name, "password": password}, content_type="application/json"
    )


def test_a_password_opens_a_session(alice: Person) -> None:
    client = Client()

    answer = try_password("alice", PASSWORD, client)

    assert answer.status_code == 200
    assert answer.json()["user"]["username"] == "alice"
    assert client.get("/api/v1/me/").status_code == 200
    cookie = answer.cookies["wireloom_session"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_a_wrong_password_and_an_unknown_name_read_the_same(alice: Person) -> None:
    answers = [try_password("alice", "wrong"), try_password("nobody", "wrong")]

    told = [{key: value for key, value in answer.json().items() if key != "request_id"} for answer in answers]
    assert told[0] == told[1]
    assert [answer.status_code for answer in answers] == [401, 401]


def test_after_ten_wrong_passwords_the_right_one_has_to_wait(alice: Person) -> None:
    wrong = [try_password("alice", "wrong").status_code for _ in range(10)]

    answer = try_password("alice", PASSWORD)

    assert wrong == [401] * 10
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    assert 290 <= int(answer["Retry-After"]) <= 300


def test_who_has_an_account_guesses_no_more_than_others(alice: Person, bob: Person) -> None:
    for _ in range(5):
        assert [try_password("alice", "wrong").status_code for _ in range(2)] == [401, 401]
        last = try_password("bob", PASSWORD).status_code

    assert last == 429


def test_one_name_is_not_guessed_at_from_everywhere(alice: Person) -> None:
    def tried(number: int, password: str) -> Any:
        return Client(REMOTE_ADDR=f"203.0.{number // 250}.{number % 250}").post(
            SIGN_IN, {"username": "alice", "password": password}, content_type="application/json"
        )

    wrong = {tried(number, "wrong").status_code for number in range(100)}
    right = tried(100, PASSWORD)

    assert wrong == {401}
    assert (right.status_code, right.json()["code"]) == (429, "too_many_requests")
    assert 290 <= int(right["Retry-After"]) <= 300


class Counting(ScryptPasswordHasher):
    """Counts how often it does the work that takes long."""

    work = 0

    def encode(self, password: str, salt: str, *args: Any, **kwargs: Any) -> str:
        type(self).work += 1
        return super().encode(password, salt, *args, **kwargs)


def test_a_name_that_is_unknown_costs_the_same_work_as_a_wrong_password(
    alice: Person, settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = ["tests.accounts.test_sign_in.Counting"]
    invited = User(username="carol")
    invited.set_unusable_password()
    invited.save()
    User(username="gone", password=alice.user.password, is_active=False).save()

    def work(name: str) -> int:
        Counting.work = 0
        assert try_password(name, "wrong").status_code == 401
        return Counting.work

    assert {name: work(name) for name in ("alice", "nobody", "carol", "gone")} == {
        "alice": 1, "nobody": 1, "carol": 1, "gone": 1,
    }  # fmt: skip


def test_another_sites_page_cannot_sign_its_visitor_in(alice: Person) -> None:
    answer = Client().post(
        SIGN_IN,
        {"username": "alice", "password": PASSWORD},
        content_type="application/json",
        headers={"Origin": "https://evil.example"},
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


def test_a_look_at_the_head_of_a_link_does_not_use_it_up(alice: Person) -> None:
    path = f"/sign-in/{make_link(alice.user, next_path='/')}"

    looked = Client().head(path)

    assert (looked.status_code, looked["Allow"]) == (405, "GET")
    assert Client().get(path).status_code == 302


@pytest.mark.parametrize(
    "program",
    [
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "TelegramBot (like TwitterBot)",
        "WhatsApp/2.23.20.0",
        "facebookexternalhit/1.1 Facebot Twitterbot/1.0",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        "Synapse (bot; +https://github.com/matrix-org/synapse)",
    ],
)
def test_a_link_in_a_message_is_not_used_up_by_what_previews_it(alice: Person, program: str) -> None:
    path = f"/sign-in/{make_link(alice.user, next_path='/')}"

    previewed = Client().get(path, headers={"User-Agent": program})
    opened = Client().get(
        path, headers={"User-Agent": "Mozilla/5.0 (Linux; Android 9; CUBOT X18) Chrome/120"}
    )

    assert (previewed.status_code, previewed.cookies) == (404, {})
    assert opened.status_code == 302


@pytest.mark.parametrize("path", ["/", "/runs", "/api/schema/", "/api/docs/", "/sign-in/x"])
def test_a_page_takes_no_other_method(path: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(path, {}, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert "GET" in answer["Allow"]


def test_a_link_signs_in_once(alice: Person) -> None:
    path = f"/sign-in/{make_link(alice.user, next_path='/runs')}"
    client = Client()

    first, second = client.get(path), Client().get(path)

    assert (first.status_code, first["Location"]) == (302, "/runs")
    assert client.get("/api/v1/me/").json()["user"]["username"] == "alice"
    assert second.status_code == 404


def test_used_unknown_expired_and_malformed_links_read_the_same(alice: Person) -> None:
    used = make_link(alice.user, next_path="/")
    Client().get(f"/sign-in/{used}")
    expired = make_link(alice.user, next_path="/")
    SignInLink.objects.update(expires_at="2020-01-01T00:00:00Z")

    answers = [Client().get(f"/sign-in/{link}") for link in (used, expired, "unknown", "%00", "a" * 3000)]

    told = {answer.content.replace(answer.json()["request_id"].encode(), b"") for answer in answers}
    assert {answer.status_code for answer in answers} == {404}
    assert len(told) == 1


@pytest.mark.parametrize(
    "where", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_a_link_leads_nowhere_else(alice: Person, where: str) -> None:
    answer = Client().get(f"/sign-in/{make_link(alice.user, next_path='/')}", {"next": where})

    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_a_new_link_ends_the_one_before(alice: Person) -> None:
    old, new = (make_link(alice.user, next_path="/") for _ in range(2))

    assert [Client().get(f"/sign-in/{link}").status_code for link in (old, new)] == [404, 302]


def test_signing_out_ends_the_session(alice: Person) -> None:
    assert alice.ask_as_person("POST", "/sign-out/").status_code == 204
    assert alice.ask_as_person("GET", "/me/").status_code == 401


def test_a_new_password_ends_every_other_session(alice: Person) -> None:
    elsewhere = Client()
    elsewhere.force_login(alice.user, backend="accounts.sign_in.Password")

    changed = alice.ask_as_person(
        "POST", "/me/password/", {"password": "a much longer secret", "current": PASSWORD}
    )

    assert changed.status_code == 204
    assert alice.ask_as_person("GET", "/me/").status_code == 200
    assert elsewhere.get("/api/v1/me/").status_code == 401


def test_a_password_is_changed_only_by_who_knows_it(alice: Person) -> None:
    answers = [
        alice.ask_as_person("POST", "/me/password/", {"password": "a much longer secret", **more})
        for more in ({}, {"current": "wrong"})
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (422, "wrong_password")
    ] * 2
    assert answers[1].json()["errors"][0]["field"] == "current"


def test_who_finds_a_session_open_does_not_guess_its_password(alice: Person) -> None:
    def tried(current: str) -> Any:
        body = {"password": "a much longer secret", "current": current}
        return alice.ask_as_person("POST", "/me/password/", body)

    wrong = {tried("wrong").status_code for _ in range(100)}
    right = tried(PASSWORD)

    assert wrong == {422}
    assert (right.status_code, right.json()["code"]) == (429, "too_many_requests")


def test_a_weak_password_is_refused_with_every_reason(alice: Person) -> None:
    answer = alice.ask_as_person("POST", "/me/password/", {"password": "password", "current": PASSWORD})

    assert answer.status_code == 422
    assert {item["code"] for item in answer.json()["errors"]} == {"weak_password"}
    assert len(answer.json()["errors"]) == 2


def test_the_first_person_owns_a_workspace_and_has_no_password(db: None) -> None:
    user, workspace = first_person()

    assert (user.username, user.has_usable_password(), workspace.name) == ("owner", False, "My workspace")
    assert first_person() == (user, workspace)
    assert User.objects.count() == 1


def test_a_person_who_has_no_password_cannot_sign_in_with_one(db: None) -> None:
    first_person()

    assert try_password("owner", "").status_code == 422
    assert try_password("owner", "anything").status_code == 401
