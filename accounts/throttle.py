"""Counting failures in a sliding window, in this process."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

#: Keys remembered at most; the ones longest quiet go first.
MAX_KEYS = 10_000


class Throttle:
    """Lets a key fail `limit` times within `window_s` seconds."""

    def __init__(self, *, limit: int, window_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._window_s = window_s
        self._clock = clock
        self._failures: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def wait_s(self, key: str) -> float:
        """Seconds until `key` may try again; 0 when it may now."""
        with self._lock:
            failures = self._recent(key)
            return failures[0] + self._window_s - self._clock() if len(failures) >= self._limit else 0.0

    def fail(self, key: str) -> None:
        """Count one failure of `key`."""
        with self._lock:
            failures = self._recent(key)
            failures.append(self._clock())
            self._failures.pop(key, None)
            self._failures[key] = failures
            if len(self._failures) > MAX_KEYS:
                del self._failures[next(iter(self._failures))]

    def clear(self) -> None:
        """Forgive everybody."""
        with self._lock:
            self._failures.clear()

    def _recent(self, key: str) -> deque[float]:
        failures = self._failures.get(key, deque())
        while failures and failures[0] <= self._clock() - self._window_s:
            failures.popleft()
        return failures
