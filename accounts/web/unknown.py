"""The socket at every address that has none."""

from __future__ import annotations

from typing import ClassVar

from accounts.web.access import PUBLIC, Access
from accounts.web.problems import NotFound
from accounts.web.sockets import Socket


class UnknownSocket(Socket):
    """Says that there is nothing here."""

    access: ClassVar[Access] = PUBLIC

    async def prepare(self) -> None:
        """Raise NotFound."""
        raise NotFound
