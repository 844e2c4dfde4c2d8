"""The project's own app: it holds `serve`, `doctor` and what no other app owns."""

from django.apps import AppConfig


class Server(AppConfig):
    """`server`, which watches the database and the event loop, and counts requests."""

    name = "server"

    def ready(self) -> None:
        """Register the database's check, the watchdog and the counts."""
        from accounts.web.health import health
        from accounts.web.lifecycle import lifecycle
        from server import counting
        from server.checks import database_answers
        from server.watchdog import watchdog

        health.check("database", database_answers)
        watchdog.keep(lifecycle)
        counting.register()
