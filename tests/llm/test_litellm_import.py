"""LiteLLM is large: it comes in with the first question, beside the event loop, and asks nobody for its prices."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

#: Asks once where no name can be resolved, while a beat tells for how long the loop stood still.
SCRIPT = """
import asyncio, socket, sys, time
from wireloom.engine.services import Message, ChatRequest
from wireloom.llm.credentials import Credential
from wireloom.llm.errors import ProviderUnavailable
from wireloom.llm.litellm_lane import LiteLlmModel
from wireloom.llm.providers import provider_named

asked = []

def resolve(host, *rest, **more):
    asked.append(host)
    raise socket.gaierror("no network")

socket.getaddrinfo = resolve

async def beat(late):
    while True:
        due = time.monotonic() + 0.01
        await asyncio.sleep(0.01)
        late.append(time.monotonic() - due)

async def main():
    late = []
    beating = asyncio.create_task(beat(late))
    model = LiteLlmModel(provider_named("openai"), Credential("c", "openai", "k"), "gpt-4o-mini")
    assert "litellm" not in sys.modules
    began = time.monotonic()
    try:
        await model.complete(ChatRequest("gpt-4o-mini", (Message("user", "Hello"),)))
    except ProviderUnavailable:
        took = time.monotonic() - began
    beating.cancel()
    print(sorted(set(asked)), "held up" if max(late) > took / 2 else "free")

asyncio.run(main())
"""


@pytest.mark.slow
@pytest.mark.skipif(find_spec("litellm") is None, reason="LiteLLM is not installed")
def test_it_comes_in_beside_the_loop_and_asks_nobody_for_its_prices():
    command = [sys.executable, "-W", "ignore", "-c", SCRIPT]

    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)

    assert (done.stderr, done.stdout) == ("", "['api.openai.com'] free\n")
