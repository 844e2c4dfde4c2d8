"""What the server counts about requests, shown in /metrics."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator

from accounts.web.health import Metric, Sample, health


class Requests:
    """How many requests were answered, by the first digit of their status, and how long they took."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_class: Counter[str] = Counter()
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


def register() -> None:
    """Show the counts in /metrics."""
    health.metric(
        Metric(
            "wireloom_http_requests_total",
            "Answered requests by class of status.",
            "counter",
            requests.totals,
        )
    )
    health.metric(
        Metric(
            "wireloom_http_seconds_total", "Seconds spent answering requests.", "counter", requests.seconds
        )
    )
