"""Every WebSocket's address."""

from __future__ import annotations

from django.urls import path, re_path

from accounts.web.unknown import UnknownSocket
from runs.live.socket import RunSocket

sockets = [
    path("ws/runs/<str:id>/", RunSocket.as_asgi()),
    re_path(r"", UnknownSocket.as_asgi()),
]
