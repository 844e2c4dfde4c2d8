"""The server from outside: bodies, sockets, hosts, memory, one server per data directory."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import socket
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.server.live import ORIGIN, PUBLIC_HOST, TOKEN, Live, manage, serve

MIB = 1024 * 1024


def send_body(live: Live, size: int, *, announced: bool, headers: dict[str, str]) -> tuple[int, Any]:
    """Send `size` bytes as a client does that reads its answer only when sending fails or ends."""
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=30)
    connection.putrequest("POST", "/api/v1/workflows/")
    for name, value in {"Content-Type": "application/json", **headers}.items():
        connection.putheader(name, value)
    connection.putheader(*(("Content-Length", str(size)) if announced else ("Transfer-Encoding", "chunked")))
    connection.endheaders()
    piece = b"x" * MIB
    try:
        for _ in range(size // MIB):
            connection.send(piece if announced else b"%x\r\n%s\r\n" % (len(piece), piece))
        if not announced:
            connection.send(b"0\r\n\r\n")
    except (BrokenPipeError, ConnectionResetError):
        pass
    answer = connection.getresponse()
    assert answer.headers["Content-Type"] == "application/problem+json"
    told = json.loads(answer.read())
    connection.close()
    return answer.status, told["code"]


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_is_refused_as_it_passes_the_limit(live: Live, announced: bool) -> None:
    before = live.memory_mib()

    refused = send_body(live, 300 * MIB, announced=announced, headers={"Authorization": f"Bearer {TOKEN}"})

    assert refused == (413, "body_too_large")
    assert live.memory_mib() - before < 50


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer garbage"}, {"Cookie": "wireloom_session=garbage"}]
)
def test_a_stranger_sends_no_large_body(live: Live, headers: dict[str, str]) -> None:
    assert send_body(live, 3 * MIB, announced=True, headers=headers) == (401, "unauthorized")


def test_a_large_body_below_the_limit_arrives_whole(live: Live) -> None:
    answer = live.ask(
        "POST", "/api/v1/workflows/", {"name": "x", "graph": {"nodes": [], "inputs": {"x": "y" * 3 * MIB}}}
    )

    assert answer.status == 201
    assert len(answer.json["graph"]["inputs"]["x"]) == 3 * MIB


def test_a_connection_serves_on_after_an_answer(live: Live) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", live.port, timeout=10)
    statuses = []
    for _ in range(3):
        connection.request("GET", "/api/v1/me/", headers={"Authorization": f"Bearer {TOKEN}"})
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()

    assert statuses == [200, 200, 200]


def test_the_head_of_an_answer_is_that_of_the_answer(live: Live) -> None:
    for path in ("/static/docs/docs.js", "/api/v1/me/"):
        head, whole = live.ask("HEAD", path), live.ask("GET", path)

        assert (head.status, head.body) == (200, b"")
        assert head.headers["Content-Length"] == whole.headers["Content-Length"] == str(len(whole.body))


def raw(live: Live, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", live.port), timeout=10) as connection:
        connection.sendall(request)
        received = b""
        while piece := connection.recv(65536):
            received += piece
    return received


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /api/v1/workflows/%00/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"404"),
        (b"GET /%ff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"404"),
        (b"GET /api/v1/workflows/?q=%ff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"401"),
        (b"GET /\xff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: a\x00b\r\nConnection: close\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + (b"X: " + b"x" * 9000 + b"\r\n") * 3 + b"\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", b"400"),
        (b"GET /health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", b"200"),
    ],
)
def test_odd_requests_are_answered(live: Live, request_: bytes, status: bytes) -> None:
    assert raw(live, request_).split(b" ", 2)[1] == status


def test_a_preflight_of_a_listed_origin_is_let_through(live: Live) -> None:
    headers = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}

    answer = live.ask("OPTIONS", "/api/v1/workflows/", token=None, headers=headers)

    assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (204, ORIGIN)


def test_two_hundred_clients_that_never_finish_asking_stop_nobody(live: Live) -> None:
    slow = [socket.create_connection(("127.0.0.1", live.port)) for _ in range(200)]
    try:
        for connection in slow:
            connection.sendall(
                b"POST /api/v1/workflows/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"
            )
        began = time.monotonic()
        assert live.ask("GET", "/health/live").status == 200
        assert time.monotonic() - began < 1
    finally:
        for connection in slow:
            connection.close()


def test_a_busy_database_makes_writers_wait_and_stops_nobody_else(live: Live) -> None:
    def write(number: int) -> int:
        return live.ask("POST", "/api/v1/workflows/", {"name": f"Writer {number}"}).status

    other = sqlite3.connect(live.data_dir / "wireloom.sqlite3", isolation_level=None)
    with contextlib.closing(other), ThreadPoolExecutor(20) as pool:
        other.execute("BEGIN IMMEDIATE")
        writers = [pool.submit(write, number) for number in range(20)]
        time.sleep(1)
        began = time.monotonic()
        health = live.ask("GET", "/health").status
        answered_in_s = time.monotonic() - began
        other.execute("ROLLBACK")

        assert [writer.result() for writer in writers] == [201] * 20
    assert (health, answered_in_s < 1) == (200, True)


def test_health_and_metrics_need_no_token_and_name_nobody(live: Live) -> None:
    live.ask("POST", "/api/v1/workflows/", {"name": "Canary"})

    answers = [
        live.ask("GET", path, token=None) for path in ("/health", "/health/live", "/health/ready", "/metrics")
    ]

    assert [answer.status for answer in answers] == [200, 200, 200, 200]
    assert answers[2].json["checks"]["database"] == "ok"
    metrics = answers[3].body.decode()
    assert 'wireloom_http_requests_total{status="2xx"}' in metrics
    assert not [word for word in ("canary", "owner", "wl_") if word in metrics.lower()]


def session_cookie(live: Live) -> str:
    """A session's cookie, by the link that the start printed or one made by a new start."""
    assert live.link is not None
    if not hasattr(live, "_cookie"):
        answer = live.ask("GET", live.link, token=None)
        assert (answer.status, answer.headers["Location"][:11]) == (302, "/workflows/")
        cookies = [value.split(";")[0] for value in answer.headers.get_all("Set-Cookie", [])]
        live._cookie = next(one for one in cookies if one.startswith("wireloom_session="))  # type: ignore[attr-defined]  # the link works once
    return str(live._cookie)  # type: ignore[attr-defined]


async def opened(live: Live, path: str, **options: Any) -> tuple[Any, ...]:
    """The frames and the close code of a socket, or the status that refused it."""
    async with aiohttp.ClientSession() as client:
        try:
            async with client.ws_connect(live.url + path, **options) as ws:
                frames = [json.loads(message.data) async for message in ws]
                return (*frames, ws.close_code)
        except aiohttp.WSServerHandshakeError as error:
            return (error.status,)


def refused(code: str, message: str, close: int) -> tuple[Any, ...]:
    return ({"error": {"code": code, "message": message}}, close)


NOT_FOUND = refused("not_found", "There is nothing at this address.", 4404)


def test_a_session_works_where_tls_ends_in_front_of_the_server(live: Live) -> None:
    cookie = session_cookie(live)
    page = live.ask("GET", "/sign-in/", token=None, headers={"Cookie": cookie})
    csrf = next(
        value.split(";")[0]
        for value in page.headers.get_all("Set-Cookie", [])
        if value.startswith("csrftoken=")
    )

    def made(origin: str) -> int:
        headers = {
            "Host": PUBLIC_HOST,
            "Origin": origin,
            "Cookie": f"{cookie}; {csrf}",
            "X-CSRFToken": csrf.partition("=")[2],
        }
        return live.ask("POST", "/api/v1/workflows/", {"name": "x"}, token=None, headers=headers).status

    assert [made(f"https://{PUBLIC_HOST}"), made("https://evil.example")] == [201, 403]


async def test_a_socket_at_no_address_is_told_so(live: Live) -> None:
    assert await opened(live, "/ws/nothing/") == NOT_FOUND


async def test_a_cookie_socket_needs_our_own_origin(live: Live) -> None:
    cookie = {"Cookie": session_cookie(live)}
    origins = [
        None,
        "https://evil.example",
        "null",
        ORIGIN,
        live.url.replace("127.0.0.1", "localhost"),
        live.url,
    ]

    seen = [
        await opened(live, "/ws/runs/nothing/", headers=cookie | ({"Origin": origin} if origin else {}))
        for origin in origins
    ]

    assert [one[-1] for one in seen] == [403, 403, 403, 403, 403, 4404]


@pytest.mark.parametrize(
    ("options", "close"),
    [
        ({}, 4401),
        ({"headers": {"Authorization": "Bearer garbage"}}, 4401),
        ({"headers": {"Authorization": "Basic x"}}, 4401),
        ({"protocols": ["wireloom.v1", "bearer.garbage"]}, 4401),
        ({"headers": {"Authorization": f"Bearer {TOKEN}"}}, 4404),
        (
            {
                "protocols": ["wireloom.v1", f"bearer.{TOKEN}"],
                "headers": {"Origin": "https://anywhere.example"},
            },
            4404,
        ),
    ],
)
async def test_a_socket_lets_in_who_shows_a_token(live: Live, options: dict[str, Any], close: int) -> None:
    assert (await opened(live, "/ws/runs/nothing/", **options))[-1] == close


async def test_a_token_in_a_sockets_address_is_refused(live: Live) -> None:
    assert (await opened(live, f"/ws/runs/nothing/?token={TOKEN}"))[-1] == 4401


async def test_the_subprotocol_that_holds_a_token_is_never_echoed(live: Live) -> None:
    async with aiohttp.ClientSession() as client:
        options = {"protocols": [f"bearer.{TOKEN}", "wireloom.v1"]}
        async with client.ws_connect(f"{live.url}/ws/runs/nothing/", **options) as ws:
            assert ws.protocol == "wireloom.v1"


def test_a_second_server_on_the_same_data_is_refused_in_one_sentence(live: Live) -> None:
    second = manage("serve", live.data_dir)

    assert (second.returncode, second.stdout) == (1, "")
    assert (
        second.stderr
        == f"Another server is running on the data in {str(live.data_dir)!r}; stop it or set WIRELOOM_DATA_DIR.\n"
    )


def test_a_port_in_use_is_told_in_one_sentence(live: Live, tmp_path: Path) -> None:
    manage("migrate", tmp_path)

    second = manage("serve", tmp_path, WIRELOOM_PORT=str(live.port))

    assert (second.returncode, second.stderr) == (
        1,
        f"Something else listens on 127.0.0.1:{live.port}; stop it or set WIRELOOM_PORT.\n",
    )


def test_an_address_of_another_machine_is_told_in_one_sentence(tmp_path: Path) -> None:
    manage("migrate", tmp_path)

    answer = manage("serve", tmp_path, WIRELOOM_HOST="192.0.2.1")

    assert answer.returncode == 1
    assert answer.stderr.startswith("WIRELOOM_HOST '192.0.2.1' and WIRELOOM_PORT 0 cannot be served at: ")


def test_doctor_says_how_things_stand(live: Live, tmp_path: Path) -> None:
    running, empty = manage("doctor", live.data_dir), manage("doctor", tmp_path)

    assert (running.returncode, empty.returncode) == (0, 1)
    assert "one is running on this data" in running.stdout
    assert "SQLite answers and is up to date" in running.stdout
    assert "run 'manage.py migrate'" in empty.stdout


def test_a_database_that_is_behind_damaged_or_newer_is_not_served(tmp_path: Path) -> None:
    empty = manage("serve", tmp_path)
    (tmp_path / "wireloom.sqlite3").write_bytes(b"no database at all, " * 100)
    damaged = manage("serve", tmp_path)

    assert (empty.returncode, empty.stderr) == (
        1,
        "The database is not up to date: run 'manage.py migrate' first ('make run' does).\n",
    )
    assert (damaged.returncode, damaged.stderr) == (
        1,
        "The database cannot be used: file is not a database. Nothing was changed.\n",
    )
    assert (tmp_path / "wireloom.sqlite3").read_bytes() == b"no database at all, " * 100


def test_a_newer_database_or_another_key_is_not_served(tmp_path: Path) -> None:
    with serve(tmp_path) as server:
        server.ask(
            "POST",
            "/api/v1/credentials/",
            {"name": "x", "provider": "openai", "secret": "sk-canary-0123456789"},
        )
    database = (tmp_path / "wireloom.sqlite3").read_bytes()

    other_key = manage("serve", tmp_path, WIRELOOM_SECRET_KEY="k" * 50)

    assert other_key.returncode == 1
    assert other_key.stderr.startswith(
        "The credentials in the database were encrypted under another secret key"
    )
    assert b"sk-canary-0123456789" not in database

    with sqlite3.connect(tmp_path / "wireloom.sqlite3") as connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('builder', '0999_future', '2030-01-01')"
        )
    connection.close()
    newer = manage("serve", tmp_path)
    assert (newer.returncode, newer.stderr) == (
        1,
        "The database was written by a newer version of Wireloom; start that one.\n",
    )


def test_a_bad_setting_stops_the_start_in_one_sentence(tmp_path: Path) -> None:
    answer = manage("serve", tmp_path, WIRELOOM_PORT="http")

    assert (answer.returncode, answer.stdout) == (2, "")
    assert answer.stderr == "WIRELOOM_PORT is 'http', but must be a whole number from 0 to 65535.\n"


def test_a_limit_of_a_node_type_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    answer = manage("serve", tmp_path, WIRELOOM_LIMITS="agent=8,vendor.type=2,http_requests=16")

    assert (answer.returncode, answer.stderr) == (
        2,
        "WIRELOOM_LIMITS names 'http_requests', but there is no such type of node.\n",
    )


def test_it_stops_cleanly_and_starts_again_with_a_new_link(tmp_path: Path) -> None:
    with serve(tmp_path) as first:
        answer = first.ask("GET", "/api/v1/workflows/")
        code = first.stop()
    with serve(tmp_path) as second:
        again = second.ask("GET", "/api/v1/workflows/")

        assert (answer.status, code) == (200, 0)
        assert [one["slug"] for one in again.json["results"]] == ["research-pipeline"]
        assert again.json == answer.json
        assert first.link != second.link
        assert second.ask("GET", str(first.link), token=None).status == 404


def test_a_start_is_quick_and_small(tmp_path: Path) -> None:
    manage("migrate", tmp_path)
    began = time.monotonic()
    with serve(tmp_path) as server:
        assert server.ask("GET", "/health").status == 200
        # Generous: the machine may be busy. The figure itself is measured by the bench.
        assert time.monotonic() - began < 20
        assert server.memory_mib() < 200


async def test_many_sockets_at_once_are_answered(live: Live) -> None:
    seen = await asyncio.gather(*(opened(live, "/ws/nothing/") for _ in range(50)))

    assert seen == [NOT_FOUND] * 50


def test_a_start_with_migrate_makes_the_database_itself(tmp_path: Path) -> None:
    with serve(tmp_path, "--migrate") as live:
        assert live.ask("GET", "/api/v1/me/").status == 200


def test_the_models_come_in_pages_as_every_list_does(live: Live) -> None:
    whole = live.ask("GET", "/api/v1/models/").json
    first = live.ask("GET", "/api/v1/models/?limit=1").json

    assert first["results"] == whole["results"][:1]
    assert first["default"] == whole["default"]
    assert live.ask("GET", "/api/v1/models/?cursor=x").code == "bad_cursor"
    assert live.ask("GET", "/api/v1/models/?limit=0").status == 422
