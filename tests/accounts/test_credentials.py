from __future__ import annotations

import pytest

from accounts.model_access import WorkspaceCredentials
from accounts.models import Credential
from tests.accounts.people import Person
from wireloom.llm import credentials as library

SECRET = "sk-canary-4b1f9a7c2e8d"


def keep(person: Person, **more: object) -> dict[str, object]:
    answer = person.ask(
        "POST", "/credentials/", {"name": "main", "provider": "openai", "secret": SECRET, **more}
    )
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


def test_a_credential_reads_back_without_its_secret(alice: Person) -> None:
    kept = keep(alice)

    assert {name: kept[name] for name in ("name", "provider", "base_url", "host", "last_four")} == {
        "name": "main",
        "provider": "openai",
        "base_url": None,
        "host": "api.openai.com",
        "last_four": "2e8d",
    }


def test_a_secret_is_in_no_answer_and_in_no_row(alice: Person) -> None:
    kept = keep(alice)

    answers = [
        alice.ask("GET", "/credentials/"),
        alice.ask("GET", f"/credentials/{kept['id']}/"),
        alice.ask("PATCH", f"/credentials/{kept['id']}/", {"name": "other", "secret": SECRET}),
        alice.ask("POST", "/credentials/", {"name": "other", "provider": "openai", "secret": SECRET}),
        alice.ask(
            "POST",
            "/credentials/",
            {"name": "x", "provider": "openai", "secret": SECRET, "base_url": "gopher://x"},
        ),
        alice.ask("POST", "/credentials/", {"secret": SECRET, "provider": []}),
    ]

    row = Credential.objects.unscoped().get(pk=kept["id"])
    assert [answer.status_code for answer in answers] == [200, 200, 200, 409, 422, 422]
    assert not any(SECRET in answer.content.decode() for answer in answers)
    assert SECRET.encode() not in bytes(row.secret)


def test_a_short_secret_shows_none_of_itself(alice: Person) -> None:
    assert keep(alice, secret="hunter2")["last_four"] == ""


@pytest.mark.parametrize(
    "change",
    [
        {"base_url": "https://example.com/v1"},
        {"base_url": "https://93.184.216.34/v2"},
        {"base_url": ""},
        {"base_url": None},
    ],
)
def test_another_base_url_needs_the_secret_again(alice: Person, change: dict[str, str]) -> None:
    kept = keep(alice, base_url="https://93.184.216.34/v1")
    path = f"/credentials/{kept['id']}/"

    refused = alice.ask("PATCH", path, change)
    given = alice.ask("PATCH", path, {**change, "secret": SECRET})

    assert (refused.status_code, refused.json()["code"]) == (403, "credential_host_mismatch")
    assert given.status_code == 200


def test_the_same_base_url_does_not(alice: Person) -> None:
    kept = keep(alice, base_url="https://93.184.216.34/v1")

    answer = alice.ask("PATCH", f"/credentials/{kept['id']}/", {"base_url": "https://93.184.216.34/v1"})

    assert (answer.status_code, answer.json()["base_url"]) == (200, "https://93.184.216.34/v1")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/",
        "http://localhost/v1",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://169.254.169.254/latest",
        "http://10.0.0.1/",
        "file:///etc/passwd",
        "gopher://example.com/",
    ],
)
def test_a_base_url_that_the_guard_would_refuse_is_not_kept(alice: Person, url: str) -> None:
    answer = alice.ask(
        "POST", "/credentials/", {"name": "x", "provider": "openai", "secret": SECRET, "base_url": url}
    )

    assert (answer.status_code, answer.json()["code"]) == (422, "egress_denied")
    assert not Credential.objects.unscoped().exists()


def test_a_name_is_taken_once_in_a_workspace(alice: Person, bob: Person) -> None:
    keep(alice)
    keep(bob)

    answer = alice.ask("POST", "/credentials/", {"name": "main", "provider": "openai", "secret": SECRET})

    assert (answer.status_code, answer.json()["code"]) == (409, "name_taken")


def test_a_viewer_sees_credentials_and_changes_none(alice: Person, vera: Person) -> None:
    kept = keep(alice)

    answers = [
        vera.ask("GET", "/credentials/"),
        vera.ask("POST", "/credentials/", {"name": "x", "provider": "openai", "secret": SECRET}),
        vera.ask("PATCH", f"/credentials/{kept['id']}/", {"name": "x"}),
        vera.ask("DELETE", f"/credentials/{kept['id']}/"),
        vera.ask("POST", f"/credentials/{kept['id']}/test/"),
    ]

    assert [answer.status_code for answer in answers] == [200, 403, 403, 403, 403]


@pytest.mark.django_db(transaction=True)
async def test_a_run_is_given_its_workspaces_credentials_and_no_others() -> None:
    from asgiref.sync import sync_to_async

    from tests.accounts.people import person

    def two_people() -> tuple[Person, Person]:
        alice, bob = person("alice"), person("bob")
        keep(alice)
        return alice, bob

    alice, bob = await sync_to_async(two_people)()

    found = await WorkspaceCredentials(alice.workspace.id).find("openai", None)
    missing = await WorkspaceCredentials(bob.workspace.id).find("openai", "main")

    assert found == library.Credential("main", "openai", SECRET, None, trusted=False)
    assert missing is None
