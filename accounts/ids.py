"""Ids that are opaque to clients and sort by the time they were made."""

from __future__ import annotations

import secrets
import threading
import time

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 26

_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """48 bits of milliseconds and 80 of chance in Crockford's base 32, always above the last one made here (as ULID)."""
    global _last  # noqa: PLW0603 - the one number that keeps ids of one millisecond in order
    fresh = time.time_ns() // 1_000_000 << 80 | secrets.randbits(80)
    with _lock:
        _last = fresh if fresh > _last else _last + 1
        value = _last
    return "".join(ALPHABET[value >> shift & 31] for shift in range(125, -1, -5))
