"""The lowest app: people, workspaces, secrets."""

from django.apps import AppConfig


class Accounts(AppConfig):
    """`accounts`, with the checks that hold its promises."""

    name = "accounts"

    def ready(self) -> None:
        """Register the system checks, and the watch over open sockets."""
        from accounts import checks  # noqa: F401 - importing registers; models must be there first
        from accounts.web.lifecycle import lifecycle
        from accounts.web.vigil import vigil

        vigil.keep(lifecycle)
