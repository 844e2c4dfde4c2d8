from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.idempotency import IdempotencyConflict, once
from accounts.ids import new_id
from accounts.models import IdempotentRequest
from accounts.web.problems import Invalid
from tests.accounts.people import Person


def start(person: Person, key: str, body: object, route: str = "runs") -> tuple[str, bool]:
    return once(person.actor, route=route, key=key, body=body, prepare=lambda: new_id)


def test_the_same_request_is_carried_out_once(alice: Person) -> None:
    first, made = start(alice, "k", {"a": 1, "b": 2})
    second, made_again = start(alice, "k", {"b": 2, "a": 1})

    assert (made, made_again) == (True, False)
    assert first == second


def test_the_same_key_with_another_body_is_a_conflict(alice: Person) -> None:
    start(alice, "k", {"a": 1})

    with pytest.raises(IdempotencyConflict):
        start(alice, "k", {"a": 2})


def test_a_key_belongs_to_its_workspace_and_its_route(alice: Person, bob: Person) -> None:
    results = {start(alice, "k", {})[0], start(bob, "k", {})[0], start(alice, "k", {}, route="other")[0]}

    assert len(results) == 3


def test_a_key_is_forgotten_after_a_day(alice: Person) -> None:
    first, _ = start(alice, "k", {})
    IdempotentRequest.objects.unscoped().update(created_at=timezone.now() - timedelta(hours=24, seconds=1))

    second, made = start(alice, "k", {"other": "body"})

    assert made
    assert first != second


def test_what_fails_is_not_remembered(alice: Person) -> None:
    def fail() -> str:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        once(alice.actor, route="runs", key="k", body={}, prepare=lambda: fail)

    assert start(alice, "k", {"other": "body"})[1]


@pytest.mark.parametrize("key", ["", "x" * 256, "a\nb"])
def test_a_key_that_cannot_be_kept_is_refused(alice: Person, key: str) -> None:
    with pytest.raises(Invalid):
        start(alice, key, {})


@pytest.mark.django_db(transaction=True)
def test_what_takes_its_time_is_done_before_anything_is_locked(alice: Person) -> None:
    locked: list[bool] = []

    def prepare() -> Callable[[], str]:
        locked.append(connection.in_atomic_block)
        return make

    def make() -> str:
        locked.append(connection.in_atomic_block)
        return new_id()

    first = once(alice.actor, route="runs", key="k", body={}, prepare=prepare)
    again = once(alice.actor, route="runs", key="k", body={}, prepare=prepare)

    assert again == (first[0], False)
    assert locked == [False, True], "nothing is prepared, let alone made, for a key that is known"
