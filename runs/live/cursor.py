"""The place in a run's events from which a client wants to go on."""

from __future__ import annotations

import re

from accounts.web.problems import BadCursor
from runs.models import ENDED, Run


def read_cursor(text: str | None, run: Run) -> int:
    """The seq after which to begin; 0 where none is named.

    Raises BadCursor for what is no number, and for a place beyond the end of a
    run that has ended. A place ahead of a run that goes on may still come.
    """
    if text is None:
        return 0
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise BadCursor(f"{text[:20]!r} is no place in a run's events.")
    after = int(text)
    if run.status in ENDED and after > run.last_seq:
        raise BadCursor(f"The run ended with event {run.last_seq}; there is nothing after {after}.")
    return after
