"""Regular expressions of users: RE2, whose time is linear in the text whatever the pattern."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from wireloom.graph.expressions.values import Mismatch

MAX_PATTERN = 1000
#: What one compiled pattern may hold, in bytes.
_MAX_MEMORY = 1024 * 1024


@lru_cache(maxsize=64)
def compile_pattern(pattern: str) -> Any:
    """Give the compiled pattern (its `search`, its `programsize`).

    Raises Mismatch if it is no RE2 pattern, UnicodeEncodeError if it holds half a surrogate pair.
    """
    # Expressions and schemas without patterns load no third package.
    import re2

    if len(pattern) > MAX_PATTERN:
        raise Mismatch(f"A pattern may have {MAX_PATTERN:,} characters.")
    options = re2.Options()
    options.max_mem = _MAX_MEMORY
    options.log_errors = False
    try:
        return re2.compile(pattern, options=options)
    except re2.error as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else error
        raise Mismatch(f"{pattern!r} is no RE2 pattern: {reason}.") from None
