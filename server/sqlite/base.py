"""Writers of one process wait for each other in a queue.

SQLite itself makes them poll with pauses of up to 100 ms, and the last one to
come may be the first to get in. Writers of other processes still meet at
SQLite's own lock.
"""

from __future__ import annotations

import sqlite3
import threading
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

from server.database import BUSY_TIMEOUT_S

_writer = threading.Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that holds the queue's head from BEGIN to COMMIT."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._writes = False

    def _start_transaction_under_autocommit(self) -> None:
        if not _writer.acquire(timeout=BUSY_TIMEOUT_S):
            raise OperationalError("database is locked") from _busy()
        self._writes = True
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave it out
        except BaseException:
            self._done()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # the stubs leave it out
        self._done()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # the stubs leave it out
        finally:
            self._done()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # the stubs leave it out
        finally:
            self._done()

    def _done(self) -> None:
        if self._writes:
            self._writes = False
            _writer.release()


def _busy() -> sqlite3.OperationalError:
    """What SQLite itself says when its lock cannot be had in time."""
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorcode = sqlite3.SQLITE_BUSY
    return error
