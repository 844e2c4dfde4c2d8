"""A scripted provider, and an executor whose models ask it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.stubs.executors import executor_on
from tests.stubs.provider import StubProvider
from wireloom import Executor


@pytest.fixture
async def stub() -> AsyncIterator[StubProvider]:
    async with StubProvider() as provider:
        yield provider


@pytest.fixture
async def executor(stub: StubProvider) -> AsyncIterator[Executor]:
    async with executor_on(stub) as made:
        yield made
