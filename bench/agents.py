"""Agents over the direct lane, beside a bare aiohttp loop that makes the same calls to the same server."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import aiohttp

from bench.measuring import Row, Work, compare
from wireloom import Executor
from wireloom.graph.document import Document, parse
from wireloom.llm.credentials import EnvironmentCredentials
from wireloom.llm.models import Models

AIM = "at most 1.5×"
MODEL = "gpt-stub"
PROMPT = "Say something about the tides, please."


@contextmanager
def provider(latency_ms: float = 0) -> Iterator[str]:
    """The address of a scripted provider in a process of its own."""
    command = [sys.executable, "-m", "tests.stubs.provider", "--latency-ms", str(latency_ms)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        finally:
            process.terminate()


def flow(size: int, *, wide: bool = False) -> Document:
    """A chain of agents, or as many side by side; no context flows, so that every call is the same."""
    agents = [
        {"id": f"a{n}", "type": "agent", "config": {"model": f"openai/{MODEL}", "prompt": PROMPT}}
        for n in range(size)
    ]
    edges = (
        []
        if wide
        else [{"source": f"a{n}", "target": f"a{n + 1}", "context": False} for n in range(size - 1)]
    )
    return parse({"nodes": agents, "edges": edges, "settings": {"max_concurrency": 1000}})


async def in_turn(jobs: Sequence[Any], at_once: int) -> None:
    """Await what each job makes, so many at once."""
    waiting = iter(jobs)

    async def worker() -> None:
        for job in waiting:
            await job()

    await asyncio.gather(*(worker() for _ in range(min(at_once, len(jobs)))))


class Bench:
    """One provider's address, asked by both sides."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.credentials = EnvironmentCredentials({"OPENAI_API_KEY": "sk-bench", "OPENAI_BASE_URL": url})

        self.models = Models(local_model=False)
        self.executor = Executor(models=self.models, credentials=self.credentials)

    def ours(self, document: Document, flows: int, at_once: int) -> Work:
        async def work() -> None:
            await in_turn([lambda: self._one(document)] * flows, at_once)

        return work

    async def _one(self, document: Document) -> None:
        result = await self.executor.run_async(document)
        assert result.is_success(), result.error

    def bare(self, size: int, flows: int, at_once: int, *, wide: bool = False) -> Work:
        body = {"model": MODEL, "messages": [{"role": "user", "content": PROMPT}]}
        headers = {"Authorization": "Bearer sk-bench"}

        async def work() -> None:
            connector = aiohttp.TCPConnector(limit=0)
            async with aiohttp.ClientSession(connector=connector, headers=headers) as session:

                async def call() -> None:
                    async with session.post(f"{self.url}/chat/completions", json=body) as answer:
                        assert (await answer.json())["choices"][0]["message"]["content"]

                async def one() -> None:
                    if wide:
                        await asyncio.gather(*(call() for _ in range(size)))
                    else:
                        for _ in range(size):
                            await call()

                await in_turn([one] * flows, at_once)

        return work


def rows() -> Iterator[Row]:
    for name, size, flows, at_once, wide, latency in (
        ("agents, chain of 10", 10, 20, 1, False, 0),
        ("agents, fan of 100 at 50 ms", 100, 3, 1, True, 50),
        ("agents, 500 flows of 3, 50 at once", 3, 500, 50, False, 0),
    ):
        with provider(latency) as url:
            bench = Bench(url)
            mine, theirs = compare(
                bench.ours(flow(size, wide=wide), flows, at_once),
                bench.bare(size, flows, at_once, wide=wide),
                rounds=4,
                closing=bench.models.aclose,
            )
        scale = 1e6 / (size * flows)
        yield Row(name, "µs CPU/node", mine.cpu * scale, theirs.cpu * scale, AIM)
