"""Health and metrics, open to all and free of secrets."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import ClassVar

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.web.access import PUBLIC, Access
from accounts.web.describe import describe
from accounts.web.fields import Fields
from accounts.web.health import health
from accounts.web.lifecycle import lifecycle
from accounts.web.problems import Unavailable
from accounts.web.views import ApiView

logger = logging.getLogger("wireloom.health")


class HealthAnswer(Fields):
    """What works."""

    status = serializers.CharField()
    checks = serializers.DictField(child=serializers.CharField(), required=False)


class Live(ApiView):
    """Whether the process answers at all."""

    access: ClassVar[Access] = PUBLIC

    @describe(gives=HealthAnswer)
    def get(self, request: Request) -> Response:
        """Whether the process answers at all."""
        return Response({"status": "ok"})


class Ready(ApiView):
    """Whether everything that requests need works."""

    access: ClassVar[Access] = PUBLIC

    @describe(gives=HealthAnswer)
    def get(self, request: Request) -> Response:
        """Whether the server can do its work.

        503 names what is down; why it is down stands in the log alone.
        """
        down = [name for name, check in health.checks.items() if not _works(name, check)]
        if lifecycle.draining:
            down.append("stopping")
        if down:
            errors = [{"code": "down", "message": f"{name} is down."} for name in down]
            raise Unavailable("Not ready.", errors=errors, retry_after_s=2)
        notes = {name: read() for name, read in health.notes.items()}
        return Response({"status": "ok", "checks": {**dict.fromkeys(health.checks, "ok"), **notes}})


class Health(Ready):
    """The same under the short name."""


class Metrics(ApiView):
    """The counts, for Prometheus."""

    access: ClassVar[Access] = PUBLIC

    @describe(gives=str, media_type="text/plain")
    def get(self, request: Request) -> HttpResponse:
        """All metrics in Prometheus' text format."""
        lines = [line for metric in health.metrics.values() for line in metric.lines()]
        return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; version=0.0.4; charset=utf-8")


def _works(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception:
        logger.warning("The check %r failed.", name, exc_info=True)
        return False
    return True
