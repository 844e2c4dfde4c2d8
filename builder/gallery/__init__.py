"""The gallery: workflows that teach by use, a JSON file each in this folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
#: In the order they teach; the first is the one that a new server starts with.
ORDER = (
    "research-pipeline",
    "parallel-analysis",
    "classify-and-route",
    "quality-check",
    "translate-and-compare",
    "loop-until-good",
    "summarise-in-parts",
    "extract-to-json",
    "call-an-api",
    "agent-with-tools",
    "front-desk",
)


@dataclass(frozen=True, slots=True)
class Template:
    """One workflow of the gallery, with an input to try it on."""

    slug: str
    name: str
    description: str
    graph: dict[str, Any]
    sample_input: dict[str, Any]
    #: The templates that run inside this one, by slug.
    needs: Sequence[str] = ()


@cache
def gallery() -> dict[str, Template]:
    """All templates by slug."""
    return {
        slug: Template(**json.loads((FOLDER / f"{slug}.json").read_text(encoding="utf-8"))) for slug in ORDER
    }
