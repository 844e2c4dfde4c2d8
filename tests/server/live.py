"""A real server in a process of its own, started once for all tests that look at it from outside."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests import postgres

ROOT = Path(__file__).parents[2]
TOKEN = "wl_live-tests-service-token"
ORIGIN = "https://app.example.com"
#: How clients reach the server where TLS ends in front of it.
PUBLIC_HOST = "wire.example.com"
STARTS_WITHIN_S = 30


@dataclass
class Answer:
    """What the server answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of a problem, which must be told as one."""
        assert self.headers["Content-Type"] == "application/problem+json", (self.status, self.body[:200])
        return str(self.json["code"])


@dataclass
class Live:
    """A server under test."""

    process: subprocess.Popen[str]
    data_dir: Path
    port: int
    link: str | None
    output: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = TOKEN,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Ask once, over a connection of its own. `body` is sent as JSON, unless it is bytes already."""
        sent = {"Authorization": f"Bearer {token}"} if token else {}
        if body is not None and not isinstance(body, bytes):
            body, sent = json.dumps(body).encode(), {**sent, "Content-Type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(connection):
            connection.request(method, path, body=body, headers={**sent, **(headers or {})})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())

    def memory_mib(self) -> float:
        """What the process holds now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def stop(self) -> int:
        """Tell it to stop, and give its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def manage(command: str, data_dir: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one of manage.py's commands to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", command],
        cwd=ROOT,
        env=environment_of(data_dir, environment),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@cache
def fresh_data() -> Path:
    """A data directory with a migrated, empty database: made once, then copied."""
    folder = Path(tempfile.mkdtemp(prefix="wireloom-fresh-"))
    migrated = manage("migrate", folder)
    assert migrated.returncode == 0, migrated.stderr
    (folder / "secret_key").unlink()
    return folder


def environment_of(data_dir: Path, more: dict[str, str]) -> dict[str, str]:
    """This process' environment, the server's own settings replaced."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("WIRELOOM_")}
    return {**kept, "WIRELOOM_DATA_DIR": str(data_dir), "WIRELOOM_PORT": "0", **more}


@cache
def fresh_database() -> str:
    """The name of a migrated, empty database on Postgres, to be copied."""
    url = postgres.new_database()
    migrated = manage("migrate", Path(tempfile.mkdtemp()), WIRELOOM_DATABASE_URL=url)
    assert migrated.returncode == 0, migrated.stderr
    return urlsplit(url).path.strip("/")


@cache
def _postgres_of(data_dir: Path) -> str:
    return postgres.new_database(fresh_database())


def _database_of(data_dir: Path) -> dict[str, str]:
    """What the server is told of the database that goes with `data_dir`, which is made if it is not there."""
    if postgres.CHOSEN:
        return {"WIRELOOM_DATABASE_URL": _postgres_of(data_dir)}
    if not (data_dir / "wireloom.sqlite3").exists():
        shutil.copytree(fresh_data(), data_dir, dirs_exist_ok=True)
    return {}


def query(data_dir: Path, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run a statement, with `?` for each value, on the database that goes with `data_dir`; give its rows."""
    if postgres.CHOSEN:
        return postgres.execute(statement.replace("?", "%s"), *values, url=_postgres_of(data_dir))
    with closing(sqlite3.connect(data_dir / "wireloom.sqlite3", isolation_level=None)) as database:
        return database.execute(statement, values).fetchall()


@contextlib.contextmanager
def serve(
    data_dir: Path, *arguments: str, program: tuple[str, ...] = ("manage.py", "serve"), **environment: str
) -> Iterator[Live]:
    """A server on a free port, its database migrated; it is stopped in the end."""
    if "WIRELOOM_DATABASE_URL" not in environment:
        environment |= _database_of(data_dir)
    process = subprocess.Popen(
        [sys.executable, *program, *arguments],
        cwd=ROOT,
        env=environment_of(data_dir, {"WIRELOOM_API_TOKEN": TOKEN, **environment}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        yield _started(process, data_dir)
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stdout is not None
        process.stdout.close()


def _started(process: subprocess.Popen[str], data_dir: Path) -> Live:
    live = Live(process, data_dir, port=0, link=None)
    ready = threading.Event()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            live.output.append(line)
            if found := re.search(r"serves at http://[^:]+:(\d+)/", line):
                live.port = int(found[1])
            if found := re.search(r"http://\S+(/sign-in/\S+)", line):
                live.link = found[1]
                ready.set()
        ready.set()

    threading.Thread(target=read, daemon=True).start()
    # A server whose owner has a password prints no link.
    ready.wait(STARTS_WITHIN_S)
    assert live.port, "".join(live.output)
    return live


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """One server for all tests that only look at it and add to it."""
    with serve(
        tmp_path_factory.mktemp("live") / "data",
        WIRELOOM_CORS_ORIGINS=ORIGIN,
        WIRELOOM_ALLOWED_HOSTS=PUBLIC_HOST,
        WIRELOOM_MAX_BODY_MB="4",
    ) as server:
        yield server
