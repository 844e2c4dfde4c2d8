"""A scripted provider for scripts, which block while they run."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest

from tests.stubs.provider import StubProvider


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubProvider]:
    """A provider on a thread of its own: `execute` has an event loop to itself."""
    provider, ready, done = StubProvider(), threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        async with provider:
            ready.set()
            await done.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait(10)
    monkeypatch.setenv("OPENAI_BASE_URL", f"{provider.url}/v1")
    yield provider
    loop.call_soon_threadsafe(done.set)
    thread.join()
    loop.close()
