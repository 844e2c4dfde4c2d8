"""How long to wait before the next attempt: full jitter over a doubling back-off, Retry-After obeyed.

Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
"""

from __future__ import annotations

from random import Random

FIRST_S = 0.5
LONGEST_S = 30.0


def is_retryable(error: BaseException) -> bool:
    return bool(getattr(error, "retryable", False))


def delay_s(attempt: int, error: BaseException, chance: Random) -> float:
    """Seconds to wait after attempt `attempt` (from 1) failed with `error`."""
    after: float | None = getattr(error, "retry_after", None)
    if after is not None:
        return max(0.0, after)
    ceiling = min(LONGEST_S, FIRST_S * 2.0 ** (attempt - 1))
    return chance.uniform(0.0, ceiling)
