"""Behind a proxy where TLS ends: cookies, redirects to itself, and who it was that asked."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client
from pytest_django import Settings

from accounts import sign_in
from server.environment import read_environment
from server.proxy import place
from tests.accounts.people import PASSWORD, Person

HOST = "wire.example.com"
TLS = {"Host": HOST, "X-Forwarded-Proto": "https"}


@pytest.fixture(autouse=True)
def _public(settings: Settings) -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, HOST]
    settings.CSRF_TRUSTED_ORIGINS = [f"https://{HOST}"]
    sign_in.by_address.clear()
    sign_in.by_name.clear()


def signs_in(client: Client, headers: dict[str, str], password: str = PASSWORD) -> Any:
    body = {"username": "alice", "password": password}
    return client.post("/sign-in/", body, content_type="application/json", headers=headers)


def secure(answer: Any) -> dict[str, bool]:
    return {name: bool(cookie["secure"]) for name, cookie in answer.cookies.items()}


def test_cookies_set_over_tls_go_over_nothing_else(alice: Person) -> None:
    told = secure(signs_in(Client(), TLS))

    assert told == {"wireloom_session": True, "csrftoken": True}


def test_cookies_of_a_laptop_go_without_tls(alice: Person) -> None:
    told = secure(signs_in(Client(), {}))

    assert told == {"wireloom_session": False, "csrftoken": False}


@pytest.mark.parametrize(
    ("origin", "status"), [(f"https://{HOST}", 201), (f"http://{HOST}", 403), ("https://evil.example", 403)]
)
def test_the_session_works_behind_tls_for_its_own_pages_alone(
    alice: Person, origin: str, status: int
) -> None:
    client = Client(enforce_csrf_checks=True)
    signed_in = signs_in(client, {**TLS, "Origin": f"https://{HOST}"})
    token = client.cookies["csrftoken"].value

    made = client.post(
        "/api/v1/workflows/",
        {"name": "x"},
        content_type="application/json",
        secure=True,
        headers={**TLS, "Origin": origin, "X-CSRFToken": token},
    )

    assert (signed_in.status_code, made.status_code) == (200, status)


def test_addresses_of_its_own_name_the_scheme_that_clients_use(alice: Person) -> None:
    members = f"/workspaces/{alice.workspace.id}/members/"
    body = {"name": "carol", "role": "viewer"}

    answer = alice.ask_as_person("POST", members, body, **TLS)

    assert answer.json()["link"].startswith(f"https://{HOST}/sign-in/")


@pytest.mark.parametrize(
    ("peer", "chain", "client"),
    [
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("::1", "203.0.113.7", "203.0.113.7"),
        ("::ffff:127.0.0.1", "203.0.113.7", "203.0.113.7"),
        # What the client itself sent stands before what the proxy appended.
        ("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "203.0.113.7, 10.0.0.9", "203.0.113.7"),
        ("127.0.0.1", "10.0.0.9", "10.0.0.9"),
        ("127.0.0.1", "nonsense", "nonsense"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
    ],
)
def test_a_client_is_known_by_what_the_last_trusted_proxy_says(
    settings: Settings, peer: str, chain: str | None, client: str
) -> None:
    settings.WIRELOOM = read_environment({"WIRELOOM_TRUSTED_PROXIES": "127.0.0.0/8,::1,10.0.0.0/8"})
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": peer} | ({} if chain is None else {"HTTP_X_FORWARDED_FOR": chain})

    place(request)

    assert request.META["REMOTE_ADDR"] == client


def test_one_client_of_a_proxy_who_guesses_passwords_keeps_out_no_other(alice: Person) -> None:
    def tried(address: str, password: str) -> int:
        return int(signs_in(Client(), {"X-Forwarded-For": address}, password).status_code)

    guesses = [tried("203.0.113.7", "wrong") for _ in range(11)]

    assert guesses == [401] * 10 + [429]
    assert tried("203.0.113.8", PASSWORD) == 200
