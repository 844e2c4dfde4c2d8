"""The SQL that the journal speaks: the same text on SQLite and Postgres, many rows at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from runs.journal.projection import CALL_COLUMNS, RUN_COLUMNS, STEP_COLUMNS
from runs.models import Blob, BlobUse, Call, Event, Run, Signal, Step


def _names(model: type[Model], fields: Iterable[str]) -> list[str]:
    columns = {field.name: field.column for field in model._meta.concrete_fields}
    return [str(columns[name]) for name in fields]


def _insert(model: type[Model], fields: Iterable[str], conflict: str = "") -> str:
    columns = _names(model, fields)
    values = ", ".join(["%s"] * len(columns))
    quoted = ", ".join(f'"{column}"' for column in columns)
    return f'INSERT INTO "{model._meta.db_table}" ({quoted}) VALUES ({values}) {conflict}'  # noqa: S608 - our own names


def _upsert(model: type[Model], fields: tuple[str, ...], key: tuple[str, ...]) -> str:
    target = ", ".join(f'"{column}"' for column in _names(model, key))
    changes = ", ".join(
        f'"{column}" = excluded."{column}"'
        for column in _names(model, [name for name in fields if name not in key])
    )
    return _insert(model, fields, f"ON CONFLICT ({target}) DO UPDATE SET {changes}")


EVENT_FIELDS = ("run", "seq", "type", "step", "node", "at", "data", "refs")

INSERT_EVENTS = _insert(Event, EVENT_FIELDS)
INSERT_BLOBS = _insert(Blob, ("workspace", "hash", "text"), "ON CONFLICT DO NOTHING")
#: For a run's id, a workspace's and a hash.
USE_BLOBS = (
    f'INSERT INTO "{BlobUse._meta.db_table}" ("run_id", "blob_id") '  # noqa: S608
    f'SELECT %s, "id" FROM "{Blob._meta.db_table}" WHERE "workspace_id" = %s AND "hash" = %s '
    "ON CONFLICT DO NOTHING"
)
#: Asked again of each blob, in case a run began to use it.
DELETE_UNUSED_BLOB = (
    f'DELETE FROM "{Blob._meta.db_table}" WHERE "id" = %s AND NOT EXISTS '  # noqa: S608
    f'(SELECT 1 FROM "{BlobUse._meta.db_table}" WHERE "blob_id" = "{Blob._meta.db_table}"."id")'
)
#: Postgres: waits for whoever is writing blobs, and lets nobody begin.
LOCK_BLOBS = f'LOCK TABLE "{Blob._meta.db_table}" IN SHARE ROW EXCLUSIVE MODE'
UPSERT_STEPS = _upsert(Step, ("run", *STEP_COLUMNS), ("run", "key"))
UPSERT_CALLS = _upsert(Call, ("run", *CALL_COLUMNS), ("run", "step", "n", "attempt"))

_RUN_CHANGES = ", ".join(f'"{column}" = %s' for column in _names(Run, RUN_COLUMNS))
#: Changes no row when another process holds the run: that is the fence.
UPDATE_RUN = (
    f'UPDATE "{Run._meta.db_table}" SET {_RUN_CHANGES} WHERE "id" = %s AND "worker" = %s AND "fence" = %s'  # noqa: S608
)
CONSUME_SIGNALS = f'DELETE FROM "{Signal._meta.db_table}" WHERE "run_id" = %s'  # noqa: S608


def values(row: Any, columns: tuple[str, ...]) -> tuple[Any, ...]:
    """The values of a row's columns, in their order."""
    return tuple(getattr(row, column) for column in columns)
