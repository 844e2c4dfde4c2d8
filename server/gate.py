"""Back-pressure: a sender waits while the client's transport is full."""

from __future__ import annotations

import asyncio

from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer


@implementer(IPushProducer)
class Gate:
    """Twisted closes it when a transport holds more than it should, and opens it when all of that is sent."""

    def __init__(self) -> None:
        self._opening: asyncio.Future[None] | None = None

    @property
    def closed(self) -> bool:
        """Whether the transport is full."""
        return self._opening is not None

    async def opened(self, within_s: float) -> None:
        """Return once the gate is open or the connection lost. Raises TimeoutError."""
        if self._opening is not None:
            await asyncio.wait_for(asyncio.shield(self._opening), within_s)

    def pauseProducing(self) -> None:  # noqa: N802 - Twisted's name
        """Close."""
        if self._opening is None:
            self._opening = asyncio.get_event_loop().create_future()

    def resumeProducing(self) -> None:  # noqa: N802 - Twisted's name
        """Open."""
        opening, self._opening = self._opening, None
        if opening is not None and not opening.done():
            opening.set_result(None)

    def stopProducing(self) -> None:  # noqa: N802 - Twisted's name
        """The connection is lost: whoever waits learns it elsewhere."""
        self.resumeProducing()
