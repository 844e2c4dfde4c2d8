"""Circuit breakers: a model that fails again and again is left alone for a while.

One per provider, model and credential, for as long as the process lives: five
failures within a minute open it for a minute; then one call is let through,
and its outcome closes or opens it again. What the caller did wrong (4xx) says
nothing about the provider, and is not counted.

Source: Nygard, "Release It!", 2007.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import Literal

from wireloom.llm.errors import CircuitOpen, ProviderProtocolError, ProviderTimeout, ProviderUnavailable

FAILURES = 5
WINDOW_S = 60.0
OPEN_S = 60.0

type BreakerState = Literal["closed", "open", "half_open"]

#: The failures that are the provider's own.
_COUNTED = (ProviderUnavailable, ProviderTimeout, ProviderProtocolError)


class Breaker:
    """The breaker of one model as one credential reaches it. Each call is made `with` it."""

    __slots__ = ("_failed", "_model", "_monotonic", "_opened", "_probing")

    def __init__(self, model: str, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._model = model
        self._monotonic = monotonic
        self._failed: deque[float] = deque(maxlen=FAILURES)
        self._opened: float | None = None
        self._probing = False

    @property
    def state(self) -> BreakerState:
        if self._opened is None:
            return "closed"
        return "half_open" if self.left_s <= 0 else "open"

    @property
    def left_s(self) -> float:
        """Seconds until the next call is let through; 0 when it is."""
        return 0.0 if self._opened is None else max(0.0, self._opened + OPEN_S - self._monotonic())

    def __enter__(self) -> None:
        """Let one call through. Raises CircuitOpen if none may be made now."""
        if self._opened is None:
            return
        if self.left_s > 0 or self._probing:
            provider = self._model.partition("/")[0]
            wait = f"for {self.left_s:.0f} s more" if self.left_s > 0 else "while one call tries it"
            raise CircuitOpen(f"{self._model} failed too often and is left alone {wait}.", provider=provider)
        self._probing = True

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Learn from how the call ended: cut short, or refused for what was asked, it says nothing of the provider."""
        if kind is None:
            self._opened, self._probing = None, False
            self._failed.clear()
        elif issubclass(kind, _COUNTED):
            self._fail()
        else:
            self._probing = False

    def _fail(self) -> None:
        now = self._monotonic()
        if self._probing:
            self._opened, self._probing = now, False
            return
        self._failed.append(now)
        if len(self._failed) == FAILURES and now - self._failed[0] <= WINDOW_S:
            self._opened = now
            self._failed.clear()
