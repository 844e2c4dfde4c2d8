"""Waiting for a run's end without holding a thread (RFC 7240, `Prefer: wait=SECONDS`)."""

from __future__ import annotations

import asyncio
import re
import time

from rest_framework.request import Request

from accounts.web.threads import in_thread
from runs.models import Run, RunStatus
from runs.process import engine

#: Longer wishes are cut: somewhere in between a proxy loses patience.
LONGEST_WAIT_S = 300.0
_WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?([0-9]+)\"?\s*(?:$|[,;])", re.IGNORECASE)
#: How often a run that waits elsewhere is looked at, seconds.
_LOOK_S = 1.0


def preferred_wait_s(request: Request) -> float | None:
    """How long the caller wants to wait, in seconds; what cannot be read is no wish, as the RFC says."""
    wish = _WAIT.search(request.headers.get("Prefer", ""))
    return min(LONGEST_WAIT_S, float(wish[1])) if wish else None


def applied(wait_s: float | None) -> dict[str, str]:
    """The header that tells which wish was followed."""
    return {} if wait_s is None else {"Preference-Applied": f"wait={wait_s:.0f}"}


async def wait_for_end(run_id: str, timeout_s: float) -> None:
    """Return when the run has ended, or after the timeout."""
    deadline = time.monotonic() + timeout_s
    while (left := deadline - time.monotonic()) > 0:
        if await engine().ended(run_id, left) or not await in_thread(_goes_on, run_id):
            return
        # It waits, let go of, until its time comes: nobody here will tell us.
        await asyncio.sleep(max(0.0, min(_LOOK_S, deadline - time.monotonic())))


def _goes_on(run_id: str) -> bool:
    going = (RunStatus.PENDING, RunStatus.RUNNING, RunStatus.WAITING)
    return Run.objects.unscoped().filter(pk=run_id, status__in=going).exists()
