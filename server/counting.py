"""What the server counts and measures of itself, shown in /metrics."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from accounts.web.health import Metric, Sample, health
from accounts.web.vigil import vigil
from runs.process import engine
from wireloom.engine.limits import LimitUse

STATM = Path("/proc/self/statm")


class Requests:
    """How many requests were answered, by the first digit of their status, and how long they took."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # From zero on, so that the first error is seen as a rise.
        self._by_class = Counter({"2xx": 0, "3xx": 0, "4xx": 0, "5xx": 0})
        self._seconds = 0.0

    def count(self, status: int, seconds: float) -> None:
        """Note one answer."""
        with self._lock:
            self._by_class[f"{status // 100}xx"] += 1
            self._seconds += seconds

    def totals(self) -> Iterator[Sample]:
        """One sample per class of status."""
        with self._lock:
            counts = sorted(self._by_class.items())
        return (Sample(count, (("status", name),)) for name, count in counts)

    def seconds(self) -> Iterator[Sample]:
        """The time spent on all of them together."""
        yield Sample(self._seconds)


requests = Requests()


def sockets() -> Iterator[Sample]:
    """How many sockets are open."""
    yield Sample(len(vigil))


def limits(value: Callable[[LimitUse], float]) -> Callable[[], Iterator[Sample]]:
    """One sample per limit of WIRELOOM_LIMITS, named by the node type."""
    return lambda: (Sample(value(one), (("limit", one.name),)) for one in engine().limits.use())


def memory() -> Iterator[Sample]:
    """What the process holds, where the system tells: Linux."""
    if STATM.exists():
        yield Sample(int(STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE"))


def processor() -> Iterator[Sample]:
    """The time that the process has computed."""
    yield Sample(time.process_time())


METRICS = [
    Metric("wireloom_http_requests_total", "Answered requests by class of status.", "counter", requests.totals),
    Metric("wireloom_http_seconds_total", "Seconds spent answering requests.", "counter", requests.seconds),
    Metric("wireloom_sockets", "Open WebSockets.", "gauge", sockets),
    Metric("wireloom_limit_size", "What may go on at once.", "gauge", limits(lambda one: one.limit)),
    Metric("wireloom_limit_in_use", "What goes on now.", "gauge", limits(lambda one: one.in_use)),
    Metric("wireloom_limit_waiting", "What waits for its turn.", "gauge", limits(lambda one: one.queued)),
    Metric("process_resident_memory_bytes", "Memory that the process holds.", "gauge", memory),
    Metric("process_cpu_seconds_total", "Seconds that the process has computed.", "counter", processor),
]  # fmt: skip


def register() -> None:
    """Show them all in /metrics."""
    for metric in METRICS:
        health.metric(metric)
