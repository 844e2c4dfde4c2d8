"""A secret that was given once is found nowhere again: not in answers, not in rows, not in what the server prints."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.server.live import TOKEN, serve

CANARY = "sk-canary-d41d8cd98f00b204"


@contextmanager
def provider() -> Iterator[tuple[str, list[str]]]:
    """An OpenAI of our own that lets one key in; its base URL, and the Authorization headers that it saw."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(f"{self.path} {self.headers['Authorization']}")
            allowed = self.headers["Authorization"] == f"Bearer {CANARY}"
            self.send_response(200 if allowed else 401)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1", seen
    finally:
        server.shutdown()
        server.server_close()


def test_a_credential_is_tried_and_its_secret_shown_to_its_host_alone(tmp_path: Path) -> None:
    with (
        provider() as (url, seen),
        serve(tmp_path, WIRELOOM_EGRESS_ALLOW="127.0.0.1/32", WIRELOOM_LOG="json") as server,
    ):

        def keep(name: str, secret: str) -> str:
            body = {"name": name, "provider": "openai", "secret": secret, "base_url": url}
            return str(server.ask("POST", "/api/v1/credentials/", body).json["id"])

        good, bad = keep("good", CANARY), keep("bad", "sk-something-else")
        tried = [server.ask("POST", f"/api/v1/credentials/{one}/test/").json for one in (good, bad)]
        paths = [
            "/api/v1/credentials/",
            f"/api/v1/credentials/{good}/",
            "/api/v1/models/",
            "/metrics",
            "/api/schema/",
            "/api/v1/tokens/",
        ]
        answers = [server.ask("GET", path).body.decode() for path in paths]
        server.stop()
        printed = "".join(server.output)

    assert tried == [
        {"ok": True, "error": None},
        {"ok": False, "error": {"code": "provider_auth", "message": "OpenAI does not take this secret."}},
    ]
    assert f"/v1/models Bearer {CANARY}" in seen
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("wireloom.sqlite3*"))
    for secret in (CANARY, TOKEN):
        assert not [answer for answer in answers if secret in answer]
        assert secret not in printed
        assert secret.encode() not in kept


def test_logs_are_json_lines_where_that_is_asked_for(tmp_path: Path) -> None:
    with serve(tmp_path, WIRELOOM_LOG="json") as server:
        # A token that a client puts in a URL is refused, and must not be logged either.
        assert server.ask("GET", f"/api/v1/me/?token={TOKEN}", token=None).status == 401
        server.stop()

    logged = [line for line in server.output if line.startswith("{")]
    assert all({"at", "level", "logger", "message"} <= json.loads(line).keys() for line in logged)
    assert not [line for line in server.output if TOKEN in line]
