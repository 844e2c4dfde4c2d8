"""How long a text takes to read."""

from __future__ import annotations

from wireloom import tool

_WORDS_PER_MINUTE = 240


@tool(name="example.reading_time", description="How many seconds a person needs to read a text.")
def reading_time(text: str) -> dict[str, int]:
    words = len(text.split())
    return {"words": words, "seconds": round(words * 60 / _WORDS_PER_MINUTE)}
