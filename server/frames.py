"""A WebSocket whose frames are capped both ways: what a client sends, and what waits to be sent to it."""

from __future__ import annotations

import json
from typing import Any

from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol

from accounts.web.vigil import RESTARTING
from server.gate import Gate

TOO_SLOW = 4408
TOO_LARGE = 4413
TOO_MANY = 4429
#: Frames from the client that may wait for the application.
MAX_WAITING = 100


class Frames(WebSocketProtocol):  # type: ignore[misc]  # daphne has no types
    """One WebSocket connection."""

    muted: bool

    def onConnect(self, request: Any) -> Any:  # noqa: N802 - autobahn's name
        """Take the transport over from HTTP, which watched its fullness until now."""
        self.gate = Gate()
        self.transport.unregisterProducer()
        self.transport.registerProducer(self.gate, True)
        return super().onConnect(request)

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803 - autobahn's names
        """Hand a frame to the application, unless too many wait for it already."""
        if self.application_queue.qsize() >= MAX_WAITING:
            self._refuse(TOO_MANY, "too_many_frames", "Frames come faster than they are taken.")
            return
        super().onMessage(payload, isBinary)

    def serverClose(self, code: int | None = None) -> None:  # noqa: N802 - daphne's name
        """Close with any code that a server may send; autobahn's own way refuses all below 3000 but 1000."""
        if code == RESTARTING and self.state == self.STATE_OPEN:
            self.sendCloseFrame(code=code, reasonUtf8=None, isReply=False)
        else:
            super().serverClose(code)

    def too_slow(self) -> None:
        """Close on a client that takes nothing."""
        self._refuse(TOO_SLOW, "too_slow", "The client takes frames too slowly.")

    def _max_message_size_exceeded(self, msg_size: int, max_msg_size: int, reason: str) -> None:
        self._refuse(TOO_LARGE, "frame_too_large", f"A frame may have {max_msg_size} bytes.")
        # autobahn lets go of all further data from then on.
        self.failedByMe = True

    def _refuse(self, code: int, name: str, message: str) -> None:
        if self.muted or self.state != self.STATE_OPEN:
            return
        self.muted = True
        self.serverSend(json.dumps({"error": {"code": name, "message": message}}))
        self.serverClose(code)
        self.application_queue.put_nowait({"type": "websocket.disconnect", "code": code})


class FramesFactory(WebSocketFactory):  # type: ignore[misc]  # daphne has no types
    """Makes our WebSockets."""

    protocol = Frames
