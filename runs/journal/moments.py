"""Points in time: seconds since the epoch in the engine, ISO 8601 wherever a client sees them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from wireloom.engine.services import Json

#: The members of events' data that are points in time.
MOMENTS = frozenset({"until"})


def iso(at: float) -> str:
    """Seconds since the epoch as ISO 8601 in UTC, to the millisecond."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def shown(data: Mapping[str, Json]) -> Mapping[str, Json]:
    """An event's data as clients see it."""
    if MOMENTS.isdisjoint(data):
        return data
    return {
        name: iso(value) if name in MOMENTS and isinstance(value, float | int) else value
        for name, value in data.items()
    }


def meant(data: dict[str, Any]) -> dict[str, Any]:
    """The data that was shown as this, as the engine has it."""
    for name in MOMENTS & data.keys():
        if data[name] is not None:
            data[name] = datetime.fromisoformat(data[name]).timestamp()
    return data
