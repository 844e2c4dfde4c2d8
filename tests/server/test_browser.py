"""What a browser is told and what it may not do: cookies, CSRF, other origins, headers, pages."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from server.environment import read_environment
from tests.accounts.people import Person

LISTED = "https://app.example.com"


@pytest.fixture
def listed(settings: Settings) -> None:
    settings.WIRELOOM = read_environment({"WIRELOOM_CORS_ORIGINS": LISTED})


def strict(person: Person) -> Client:
    """The person's session in a browser that Django's CSRF check takes seriously."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(person.user, backend="accounts.sign_in.Password")
    return client


def test_a_session_changes_nothing_without_its_csrf_token(alice: Person) -> None:
    client = strict(alice)
    body = {"name": "x"}

    without = client.post("/api/v1/workflows/", body, content_type="application/json")
    client.get("/sign-in/")
    token = client.cookies["csrftoken"].value
    with_it = client.post(
        "/api/v1/workflows/", body, content_type="application/json", headers={"X-CSRFToken": token}
    )

    assert (without.status_code, without.json()["code"]) == (403, "csrf_failed")
    assert with_it.status_code == 201


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"]
)
def test_another_sites_form_changes_nothing(alice: Person, content_type: str) -> None:
    answer = strict(alice).post("/api/v1/workflows/", b'{"name": "x"}', content_type=content_type)

    assert answer.status_code == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_another_origin_with_a_csrf_token_changes_nothing(alice: Person, origin: str) -> None:
    client = strict(alice)
    client.get("/sign-in/")
    token = client.cookies["csrftoken"].value

    answer = client.post(
        "/api/v1/workflows/",
        {"name": "x"},
        content_type="application/json",
        headers={"X-CSRFToken": token, "Origin": origin},
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")


def test_a_token_needs_no_csrf_token(alice: Person) -> None:
    client = strict(alice)

    answer = client.post(
        "/api/v1/workflows/",
        {"name": "x"},
        content_type="application/json",
        headers={"Authorization": f"Bearer {alice.token}"},
    )

    assert answer.status_code == 201


@pytest.mark.usefixtures("listed")
def test_a_listed_origins_preflight_needs_no_token() -> None:
    answer = Client().options(
        "/api/v1/workflows/", headers={"Origin": LISTED, "Access-Control-Request-Method": "POST"}
    )

    assert answer.status_code == 204
    assert answer["Access-Control-Allow-Origin"] == LISTED
    assert {"POST", "DELETE"} <= set(answer["Access-Control-Allow-Methods"].split(", "))
    assert {"Authorization", "Content-Type", "Idempotency-Key"} <= set(
        answer["Access-Control-Allow-Headers"].split(", ")
    )
    assert "Access-Control-Allow-Credentials" not in answer


@pytest.mark.usefixtures("listed")
@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "https://app.example.com.evil.example", "http://app.example.com"],
)
def test_no_other_origin_is_told_anything(alice: Person, origin: str) -> None:
    preflight = Client().options(
        "/api/v1/workflows/", headers={"Origin": origin, "Access-Control-Request-Method": "POST"}
    )
    asked = alice.ask("GET", "/workflows/", Origin=origin)

    assert not [
        name for answer in (preflight, asked) for name in answer.headers if name.startswith("Access-Control-")
    ]


@pytest.mark.usefixtures("listed")
def test_a_listed_origin_reads_answers_and_problems_alike(alice: Person) -> None:
    answers = [
        alice.ask("GET", "/workflows/", Origin=LISTED),
        Client().get("/api/v1/workflows/", headers={"Origin": LISTED}),
    ]

    assert [answer.status_code for answer in answers] == [200, 401]
    assert [answer["Access-Control-Allow-Origin"] for answer in answers] == [LISTED, LISTED]
    assert all("Origin" in answer["Vary"] for answer in answers)


@pytest.mark.parametrize("path", ["/sign-in/", "/api/docs/", "/api/v1/workflows/", "/nothing", "/health"])
def test_every_answer_has_the_safe_headers(db: None, path: str) -> None:
    answer = Client().get(path)

    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert {
        name: answer[name]
        for name in (
            "X-Content-Type-Options",
            "Referrer-Policy",
            "Cross-Origin-Opener-Policy",
            "X-Frame-Options",
            "Cache-Control",
        )
    } == {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Frame-Options": "DENY",
        "Cache-Control": "no-store",
    }


def test_djangos_own_deployment_checks_have_nothing_to_say() -> None:
    call_command("check", deploy=True, fail_level="WARNING")


def test_a_foreign_host_is_refused_everywhere_but_at_health(db: None) -> None:
    answers = [
        Client().get(path, headers={"Host": "evil.example"})
        for path in ("/sign-in/", "/api/v1/me/", "/health", "/health/live")
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 200, 200]
    assert answers[0].json()["code"] == "bad_host"


def test_the_page_loads_what_vite_built(settings: Settings, tmp_path: Path, db: None) -> None:
    settings.STATIC_ROOT = tmp_path
    (tmp_path / ".vite").mkdir()
    manifest = {
        "src/main.tsx": {
            "file": "assets/main-abc.js",
            "css": ["assets/main-abc.css"],
            "imports": ["_shared"],
        },
        "_shared": {"file": "assets/shared-def.js", "css": ["assets/shared-def.css"]},
    }
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(manifest))

    page = Client().get("/sign-in/").content.decode()

    for expected in (
        '<script type="module" src="/static/assets/main-abc.js"></script>',
        '<link rel="modulepreload" href="/static/assets/shared-def.js">',
        '<link rel="stylesheet" href="/static/assets/main-abc.css">',
        '<link rel="stylesheet" href="/static/assets/shared-def.css">',
    ):
        assert expected in page
    assert "<style" not in page
    assert page.count("<script") == 1


def test_a_front_end_that_is_built_while_the_server_runs_is_served(
    settings: Settings, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path
    client = Client()

    def build(name: str) -> None:
        for folder in (tmp_path / "assets", tmp_path / ".vite"):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        (tmp_path / "assets" / name).write_text(f"// {name}")
        (tmp_path / ".vite" / "manifest.json").write_text("{}")

    def seen() -> list[int]:
        return [client.get(f"/static/assets/{name}").status_code for name in ("one.js", "two.js")]

    unbuilt = seen()
    build("one.js")
    first = seen()
    build("two.js")

    assert [unbuilt, first, seen()] == [[404, 404], [200, 404], [404, 200]]


def test_what_is_named_by_its_hash_is_kept_for_ever_and_shown_to_our_pages_alone(
    settings: Settings, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "main-abc.js").write_text("1")

    answer = Client().get("/static/assets/main-abc.js")

    assert "immutable" in answer["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in answer
    assert answer["Content-Type"].startswith("text/javascript")


@pytest.fixture
def built(settings: Settings, tmp_path: Path) -> str:
    """The address of a script that was compressed as it was built."""
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "assets").mkdir()
    for name, content in {
        "main-abc.js": b"1" * 900,
        "main-abc.js.gz": b"gz" * 100,
        "main-abc.js.br": b"br",
    }.items():
        (tmp_path / "assets" / name).write_bytes(content)
    return "/static/assets/main-abc.js"


@pytest.mark.parametrize(
    ("accepted", "encoding", "content"),
    [
        ("gzip, deflate, br", "br", b"br"),
        ("gzip", "gzip", b"gz" * 100),
        ("identity", None, b"1" * 900),
        (None, None, b"1" * 900),
    ],
)
def test_a_script_is_sent_as_small_as_the_client_takes_it(
    built: str, accepted: str | None, encoding: str | None, content: bytes
) -> None:
    answer = Client().get(built, headers={"Accept-Encoding": accepted} if accepted else {})

    assert (answer.content, answer.get("Content-Encoding")) == (content, encoding)
    assert (answer["Vary"], answer["Content-Length"]) == ("Accept-Encoding", str(len(content)))
    assert answer["Content-Type"].startswith("text/javascript")
    assert "immutable" in answer["Cache-Control"]


def test_a_script_that_the_client_has_is_not_sent_again(built: str) -> None:
    first = Client().get(built, headers={"Accept-Encoding": "br"})

    again = Client().get(built, headers={"Accept-Encoding": "br", "If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, again["Vary"]) == (304, b"", "Accept-Encoding")


def test_the_compressed_files_have_no_address_of_their_own(built: str) -> None:
    assert [Client().get(f"{built}{end}").status_code for end in (".gz", ".br")] == [404, 404]


def test_a_page_without_a_front_end_says_how_to_get_one(settings: Settings, tmp_path: Path, db: None) -> None:
    settings.STATIC_ROOT = tmp_path

    assert "make setup" in Client().get("/sign-in/").content.decode()


def test_who_is_not_signed_in_is_brought_back_after(db: None) -> None:
    assert Client().get("/runs?status=failed")["Location"] == "/sign-in/?next=/runs%3Fstatus%3Dfailed"


def test_who_is_signed_in_gets_the_page_and_the_csrf_cookie(alice: Person) -> None:
    answer = alice.session.get("/workflows/x")

    assert answer.status_code == 200
    assert answer.cookies["csrftoken"]["samesite"] == "Lax"
