"""An executor whose models ask a scripted provider."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.stubs.provider import StubProvider
from wireloom import Executor
from wireloom.llm.credentials import EnvironmentCredentials
from wireloom.llm.models import Models


@asynccontextmanager
async def executor_on(stub: StubProvider, **options: Any) -> AsyncIterator[Executor]:
    """`openai/…` is the stub; `options` are the executor's."""
    models = Models(local_model=False)
    keys = {"OPENAI_API_KEY": "sk-test-0123456789", "OPENAI_BASE_URL": f"{stub.url}/v1"}
    try:
        async with Executor(models=models, credentials=EnvironmentCredentials(keys), **options) as executor:
            yield executor
    finally:
        await models.aclose()
