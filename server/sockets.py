"""Every WebSocket's address."""

from __future__ import annotations

from django.urls import re_path

from accounts.web.unknown import UnknownSocket

sockets = [re_path(r"", UnknownSocket.as_asgi())]
