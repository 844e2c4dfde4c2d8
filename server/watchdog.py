"""A watch over the event loop: whoever holds it up is logged with their stack, and counted."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
import traceback
from bisect import bisect_left
from collections.abc import Iterator

from accounts.web.health import Metric, Sample, health
from accounts.web.lifecycle import Lifecycle

logger = logging.getLogger("wireloom.loop")

#: How often the loop shows that it turns, and how late it may be, seconds.
BEAT_S = 0.1
LATE_S = 0.25
#: How late beats are told apart in /metrics, seconds.
BOUNDS_S = (0.005, 0.025, 0.1, LATE_S, 1.0)


class Watchdog:
    """Beats on the loop and counts how late each beat is; a thread looks whether one is overdue."""

    def __init__(self) -> None:
        self._counts = [0] * (len(BOUNDS_S) + 1)
        self._late_s = 0.0
        self._due = float("inf")
        self._told = False
        self._ended = threading.Event()
        self._beating: asyncio.Task[None] | None = None

    def keep(self, lifecycle: Lifecycle) -> None:
        """Begin and end with the server, and show the counts in /metrics."""
        lifecycle.on_start(self.start)
        lifecycle.on_stop(self.stop)
        health.metric(
            Metric(
                "wireloom_loop_lag_seconds",
                "How late the event loop was, looked at ten times a second.",
                "histogram",
                self._lags,
            )
        )
        health.metric(
            Metric(
                "wireloom_loop_stalls_total",
                "Times that something held the event loop up for more than a quarter of a second.",
                "counter",
                lambda: iter([Sample(self.stalls)]),
            )
        )

    @property
    def stalls(self) -> int:
        """How many beats came later than `LATE_S`."""
        return sum(self._counts[BOUNDS_S.index(LATE_S) + 1 :])

    async def start(self) -> None:
        """Watch the running loop."""
        self._ended.clear()
        self._beating = asyncio.create_task(self._beat(), name="loop watchdog")
        watch = threading.Thread(
            target=self._watch, args=[threading.get_ident()], name="loop watchdog", daemon=True
        )
        watch.start()

    async def stop(self) -> None:
        """Watch no more."""
        self._ended.set()
        if self._beating is not None:
            self._beating.cancel()

    async def _beat(self) -> None:
        while True:
            self._due, self._told = time.monotonic() + BEAT_S, False
            await asyncio.sleep(BEAT_S)
            late_s = max(0.0, time.monotonic() - self._due)
            self._counts[bisect_left(BOUNDS_S, late_s)] += 1
            self._late_s += late_s
            if late_s > LATE_S:
                logger.warning("The event loop was held up for %.0f ms.", late_s * 1000)

    def _watch(self, loop_thread: int) -> None:
        while not self._ended.wait(BEAT_S / 2):
            if time.monotonic() > self._due + LATE_S and not self._told:
                self._told = True
                self._tell_where(loop_thread)

    def _tell_where(self, loop_thread: int) -> None:
        frame = sys._current_frames().get(loop_thread)
        if frame is not None:
            stack = "".join(traceback.format_stack(frame))
            logger.warning("The event loop is held up at:\n%s", stack.rstrip())

    def _lags(self) -> Iterator[Sample]:
        below = 0
        for bound, count in zip((*BOUNDS_S, float("inf")), self._counts, strict=True):
            below += count
            yield Sample(below, (("le", f"{bound:g}".replace("inf", "+Inf")),), "_bucket")
        yield Sample(self._late_s, suffix="_sum")
        yield Sample(below, suffix="_count")


watchdog = Watchdog()
