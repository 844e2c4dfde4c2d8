"""Workflows: drafts, versions, the gallery, the node catalogue."""

from django.apps import AppConfig


class Builder(AppConfig):
    """`builder`, which loads the packages that bring node types and tools."""

    name = "builder"

    def ready(self) -> None:
        """Load them when the server starts, and tell in its health whether all of them have loaded."""
        from accounts.web.health import health
        from accounts.web.lifecycle import lifecycle
        from accounts.web.threads import in_thread
        from builder.palette import catalogue, plugins

        async def load() -> None:
            await in_thread(catalogue)

        def loaded() -> str:
            missing = len({fault.distribution for fault in plugins().faults})
            return f"{missing} could not be loaded" if missing else "ok"

        lifecycle.on_start(load)
        health.note("plugins", loaded)
