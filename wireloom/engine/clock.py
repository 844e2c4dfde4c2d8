"""The time that is outside."""

from __future__ import annotations

import asyncio
import time


class SystemClock:
    # The functions themselves: every event asks for the time.
    now = staticmethod(time.time)
    monotonic = staticmethod(time.monotonic)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
