"""The project's own app: it holds `serve`, `doctor` and what no other app owns."""

from django.apps import AppConfig


class Server(AppConfig):
    """`server`, which watches the database and counts requests."""

    name = "server"

    def ready(self) -> None:
        """Register the database's check and the counts."""
        from accounts.web.health import health
        from server import counting
        from server.checks import database_answers

        health.check("database", database_answers)
        counting.register()
