from __future__ import annotations

import json
from typing import Any

import orjson
import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

from accounts.web import problems
from accounts.web.problems import Malformed, Refusal
from accounts.web.wire import read_json, write_json
from tests.accounts.people import Person


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "malformed"),
        (b"{", "malformed"),
        (b"{'a': 1}", "malformed"),
        (b"[NaN]", "malformed"),
        (b"[Infinity]", "malformed"),
        (b"\xff", "malformed"),
        (b"[" * 100_000, "malformed"),
        (b'{"a":' * 100_000, "malformed"),
        (b"[" + b"9" * 10_000_000 + b"]", "malformed"),
        (b'{"a": 1, "a": 2}', "invalid"),
        (b'["\\ud800"]', "invalid"),
        (b'{"\\uDFFF": 1}', "invalid"),
    ],
)
def test_what_is_no_plain_json_is_refused(raw: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_json(raw)

    assert refused.value.code == code


@pytest.mark.parametrize(
    "raw",
    [
        b"[1, 2.5, 1e308, null, true]",
        b'{"a": {"a": []}}',
        b'["\\ud83d\\ude00 \\u0000"]',
        b"[12345678901234567890123]",
    ],
)
def test_plain_json_is_read_as_it_is(raw: bytes) -> None:
    assert read_json(raw) == json.loads(raw)


@pytest.mark.parametrize("value", [{"a": [1, None, "é"]}, {"big": 10**30}, {"half": "\ud800"}])
def test_whatever_a_model_may_say_can_be_written(value: Any) -> None:
    assert json.loads(write_json(value)) == value


def test_stored_json_passes_through_beside_what_needs_the_slow_way() -> None:
    value = {"graph": orjson.Fragment('{"a":1}'), "big": 10**30}

    assert json.loads(write_json(value)) == {"graph": {"a": 1}, "big": 10**30}


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b"name=x", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b"{}", "text/plain", 415, "unsupported_media_type"),
        (
            b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nx\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            415,
            "unsupported_media_type",
        ),
        (b"[1]", "application/json", 400, "malformed"),
        (b'"x"', "application/json", 400, "malformed"),
        (b"{", "application/json", 400, "malformed"),
        (b'{"name": "a", "name": "b"}', "application/json", 422, "invalid"),
        (b'{"name": ""}', "application/json", 422, "invalid"),
        (b'{"name": 5}', "application/json", 422, "invalid"),
        (b'{"name": true}', "application/json", 422, "invalid"),
        (b'{"name": null}', "application/json", 422, "invalid"),
        (b'{"name": "a\\u0000b"}', "application/json", 422, "invalid"),
    ],
)
def test_a_body_that_cannot_be_used_is_told_as_a_problem(
    alice: Person, body: bytes, content_type: str, status: int, code: str
) -> None:
    answer = Client().post(
        "/api/v1/workflows/",
        body,
        content_type=content_type,
        headers={"Authorization": f"Bearer {alice.token}"},
    )

    told = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert (answer.status_code, told["status"], told["code"]) == (status, status, code)
    assert set(told) == {"type", "title", "status", "detail", "code", "errors", "request_id"}
    assert told["request_id"] == answer["X-Request-Id"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_a_method_that_an_address_does_not_take_is_405_and_names_those_it_does(
    alice: Person, method: str
) -> None:
    answer = alice.ask(method, "/workflows/")

    assert (answer.status_code, answer.json()["code"], answer["Allow"]) == (
        405,
        "method_not_allowed",
        "GET, POST, HEAD",
    )


def test_an_error_nobody_foresaw_tells_nothing_but_its_number(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from builder.api.workflows import Workflows

    def broken(self: Workflows, request: object) -> None:
        raise RuntimeError("canary /etc/passwd SELECT")

    monkeypatch.setattr(Workflows, "get", broken)
    client = Client(raise_request_exception=False)

    answer = client.get("/api/v1/workflows/", headers={"Authorization": f"Bearer {alice.token}"})

    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert "canary" not in answer.content.decode()
    assert answer["X-Request-Id"] == answer.json()["request_id"]


@pytest.mark.parametrize(("code", "status"), [(5, 503), (261, 503), (6, 503), (13, 507), (1, None)])
def test_a_busy_or_full_database_is_told_apart_from_a_broken_one(code: int, status: int | None) -> None:
    cause = Exception()
    cause.sqlite_errorcode = code  # type: ignore[attr-defined]
    error = OperationalError("x")
    error.__cause__ = cause

    refusal = problems.as_refusal(error)

    assert (refusal.status if refusal else None) == status


def test_a_problem_carries_its_own_members_and_when_to_try_again() -> None:
    answer = problems.response(RequestFactory().get("/"), Malformed("No.", retry_after_s=0.2, run_id="r1"))

    assert (answer["Retry-After"], json.loads(answer.content)["run_id"]) == ("1", "r1")
