"""The same request under the same Idempotency-Key is carried out once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import IdempotentRequest
from accounts.web.problems import Invalid

#: How long a key is remembered.
LIVES = timedelta(hours=24)
MAX_KEY = 255


class IdempotencyConflict(Invalid):
    """The key came before with another body."""

    code = "idempotency_conflict"


type Make = Callable[[], str]


def once(actor: Actor, *, route: str, key: str, body: Any, prepare: Callable[[], Make]) -> tuple[str, bool]:
    """The id of what was made for this key, now or at an earlier request, and whether it was now.

    `prepare` does for a new key what takes its time, and gives what makes the
    thing: that runs in the transaction that remembers the key, so both are kept
    or neither. `route` names what is asked for, with the ids in its address.

    Raises IdempotencyConflict if the key came with another body; Invalid for a key above 255 characters.
    """
    if not key or len(key) > MAX_KEY or not key.isprintable():
        raise Invalid(f"An Idempotency-Key has 1 to {MAX_KEY} printable characters.")
    digest = body_hash(body)
    if (known := _known(actor, route, key, digest)) is not None:
        return known
    make = prepare()
    try:
        with transaction.atomic():
            return _known(actor, route, key, digest) or _fresh(actor, route, key, digest, make)
    except IntegrityError:
        # Another process remembered the key between our look and our insert (SQLite's writers queue up; Postgres' do not).
        known = _known(actor, route, key, digest)
        if known is None:
            raise
        return known


def body_hash(body: Any) -> str:
    """Equal for bodies that mean the same JSON."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _known(actor: Actor, route: str, key: str, digest: str) -> tuple[str, bool] | None:
    rows = IdempotentRequest.objects.visible_to(actor).filter(
        route=route, key=key, created_at__gt=timezone.now() - LIVES
    )
    row = rows.first()
    if row is None:
        return None
    if row.body_hash != digest:
        raise IdempotencyConflict("This Idempotency-Key came before, with another body.")
    return row.result, False


def _fresh(actor: Actor, route: str, key: str, digest: str, make: Make) -> tuple[str, bool]:
    now = timezone.now()
    IdempotentRequest.objects.visible_to(actor).filter(created_at__lte=now - LIVES).delete()
    result = make()
    IdempotentRequest(
        workspace=actor.workspace, route=route, key=key, body_hash=digest, result=result, created_at=now
    ).save(force_insert=True)
    return result, True
