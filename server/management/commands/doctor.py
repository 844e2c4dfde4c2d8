"""`manage.py doctor`: what is configured, what is reachable, what is missing."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from server.examination import examine

MARKS = {"ok": "ok  ", "note": "note", "bad": "BAD "}


class Command(BaseCommand):
    """Prints one line per thing; exit code 1 if something that the server needs is missing."""

    help = "Tell what is configured, what is reachable and what is missing."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Look at everything, and say what was found."""
        findings = list(examine())
        width = max(len(finding.name) for finding in findings)
        for finding in findings:
            self.stdout.write(f"{MARKS[finding.state]}  {finding.name:<{width}}  {finding.message}")
        if any(finding.state == "bad" for finding in findings):
            sys.exit(1)
