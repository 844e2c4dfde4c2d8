"""Daphne, bounded: bodies are refused as they pass the limit, and a sender waits for a slow client."""

from __future__ import annotations

import asyncio
import errno
import logging
import signal
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

try:
    import uvloop
except ImportError:  # there is none for Windows
    pass
else:
    # Before daphne, which makes the loop for Twisted's reactor when it is imported.
    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())

from daphne.server import Server as Daphne
from daphne.server import twisted_loop
from twisted.internet import reactor as twisted_reactor
from twisted.internet.error import CannotListenError
from twisted.logger import ILogObserver, globalLogBeginner
from zope.interface import provider

from accounts.web.lifecycle import Lifecycle
from server.bodies import RequestFactory
from server.environment import StartRefused
from server.frames import FramesFactory

logger = logging.getLogger("wireloom.server")
reactor: Any = twisted_reactor

#: Pings find dead clients; a slow one must have time to be found slow, seconds.
PING_EVERY_S, PONG_WITHIN_S = 20, 90
#: How long requests under way, then everything else, may take to end when the server stops, seconds.
DRAIN_S, STOP_S = 15.0, 8.0


@dataclass(frozen=True, slots=True)
class Limits:
    """What a client may do."""

    max_body_bytes: int
    max_frame_bytes: int = 64 * 1024
    #: A client that takes nothing for so long is let go, seconds.
    slow_client_s: float = 60.0


class CannotListen(StartRefused):
    """The address cannot be served at."""


class Server(Daphne):  # type: ignore[misc]  # daphne has no types
    """Serves one application on one address until it is told to stop."""

    def __init__(
        self,
        application: Any,
        *,
        limits: Limits,
        lifecycle: Lifecycle,
        knows: Callable[[dict[str, str]], Awaitable[bool]],
    ) -> None:
        super().__init__(
            application,
            endpoints=["unused"],
            signal_handlers=False,
            ping_interval=PING_EVERY_S,
            ping_timeout=PONG_WITHIN_S,
            server_name="Wireloom",
        )
        self.limits = limits
        self.lifecycle = lifecycle
        #: Whether a request with these headers comes from somebody we let in.
        self.knows = knows
        self.loop: asyncio.AbstractEventLoop = twisted_loop
        self._tasks: set[asyncio.Task[None]] = set()

    def serve(self, host: str, port: int, announce: Callable[[int], None]) -> None:
        """Start what runs beside, listen, call `announce` with the port, and return when stopped.

        Raises CannotListen.
        """
        asyncio.set_event_loop(self.loop)
        globalLogBeginner.beginLoggingTo([_log_failure], redirectStandardIO=False, discardBuffer=True)
        self.connections: dict[Any, dict[str, Any]] = {}
        self._make_factories()
        self.loop.run_until_complete(self._start())
        try:
            listening = reactor.listenTCP(port, self.http_factory, interface=host, backlog=1024)
        except CannotListenError as error:
            self.loop.run_until_complete(self._end())
            raise _cannot_listen(host, port, error.socketError) from None
        self._watch_signals()
        reactor.callLater(1, self.application_checker)
        reactor.callLater(2, self.timeout_checker)
        reactor.addSystemEventTrigger("before", "shutdown", self.kill_all_applications)
        announce(listening.getHost().port)
        reactor.run(installSignalHandlers=False)

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run `work` on the loop, held on to until it ends."""
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """Send a message, and wait while the client has more to take than the transport should hold."""
        await super().handle_reply(protocol, message)
        if protocol.gate.closed:
            try:
                await protocol.gate.opened(self.limits.slow_client_s)
            except TimeoutError:
                protocol.too_slow()

    def kill_all_applications(self) -> None:
        """Cancel whatever is under way still."""
        for application in self._running():
            application.cancel()

    def _make_factories(self) -> None:
        self.http_factory = RequestFactory(self)
        self.ws_factory = FramesFactory(self, server=self.server_name)
        self.ws_factory.setProtocolOptions(
            autoPingTimeout=self.ping_timeout,
            allowNullOrigin=True,
            openHandshakeTimeout=self.websocket_handshake_timeout,
            closeHandshakeTimeout=10,
            maxMessagePayloadSize=self.limits.max_frame_bytes,
            maxFramePayloadSize=self.limits.max_frame_bytes,
        )

    def _watch_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            self.loop.add_signal_handler(number, self._told_to_stop)

    def _told_to_stop(self) -> None:
        if self.lifecycle.draining:
            logger.warning("Told to stop twice; stopping at once.")
            reactor.stop()
            return
        self.lifecycle.draining = True
        self.spawn(self._stop())

    async def _start(self) -> None:
        for hook in self.lifecycle.starts:
            await hook()

    async def _stop(self) -> None:
        await _within(
            DRAIN_S, asyncio.gather(*(hook() for hook in self.lifecycle.drains), return_exceptions=True)
        )
        await _within(DRAIN_S, self._requests_ended())
        await _within(STOP_S, self._end())
        reactor.stop()

    async def _requests_ended(self) -> None:
        while running := self._running():
            await asyncio.wait(running)

    async def _end(self) -> None:
        for hook in reversed(self.lifecycle.stops):
            try:
                await hook()
            except Exception:
                logger.exception("Something did not stop cleanly.")

    def _running(self) -> list[asyncio.Future[Any]]:
        applications = (details.get("application_instance") for details in self.connections.values())
        return [
            application for application in applications if application is not None and not application.done()
        ]


def _cannot_listen(host: str, port: int, error: OSError) -> CannotListen:
    if error.errno == errno.EADDRINUSE:
        return CannotListen(f"Something else listens on {host}:{port}; stop it or set WIRELOOM_PORT.")
    return CannotListen(
        f"WIRELOOM_HOST {host!r} and WIRELOOM_PORT {port} cannot be served at: {error.strerror}."
    )


async def _within(seconds: float, work: Awaitable[Any]) -> None:
    try:
        await asyncio.wait_for(work, seconds)
    except TimeoutError:
        logger.warning("Stopping took longer than it may; going on.")


@provider(ILogObserver)  # type: ignore[untyped-decorator]  # zope has no types
def _log_failure(event: dict[str, Any]) -> None:
    """Pass on what Twisted reports as failed, and nothing else."""
    if "log_failure" in event:
        failure = event["log_failure"]
        logger.error(
            "%s",
            failure.getErrorMessage(),
            exc_info=(failure.type, failure.value, failure.getTracebackObject()),
        )
