"""Plugins that somebody counts on: all of them, or an error."""

from __future__ import annotations

from collections.abc import Iterable

from wireloom.errors import WireloomError
from wireloom.plugins.loading import Plugins, load_plugins


class BrokenPlugin(WireloomError):
    """A package that was asked for, and does not load."""

    code = "broken_plugin"


def required_plugins(distributions: Iterable[str], own: Iterable[str] = ()) -> Plugins:
    """What these packages bring; `own` are names that they may not take. Raises BrokenPlugin with all that is wrong."""
    plugins = load_plugins(distributions, own)
    if plugins.faults:
        reasons = "; ".join(f"{one.distribution}: {one.reason}" for one in plugins.faults)
        raise BrokenPlugin(f"Not every plugin could be loaded. {reasons}")
    return plugins
