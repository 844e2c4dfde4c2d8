"""Values as text."""

from __future__ import annotations

import json
from typing import Any


def render(value: Any) -> str:
    """A value as text: text as it is, null as nothing, all else as compact JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
