"""Blobs and the runs that use them, written together: what no run uses any more can be removed."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.backends.utils import CursorWrapper

from runs.journal import statements


def write_blobs(cursor: CursorWrapper, *, run_id: str, workspace_id: str, texts: Mapping[str, str]) -> None:
    """Store each text under its hash, unless it is there, and note that the run uses it.

    The run's row must be there when the transaction ends.
    """
    # In one order everywhere: two who write the same two blobs must not wait for each other.
    hashes = sorted(texts)
    cursor.executemany(statements.INSERT_BLOBS, [(workspace_id, digest, texts[digest]) for digest in hashes])
    cursor.executemany(statements.USE_BLOBS, [(run_id, workspace_id, digest) for digest in hashes])
