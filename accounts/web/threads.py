"""Where code that may block runs: a few threads, each with a database connection of its own."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections

#: Enough that a writer waiting for SQLite's lock stops nobody; more only contend for the interpreter.
THREADS = 8

_pool = ThreadPoolExecutor(THREADS, thread_name_prefix="wireloom-web")


async def in_thread[**P, R](work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What `work` gives, called in a thread where the ORM may be used."""
    return await asyncio.get_running_loop().run_in_executor(
        _pool, functools.partial(_with_fresh_connections, work, *args, **kwargs)
    )


def _with_fresh_connections[**P, R](work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    close_old_connections()
    return work(*args, **kwargs)
