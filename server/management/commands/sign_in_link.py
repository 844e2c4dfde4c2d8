"""`manage.py sign_in_link NAME`: a way in for somebody who has none, from whoever runs the server."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from accounts.members import WELCOME
from accounts.models import User
from accounts.sign_in import make_link
from server.address import address
from server.environment import StartRefused


class Command(BaseCommand):
    """Prints a link that signs a person in once, within a day; their password ends when it is used."""

    help = "Make a one-time sign-in link for a person, as for an owner who forgot the password."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the person's name."""
        parser.add_argument("name", help="the name that the person signs in with")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the link. Raises StartRefused where there is no such person."""
        person = User.objects.filter(username=options["name"], is_active=True).first()
        if person is None:
            known = ", ".join(User.objects.order_by("username").values_list("username", flat=True)[:20])
            raise StartRefused(f"Nobody is named {options['name']!r} here; there are: {known or 'none yet'}.")
        base = address(settings.WIRELOOM.host, settings.WIRELOOM.port)
        self.stdout.write(f"{base}/sign-in/{make_link(person, next_path=WELCOME)}")
