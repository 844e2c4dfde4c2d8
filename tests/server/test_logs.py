"""Lines for machines: with WIRELOOM_LOG=json whatever the server says is JSON, from its first line to its last."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.server.live import ROOT, environment_of, manage, serve


def lines(output: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in output.splitlines()]


def test_every_line_from_start_to_stop_is_json(tmp_path: Path) -> None:
    with serve(tmp_path, WIRELOOM_LOG="json") as server:
        server.ask("GET", "/nothing")
        assert server.stop() == 0

    told = lines("".join(server.output))
    assert [sorted(line) for line in told] == [["at", "level", "logger", "message"]] * len(told)
    messages = " ".join(line["message"] for line in told)
    assert f"Wireloom serves at http://127.0.0.1:{server.port}/" in messages
    assert re.search(rf"Sign in once with  http://127\.0\.0\.1:{server.port}/sign-in/[\w-]{{32}}", messages)


def test_why_a_server_does_not_start_is_json_too(tmp_path: Path) -> None:
    bad_setting = manage("serve", tmp_path, WIRELOOM_LOG="json", WIRELOOM_PORT="http")
    no_database = manage("serve", tmp_path, WIRELOOM_LOG="json")

    assert [line["message"] for line in lines(bad_setting.stderr)] == [
        "WIRELOOM_PORT is 'http', but must be a whole number from 0 to 65535."
    ]
    assert [line["message"] for line in lines(no_database.stderr)] == [
        "The database is not up to date: run 'manage.py migrate' first ('make run' does)."
    ]


PAST_THE_LOGGERS = """
import threading, warnings
import django
django.setup()
from server.logs import take_everything
take_everything()
warnings.warn("beware")
thread = threading.Thread(target=lambda: 1 / 0)
thread.start()
thread.join()
raise RuntimeError("broken")
"""


def test_what_is_printed_past_the_loggers_is_json_too(tmp_path: Path) -> None:
    environment = environment_of(
        tmp_path, {"WIRELOOM_LOG": "json", "DJANGO_SETTINGS_MODULE": "server.settings"}
    )
    done = subprocess.run(
        [sys.executable, "-c", PAST_THE_LOGGERS],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    told = lines(done.stderr)
    assert [line["level"] for line in told] == ["warning", "critical", "critical"]
    assert "beware" in told[0]["message"]
    assert [line["trace"].splitlines()[-1] for line in told[1:]] == [
        "ZeroDivisionError: division by zero",
        "RuntimeError: broken",
    ]
