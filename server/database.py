"""Where rows are kept: SQLite in WAL mode in the data directory, or the Postgres that a URL names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.db import connection

#: How long a writer waits for another, seconds.
BUSY_TIMEOUT_S = 15
#: Postgres' options unless the URL says otherwise: a server that has gone is given up on before a lease runs out.
POSTGRES_OPTIONS = {"application_name": "wireloom", "connect_timeout": "5", "tcp_user_timeout": "10000"}
#: The advisory lock under which servers start, one at a time: "wireloom" in hexadecimal, cut to 63 bits.
START_LOCK = 0x776972656C6F6F6D >> 1


def sqlite(data_dir: Path, durability: str) -> dict[str, Any]:
    """A database that loses nothing when the process dies; with `full`, nothing when the machine does.

    Every transaction takes the write lock when it begins: SQLite refuses at
    once, whatever the timeout, to turn a reader into a writer.
    """
    synchronous = {"normal": "NORMAL", "full": "FULL"}[durability]
    return {
        "ENGINE": "server.sqlite",
        "NAME": data_dir / "wireloom.sqlite3",
        "CONN_MAX_AGE": None,
        # A file too: threads that share a database in memory lock each other out of tables.
        "TEST": {"NAME": data_dir / "test.sqlite3"},
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": BUSY_TIMEOUT_S,
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous}; PRAGMA temp_store=MEMORY;",
        },
    }


def postgres(url: str) -> dict[str, Any]:
    """The database of `postgres://user:password@host:port/name?option=value`."""
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": parts.port or "",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**POSTGRES_OPTIONS, **dict(parse_qsl(parts.query))},
    }


@contextmanager
def one_start_at_a_time() -> Iterator[None]:
    """Keep other servers on the same Postgres from migrating it, or making what is missing, meanwhile."""
    if connection.vendor == "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [START_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [START_LOCK])
