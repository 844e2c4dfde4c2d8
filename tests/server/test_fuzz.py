"""No request makes the server fail: seeded nonsense over every operation of the API, whoever sends it."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from django.test import Client

from tests.accounts.people import Person
from tests.server.test_access import MAKERS, closed_routes, filled, methods

VALUES: list[Any] = [
    None, True, False, 0, -1, 2**31, 2**63, 10**30, 1.5, 1e308, "", "x", "a" * 300, "\0", "é😀", "1", "draft",
    "../../etc/passwd", "'; DROP TABLE users", "<script>", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
    [], {}, [1], {"a": 1}, [[[]]], {"nodes": None}, {"nodes": [{}]}, {"nodes": [{"id": 1}]}, {"edges": [{}]}, {"schema": 2},
]  # fmt: skip
PARAMETERS = [
    "",
    "0",
    "-1",
    "1",
    "201",
    "9" * 30,
    "x",
    "%00",
    "%ff",
    "é",
    "true",
    "W10",
    "WyJ4IiwieSJd",
    "0001-01-01T00:00:00Z",
]
IDS = ["x", "0" * 26, "a" * 300, "..", "%00", "é", "<script>"]
HEADERS = [
    ("X-Workspace", "x"), ("Idempotency-Key", "a" * 300), ("Idempotency-Key", "k"), ("Prefer", "wait=abc"), ("Prefer", "wait=-1"),
    ("Accept", "text/event-stream"), ("Accept", "text/plain"), ("Last-Event-ID", "-1"), ("Origin", "null"),
]  # fmt: skip
TRIES = 40


class Nonsense:
    """Requests to one operation."""

    def __init__(self, chance: random.Random, pattern: str, view: Any, method: str, known: list[str]) -> None:
        description = getattr(getattr(view, method.lower()), "description", None)
        takes = description.takes().fields if description and description.takes else {}
        self._chance = chance
        self._pattern = pattern
        self._method = method
        self._ids = [*IDS, *known * 4]
        self._fields = [*takes, "unknown"]
        self._parameters = [*(view.queries[method]().fields if method in view.queries else ()), "unknown"]

    def send(self, client: Client, headers: dict[str, str]) -> Any:
        pick = self._chance.choice
        url = filled(self._pattern, pick(self._ids))
        if self._chance.random() < 0.4:
            url += f"?{pick(self._parameters)}={pick(PARAMETERS)}"
        body = {pick(self._fields): pick(VALUES) for _ in range(self._chance.randint(0, 4))}
        if self._chance.random() < 0.3:
            headers = {**headers, **dict([pick(HEADERS)])}
        raw = json.dumps(pick([body, body, body, pick(VALUES)])).encode()
        return client.generic(self._method, url, raw, content_type="application/json", headers=headers)


@pytest.mark.parametrize(
    ("pattern", "entry"), list(closed_routes()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_nonsense_is_refused_and_never_breaks_anything(alice: Person, pattern: str, entry: Any) -> None:
    chance = random.Random(pattern)
    makers = [
        maker for prefix, maker in MAKERS.items() if pattern.startswith(prefix) and "<str:id>" in pattern
    ]
    # A run made by hand lacks what its own app writes with it.
    known = [maker(alice) for maker in makers if not pattern.startswith("api/v1/runs/")]
    client, token = Client(raise_request_exception=False), {"Authorization": f"Bearer {alice.token}"}

    for method in methods(entry):
        operation = Nonsense(chance, pattern, entry.callback.cls, method, known)
        for _ in range(TRIES):
            answer = operation.send(client, token)
            assert answer.status_code < 500, (answer.request, answer.content[:500])
            if answer.status_code >= 400:
                assert answer["Content-Type"] == "application/problem+json"
                assert set(answer.json()) >= {
                    "type",
                    "title",
                    "status",
                    "detail",
                    "code",
                    "errors",
                    "request_id",
                }
