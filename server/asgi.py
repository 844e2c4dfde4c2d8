"""The ASGI application: HTTP to Django, sockets to the apps' consumers."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")

import django

django.setup()

# Only now, when the apps are loaded, can anything that touches models be imported.
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402

from server.handler import Handler  # noqa: E402
from server.sockets import sockets  # noqa: E402

application = ProtocolTypeRouter({"http": Handler(), "websocket": URLRouter(sockets)})
