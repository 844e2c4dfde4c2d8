from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from server.address import address
from server.environment import StartRefused
from tests.accounts.people import Person


def test_whoever_runs_the_server_lets_in_who_forgot_the_password(alice: Person) -> None:
    said = StringIO()
    call_command("sign_in_link", "alice", stdout=said)
    link = said.getvalue().strip()

    client = Client()
    answer = client.get(link.removeprefix("http://127.0.0.1:8080"))

    assert (answer.status_code, answer["Location"]) == (302, "/settings/account")
    assert client.get("/api/v1/me/").json()["user"]["username"] == "alice"


def test_a_name_that_nobody_has_is_told_with_those_there_are(alice: Person, bob: Person) -> None:
    with pytest.raises(StartRefused) as refused:
        call_command("sign_in_link", "carol")

    assert str(refused.value) == "Nobody is named 'carol' here; there are: alice, bob."


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("0.0.0.0", "http://127.0.0.1:80"),
        ("::", "http://[::1]:80"),
        ("fe80::1", "http://[fe80::1]:80"),
        ("wire.example", "http://wire.example:80"),
    ],
)
def test_an_address_is_one_that_can_be_opened(host: str, url: str) -> None:
    assert address(host, 80) == url
