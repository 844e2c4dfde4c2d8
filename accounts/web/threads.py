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
#: Kept free for who asks whether the server lives, when all others wait for the database.
_reserve = ThreadPoolExecutor(1, thread_name_prefix="wireloom-reserve")


async def in_thread[**P, R](work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What `work` gives, called in a thread where the ORM may be used."""
    return await _run(_pool, functools.partial(work, *args, **kwargs))


async def in_reserve[**P, R](work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """The same in the thread that is kept free; `work` should be short."""
    return await _run(_reserve, functools.partial(work, *args, **kwargs))


async def _run[R](pool: ThreadPoolExecutor, work: Callable[[], R]) -> R:
    return await asyncio.get_running_loop().run_in_executor(pool, _with_fresh_connections, work)


def _with_fresh_connections[R](work: Callable[[], R]) -> R:
    close_old_connections()
    return work()
