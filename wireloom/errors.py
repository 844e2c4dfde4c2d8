"""The base of every error that the library raises on purpose.

Each class has a stable `code` (CODES below lists those a run or step can end
with) and says by `retryable` whether trying again can help.
"""

from __future__ import annotations

from typing import ClassVar


class WireloomError(Exception):
    """Something a caller can act on; `str(error)` is a sentence that names what is wrong."""

    code: ClassVar[str] = "error"
    #: Whether the same call may succeed later without any change.
    retryable: ClassVar[bool] = False

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
