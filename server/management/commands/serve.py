"""`manage.py serve`: the whole server in one process."""

from __future__ import annotations

import logging
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from accounts.secrets import WrongKey
from accounts.web.lifecycle import lifecycle
from server import checks, first_start
from server.address import address
from server.data_dir import lock, refuse_network_file_system
from server.database import one_start_at_a_time
from server.environment import StartRefused
from server.logs import SERVER, take_everything
from wireloom.net.errors import InvalidSetting

logger = logging.getLogger(SERVER)
MOUNTS = Path("/proc/mounts")


class Command(BaseCommand):
    """Serve until told to stop; every reason not to is one sentence."""

    help = "Serve Wireloom on WIRELOOM_HOST and WIRELOOM_PORT."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take `--migrate`."""
        parser.add_argument("--migrate", action="store_true", help="bring the database up to date first")

    def handle(self, *args: Any, **options: Any) -> None:
        """Hold the data, check it, make what is missing, serve. Raises StartRefused."""
        if settings.WIRELOOM.log == "json":
            take_everything()
        checks.require_known_limits()
        with self._hold_data():
            checks.require_database()
            with one_start_at_a_time():
                self._check_database(migrate=options["migrate"])
                self.check()
                link = self._way_in()
            self._serve(link)

    def _hold_data(self) -> AbstractContextManager[object]:
        """The lock of the data directory; none where the database is shared, and leases say who drives what."""
        if settings.WIRELOOM.database_url is not None:
            return nullcontext()
        data_dir = settings.WIRELOOM.data_dir
        if MOUNTS.exists():
            refuse_network_file_system(data_dir, MOUNTS.read_text(encoding="utf-8"))
        return lock(data_dir)

    def _check_database(self, *, migrate: bool) -> None:
        if checks.database_is_newer():
            raise StartRefused("The database was written by a newer version of Wireloom; start that one.")
        if checks.migrations_missing() and migrate:
            call_command("migrate", verbosity=0)
        elif checks.migrations_missing():
            raise StartRefused(
                "The database is not up to date: run 'manage.py migrate' first ('make run' does)."
            )

    def _way_in(self) -> str | None:
        try:
            return first_start.way_in(first_start.prepare())
        except (WrongKey, InvalidSetting) as error:
            raise StartRefused(str(error)) from None

    def _serve(self, link: str | None) -> None:
        # Daphne makes Twisted's reactor and the event loop when it is imported: not before they are needed.
        from server.admission import knows
        from server.asgi import application
        from server.daphne import Limits, Server

        server = Server(application, limits=Limits(settings.MAX_BODY_BYTES), lifecycle=lifecycle, knows=knows)
        server.serve(settings.WIRELOOM.host, settings.WIRELOOM.port, lambda port: self._announce(port, link))

    def _announce(self, port: int, link: str | None) -> None:
        base = address(settings.WIRELOOM.host, port)
        self._tell(f"Wireloom serves at {base}/")
        if link is not None:
            self._tell(f"Sign in once with  {base}{link}")

    def _tell(self, sentence: str) -> None:
        if settings.WIRELOOM.log == "json":
            logger.info("%s", sentence)
            return
        self.stdout.write(sentence)
        self.stdout.flush()
