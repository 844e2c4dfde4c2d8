"""The child process behind the local model: started with the first question, ended when none has come for a while."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from wireloom.engine.services import Json
from wireloom.llm.direct import Endpoint
from wireloom.llm.errors import ModelUnavailable, ProviderUnavailable

#: What a child may know of the environment: nothing that could be a secret.
_PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "LD_LIBRARY_PATH",
    "SYSTEMROOT",
    "TMPDIR",
)
_START_S = 60.0


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """How the local model runs. The sampling is what keeps so small a model from repeating itself."""

    weights: Path
    slots: int = 2
    #: Tokens of prompt and answer together, for each slot.
    context: int = 4096
    max_tokens: int = 256
    idle_s: float = 300.0
    temperature: float = 0.2
    top_p: float = 0.9
    repeat_penalty: float = 1.15

    def for_child(self, key: str) -> dict[str, Json]:
        return {
            "weights": str(self.weights),
            "key": key,
            "slots": self.slots,
            "context": self.context,
            "threads": max(1, _cores() - 1),
            "nice": 5,
            "temperature": self.temperature,
            "top_p": self.top_p,
            "repeat_penalty": self.repeat_penalty,
        }


class LocalServer:
    """The child process, started when needed and stopped when idle."""

    def __init__(self, settings: LocalSettings) -> None:
        self.settings = settings
        self._slots = asyncio.Semaphore(settings.slots)
        self._starting = asyncio.Lock()
        self._process: asyncio.subprocess.Process | None = None
        self._endpoint: Endpoint | None = None
        self._users = 0
        self._stopping = False
        self._stopper: asyncio.TimerHandle | None = None

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[Endpoint]:
        """Give the child's endpoint once one of its slots is free.

        Raises ModelUnavailable if the child cannot start, ProviderUnavailable if it did not this time.
        """
        self._users += 1
        self._keep()
        try:
            async with self._slots:
                yield await self._running()
        finally:
            self._users -= 1
            if self._users == 0:
                self._stopper = asyncio.get_running_loop().call_later(self.settings.idle_s, self._stop)

    async def aclose(self) -> None:
        """End the child, and wait until it has ended."""
        self._keep()
        process, self._process, self._endpoint = self._process, None, None
        if process is not None:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    def _keep(self) -> None:
        if self._stopper is not None:
            self._stopper.cancel()
            self._stopper = None

    def _stop(self) -> None:
        # The end of its input is the child's sign to end; the loop reaps it.
        self._stopping = True
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    async def _running(self) -> Endpoint:
        async with self._starting:
            if self._endpoint is None or self.pid is None or self._stopping:
                await self.aclose()
                self._endpoint = await self._start()
            return self._endpoint

    async def _start(self) -> Endpoint:
        key = secrets.token_urlsafe(24)
        self._stopping = False
        self._process = process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",
            str(Path(__file__).with_name("local_child.py")),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=_environment(os.environ),
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(self.settings.for_child(key)).encode() + b"\n")
        try:
            async with asyncio.timeout(_START_S):
                line = await process.stdout.readline()
        except TimeoutError:
            await self.aclose()
            raise ProviderUnavailable("The local model did not start in time.", provider="local") from None
        return self._endpoint_of(line, key)

    def _endpoint_of(self, line: bytes, key: str) -> Endpoint:
        if not line:
            raise ProviderUnavailable("The local model ended while it was starting.", provider="local")
        answer = json.loads(line)
        if "error" in answer:
            raise ModelUnavailable(f"The local model cannot start: {answer['error']}.", provider="local")
        headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            # llama.cpp's server ends connections after a stream without saying so.
            "Connection": "close",
        }
        return Endpoint("local", f"{answer['url']}/v1/chat/completions", headers, key, "trusted")


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _environment(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: environ[name] for name in _PASSED_ON if name in environ}
