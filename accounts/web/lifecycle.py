"""What runs beside requests: apps register it in `AppConfig.ready`, the server starts and stops it on its event loop."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

type Hook = Callable[[], Awaitable[None]]


@dataclass
class Lifecycle:
    """Hooks start in the order of their registration and stop in the reverse order.

    `drain` hooks run first when the server stops, all at once, while requests
    under way still end.
    """

    starts: list[Hook] = field(default_factory=list)
    drains: list[Hook] = field(default_factory=list)
    stops: list[Hook] = field(default_factory=list)
    draining: bool = False

    def on_start(self, hook: Hook) -> Hook:
        """Run `hook` before the server listens; if it raises, the server does not start."""
        self.starts.append(hook)
        return hook

    def on_drain(self, hook: Hook) -> Hook:
        """Run `hook` when the server was told to stop and takes no new work."""
        self.drains.append(hook)
        return hook

    def on_stop(self, hook: Hook) -> Hook:
        """Run `hook` last, when no request is under way."""
        self.stops.append(hook)
        return hook


lifecycle = Lifecycle()
