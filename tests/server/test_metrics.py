"""What /metrics shows, and the watch over the event loop."""

from __future__ import annotations

import asyncio
import logging
import re
import time

import pytest

from accounts.web.health import Metric, Sample
from server.watchdog import Watchdog
from tests.server.live import Live

LINE = re.compile(r'([a-z_]+)(?:\{(?:[a-z]+="[A-Za-z0-9_.+]+",?)+\})? ([0-9.e+-]+|inf)')


def test_a_metric_reads_as_prometheus_writes_it() -> None:
    counter = Metric(
        "a_total", "How many.", "counter", lambda: [Sample(12_345_678), Sample(1, (("b", "c"),))]
    )
    histogram = Metric(
        "d", "How long.", "histogram", lambda: [Sample(1, (("le", "+Inf"),), "_bucket"), Sample(0.5, suffix="_sum")]
    )  # fmt: skip

    assert [*counter.lines(), *histogram.lines()] == [
        "# HELP a_total How many.",
        "# TYPE a_total counter",
        "a_total 12345678",
        'a_total{b="c"} 1',
        "# HELP d How long.",
        "# TYPE d histogram",
        'd_bucket{le="+Inf"} 1',
        "d_sum 0.5",
    ]


def test_everything_is_shown_that_an_operator_watches(live: Live) -> None:
    answer = live.ask("GET", "/metrics", token=None)

    lines = [line for line in answer.body.decode().splitlines() if not line.startswith("#")]
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert {line.partition(" ")[0].partition("{")[0] for line in lines} >= {
        "wireloom_http_requests_total", "wireloom_http_seconds_total", "wireloom_sockets",
        "wireloom_limit_size", "wireloom_limit_in_use", "wireloom_limit_waiting",
        "wireloom_loop_stalls_total", "wireloom_loop_lag_seconds_bucket", "wireloom_loop_lag_seconds_sum",
        "wireloom_loop_lag_seconds_count", "wireloom_runs_active", "wireloom_events_written_total",
        "wireloom_watchers", "process_resident_memory_bytes", "process_cpu_seconds_total",
    }  # fmt: skip
    assert 'wireloom_limit_size{limit="agent"} 64' in lines


def lags(watchdog: Watchdog) -> dict[str, float]:
    return {
        "".join([sample.suffix, *(value for _, value in sample.labels)]): sample.value
        for sample in watchdog._lags()
    }


def hold_up(seconds: float) -> None:
    time.sleep(seconds)


async def test_who_holds_the_loop_up_is_logged_and_counted(caplog: pytest.LogCaptureFixture) -> None:
    watchdog = Watchdog()
    with caplog.at_level(logging.WARNING, "wireloom.loop"):
        await watchdog.start()
        await asyncio.sleep(0.15)
        hold_up(0.6)
        await asyncio.sleep(0.15)
        await watchdog.stop()

    told = [record.getMessage() for record in caplog.records]
    counted = lags(watchdog)
    assert [one for one in told if "hold_up(0.6)" in one]
    assert [one for one in told if re.fullmatch(r"The event loop was held up for \d+ ms\.", one)]
    # A busy machine may hold it up once more.
    assert watchdog.stalls == counted["_bucket+Inf"] - counted["_bucket0.25"] >= 1
    assert counted["_count"] == counted["_bucket+Inf"] > watchdog.stalls
    assert counted["_sum"] > 0.4
