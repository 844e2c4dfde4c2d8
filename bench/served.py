"""The whole server: a persisted run of ten transform nodes over REST, its start, and what it holds when idle."""

from __future__ import annotations

import asyncio
import os
import secrets
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from bench.measuring import Row

ROOT = Path(__file__).resolve().parent.parent
TOKEN = "wl_" + secrets.token_hex(16)
NODES = 10
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Served:
    url: str
    pid: int
    #: Seconds from the command to the first answer.
    started_in: float

    def cpu(self) -> float:
        """Seconds of CPU that the server has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory_mb(self) -> float:
        pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def served() -> Iterator[Served]:
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("WIRELOOM_")},
            "WIRELOOM_DATA_DIR": folder,
            "WIRELOOM_PORT": "8099",
            "WIRELOOM_API_TOKEN": TOKEN,
        }
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True)
        began = time.perf_counter()
        command = [sys.executable, "manage.py", "serve"]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as process:
            try:
                url = "http://127.0.0.1:8099"
                _await_answer(url)
                yield Served(url, process.pid, time.perf_counter() - began)
            finally:
                process.terminate()


def _await_answer(url: str) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{url}/health/live", timeout=1).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
        else:
            return
    raise RuntimeError("The server did not answer within 30 s.")


def transforms() -> dict[str, Any]:
    nodes = [
        {"id": f"n{n}", "type": "transform", "config": {"template": f"{{{{ input.topic }}}} {n}"}}
        for n in range(NODES)
    ]
    edges = [{"source": f"n{n}", "target": f"n{n + 1}"} for n in range(NODES - 1)]
    return {"schema": 1, "nodes": nodes, "edges": edges}


async def load(server: Served, runs: int, at_once: int) -> tuple[float, float]:
    """CPU seconds of the server and wall seconds for so many runs."""
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as session:
        body = {"name": "Bench", "graph": transforms()}
        async with session.post(f"{server.url}/api/v1/workflows/", json=body) as answer:
            workflow = (await answer.json())["id"]
        url = f"{server.url}/api/v1/workflows/{workflow}/runs/"
        turns = asyncio.Semaphore(at_once)

        async def one() -> None:
            async with (
                turns,
                session.post(
                    url, json={"input": {"topic": "tides"}}, headers={"Prefer": "wait=30"}
                ) as answer,
            ):
                assert (await answer.json())["status"] == "succeeded"

        await asyncio.gather(*(one() for _ in range(50)))
        cpu, wall = server.cpu(), time.perf_counter()
        await asyncio.gather(*(one() for _ in range(runs)))
        return server.cpu() - cpu, time.perf_counter() - wall


def import_cost() -> tuple[float, float]:
    """Seconds and MB that `import wireloom` adds to a bare interpreter."""
    script = (
        "import os, time; began = time.perf_counter();"
        "import wireloom; print(time.perf_counter() - began, int(open('/proc/self/statm').read().split()[1]) * os.sysconf('SC_PAGE_SIZE') / 1e6)"
    )
    runs = [
        subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
        for _ in range(5)
    ]
    figures = [tuple(map(float, run.stdout.split())) for run in runs]
    return min(one[0] for one in figures), min(one[1] for one in figures)


def rows() -> Iterator[Row]:
    seconds, megabytes = import_cost()
    yield Row("import wireloom", "s", seconds, aim="at most 0.15")
    yield Row("import wireloom, the process with it", "MB", megabytes, aim="at most 45")
    with served() as server:
        yield Row("server, start to first answer", "s", server.started_in, aim="at most 3")
        time.sleep(2)
        yield Row("server, idle", "MB", server.memory_mb(), aim="under 200")
        for at_once in (1, 10):
            cpu, wall = asyncio.run(load(server, 400, at_once))
            yield Row(
                f"run of 10 transforms over REST, {at_once} at once",
                "ms CPU/run",
                cpu / 400 * 1000,
                aim="at most 10, wish 5",
            )
            yield Row("    the same", "runs/s", 400 / wall, aim="at least 100")
        yield Row("server, after 900 runs", "MB", server.memory_mb())
