"""A scripted provider, and an executor whose models ask it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.stubs.provider import StubProvider
from wireloom import Executor
from wireloom.llm.credentials import EnvironmentCredentials
from wireloom.llm.models import Models


@pytest.fixture
async def stub() -> AsyncIterator[StubProvider]:
    async with StubProvider() as provider:
        yield provider


@pytest.fixture
async def executor(stub: StubProvider) -> AsyncIterator[Executor]:
    models = Models(local_model=False)
    keys = {"OPENAI_API_KEY": "sk-test-0123456789", "OPENAI_BASE_URL": f"{stub.url}/v1"}
    async with Executor(models=models, credentials=EnvironmentCredentials(keys)) as made:
        yield made
    await models.aclose()
