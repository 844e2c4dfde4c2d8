"""Runs: started, driven, watched, looked back at."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import AppConfig
from django.conf import settings


class RunsConfig(AppConfig):
    """`runs`, whose engine starts and stops with the server, and with it the removal of old runs."""

    name = "runs"

    def ready(self) -> None:
        """Register the engine, and what it counts."""
        from accounts.model_access import close_models
        from accounts.web.health import Metric, Sample, health
        from accounts.web.lifecycle import lifecycle
        from runs.live.hub import hub
        from runs.process import engine
        from runs.retention import Retention

        lifecycle.on_stop(close_models)
        lifecycle.on_start(engine().start)
        lifecycle.on_stop(engine().stop)
        retention = Retention(settings.WIRELOOM.retain_days)
        lifecycle.on_start(retention.start)
        lifecycle.on_stop(retention.stop)

        def active() -> Iterator[Sample]:
            runner = engine().runner
            yield Sample(runner.active if runner else 0)

        def written() -> Iterator[Sample]:
            runner = engine().runner
            yield Sample(runner.writer.events_written if runner else 0)

        health.check("journal", engine().check)
        health.metric(Metric("wireloom_runs_active", "Runs that this process drives.", "gauge", active))
        health.metric(
            Metric("wireloom_events_written_total", "Events committed to the journal.", "counter", written)
        )
        health.metric(
            Metric(
                "wireloom_watchers", "Streams that watch a run.", "gauge", lambda: iter([Sample(hub.watched)])
            )
        )
