"""Every test's ground: settings that touch nothing of the checkout's own data."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator

import pytest
from django.conf import settings

from tests import postgres

# Before Django's settings are read.
for name in [name for name in os.environ if name.startswith("WIRELOOM_")]:
    del os.environ[name]
os.environ["WIRELOOM_DATA_DIR"] = tempfile.mkdtemp(prefix="wireloom-tests-")
os.environ["DJANGO_SETTINGS_MODULE"] = "server.settings"
if postgres.CHOSEN:
    os.environ["WIRELOOM_DATABASE_URL"] = postgres.new_database()

import django  # noqa: E402 - after the environment

# The plugins below hold models.
django.setup()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about the other database alone."""
    other = "sqlite" if postgres.CHOSEN else "postgres"
    left_out = [item for item in items if item.get_closest_marker(other)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker(other)]


if postgres.CHOSEN:

    @pytest.fixture(autouse=True, scope="session")
    def _nobody_left_connected(django_db_setup: None) -> Iterator[None]:
        """Postgres drops no database that a thread of ours still holds open."""
        yield
        postgres.disconnect(settings.DATABASES["default"]["NAME"])


pytest_plugins = ["tests.e2e.browser", "tests.server.live", "tests.accounts.people"]
