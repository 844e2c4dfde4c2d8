"""What runs are tested against: the real server, a provider scripted in its own process, the rules that every history keeps."""

from __future__ import annotations

import contextlib
import itertools
import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests import postgres
from tests.server.live import ROOT, Live, query

TERMINAL = {"run.succeeded", "run.failed", "run.cancelled"}
STEP_ENDS = {"step.succeeded", "step.failed", "step.skipped", "step.cancelled"}


class Provider:
    """The scripted provider in a process of its own; every call is in its log, whoever dies."""

    def __init__(self, port: int, log: Path) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._log = log

    @property
    def environment(self) -> dict[str, str]:
        """What the server is told, so that `openai/…` is this provider."""
        return {
            "OPENAI_API_KEY": "sk-test-0123456789abcdef",
            "OPENAI_BASE_URL": f"{self.url}/v1",
            "WIRELOOM_LOCAL_MODEL": "0",
        }

    def script(self, *answers: dict[str, Any]) -> None:
        request = urllib.request.Request(
            f"{self.url}/script", json.dumps(answers).encode(), {"Content-Type": "application/json"}
        )
        urllib.request.urlopen(request, timeout=10).close()

    @property
    def prompts(self) -> list[str]:
        """The last message of each call, in the order of their arrival."""
        if not self._log.exists():
            return []
        calls = [json.loads(line) for line in self._log.read_text(encoding="utf-8").splitlines()]
        return [call["body"]["messages"][-1]["content"] for call in calls]


@contextlib.contextmanager
def provider(folder: Path, *, latency_ms: float = 0) -> Iterator[Provider]:
    log = folder / f"calls-{time.monotonic_ns()}.jsonl"
    command = [
        sys.executable,
        "-m",
        "tests.stubs.provider",
        "--log",
        str(log),
        "--latency-ms",
        str(latency_ms),
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Provider(int(process.stdout.readline()), log)
        finally:
            process.terminate()


def agents(*ids: str) -> dict[str, Any]:
    """A chain of agents, each with a prompt of its own."""
    nodes = [
        {"id": name, "type": "agent", "config": {"model": "openai/stub", "prompt": f"Do {name}."}}
        for name in ids
    ]
    edges = [{"source": one, "target": two, "context": False} for one, two in itertools.pairwise(ids)]
    return {"schema": 1, "nodes": nodes, "edges": edges}


def make_workflow(live: Live, graph: dict[str, Any], name: str = "Under test") -> str:
    answer = live.ask("POST", "/api/v1/workflows/", {"name": name, "graph": graph})
    assert answer.status == 201, answer.body
    return str(answer.json["id"])


def start(live: Live, workflow: str, *, headers: dict[str, str] | None = None, **body: Any) -> dict[str, Any]:
    answer = live.ask("POST", f"/api/v1/workflows/{workflow}/runs/", {"input": {}, **body}, headers=headers)
    assert answer.status in (200, 202), answer.body
    run: dict[str, Any] = answer.json
    return run


def kill(live: Live) -> None:
    """Kill the server; on Postgres, as if its lease had run out already."""
    live.process.send_signal(signal.SIGKILL)
    live.process.wait()
    if postgres.CHOSEN:
        query(live.data_dir, "UPDATE runs_worker SET heartbeat_at = heartbeat_at - interval '1 minute'")


def run_of(live: Live, run_id: str) -> dict[str, Any]:
    run: dict[str, Any] = live.ask("GET", f"/api/v1/runs/{run_id}/").json
    return run


def until(live: Live, run_id: str, *statuses: str, within_s: float = 30) -> dict[str, Any]:
    """The run, once it has one of the statuses."""
    deadline = time.monotonic() + within_s
    while (run := run_of(live, run_id))["status"] not in statuses:
        assert time.monotonic() < deadline, run
        time.sleep(0.03)
    return run


def events_of(live: Live, run_id: str) -> list[dict[str, Any]]:
    """All events so far, page by page."""
    found: list[dict[str, Any]] = []
    url = f"/api/v1/runs/{run_id}/events/?limit=200"
    while url:
        page = live.ask("GET", url).json
        found += page["results"]
        url = (page["next"] or "").removeprefix(live.url)
    return found


def check_history(events: list[dict[str, Any]]) -> None:
    """What is true of every run that has ended, whatever happened to it on the way."""
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    types = [event["type"] for event in events]
    assert types[0] == "run.started"
    assert [kind for kind in types if kind in TERMINAL] == types[-1:]
    ended: Counter[str] = Counter()
    for event in events:
        if event["type"] in ("step.started", "step.waiting"):
            assert not ended[event["step"]], f"{event['step']} started after its end"
        if event["type"] in STEP_ENDS:
            ended[event["step"]] += 1
    assert set(ended.values()) <= {1}
