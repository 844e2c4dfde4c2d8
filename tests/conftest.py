"""Every test's ground: settings that touch nothing of the checkout's own data."""

from __future__ import annotations

import os
import tempfile

# Before Django's settings are read.
for name in [name for name in os.environ if name.startswith("WIRELOOM_")]:
    del os.environ[name]
os.environ["WIRELOOM_DATA_DIR"] = tempfile.mkdtemp(prefix="wireloom-tests-")
os.environ["DJANGO_SETTINGS_MODULE"] = "server.settings"

import django  # noqa: E402 - after the environment

# The plugins below hold models.
django.setup()

pytest_plugins = ["tests.e2e.browser", "tests.server.live", "tests.accounts.people"]
