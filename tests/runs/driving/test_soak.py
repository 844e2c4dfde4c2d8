"""Nothing that a busy server does holds its event loop up."""

from __future__ import annotations

import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.runs.outside import agents, make_workflow, provider, start
from tests.server.live import Live, serve

SOAK_S = 60
#: One of them sends half a megabyte each time. More would keep two cores from beating at all.
CLIENTS = 6
#: How late the loop may be at the 99th percentile, as /metrics counts it, seconds.
LATE_S = "0.1"


def beats(live: Live) -> tuple[int, int]:
    """How many beats of the loop were on time, and how many there were, since the start."""
    metrics = live.ask("GET", "/metrics", token=None).body.decode()
    found = dict(re.findall(r'wireloom_loop_lag_seconds_bucket\{le="([^"]+)"\} (\d+)', metrics))
    return int(found[LATE_S]), int(found["+Inf"])


@pytest.mark.prove
def test_the_loop_turns_on_time_under_load(tmp_path):
    with provider(tmp_path, latency_ms=50) as stub, serve(tmp_path / "data", **stub.environment) as live:
        workflow = make_workflow(live, agents("one", "two", "three"))
        long = {"text": "word " * 100_000}
        runs = 0

        def drive(number: int) -> None:
            nonlocal runs
            until = time.monotonic() + SOAK_S
            while time.monotonic() < until:
                run = start(live, workflow, input=long if number == 0 else {}, headers={"Prefer": "wait=30"})
                assert run["status"] == "succeeded"
                runs += 1

        start(live, workflow, headers={"Prefer": "wait=30"})  # loads what is loaded late
        before = beats(live)
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(drive, range(CLIENTS)))
        on_time, beaten = (now - then for now, then in zip(beats(live), before, strict=True))
    print(f"{runs} runs; {on_time} of {beaten} beats on time")
    assert on_time >= 0.99 * beaten
