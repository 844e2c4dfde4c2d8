"""The services of a step under test: they answer as an example says, fail, or never answer, and keep what was asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Literal

from wireloom.engine.errors import StepError
from wireloom.engine.services import (
    ChatReply,
    ChatRequest,
    CodeReply,
    CodeRequest,
    HttpReply,
    HttpRequest,
    Json,
    ToolCall,
    ToolSpec,
    Usage,
)
from wireloom.testing.example import Answers

#: How the outside behaves: as the example says, refusing everything, or silent for ever.
type Mood = Literal["answering", "refusing", "silent"]

#: What the clock shows: 2026-01-01, in seconds since the epoch.
NOW = 1_767_225_600.0


class Refused(StepError):
    """What the outside says when it refuses."""

    code = "provider_error"


class Outside:
    """All services of one step. `asked` names what was asked of them, in order: `llm`, `http GET`, `clock` …"""

    def __init__(self, answers: Answers, mood: Mood = "answering") -> None:
        self.asked: list[str] = []
        self._answers = answers
        self._mood = mood
        self._said = 0

    @property
    def llm(self) -> Outside:
        return self

    @property
    def tools(self) -> _Tools:
        return _Tools(self)

    @property
    def http(self) -> _Http:
        return _Http(self)

    @property
    def code(self) -> _Code:
        return _Code(self)

    @property
    def clock(self) -> _Clock:
        return _Clock(self)

    @property
    def answers(self) -> Answers:
        return self._answers

    async def reached(self, what: str) -> None:
        self.asked.append(what)
        if self._mood == "refusing":
            raise Refused("The outside refuses.")
        if self._mood == "silent":
            await asyncio.Event().wait()

    async def complete(self, request: ChatRequest) -> ChatReply:
        await self.reached("llm")
        texts = self._answers.llm
        text = texts[min(self._said, len(texts) - 1)]
        self._said += 1
        return ChatReply(text, request.model or "example/model", "local", usage=Usage(1, 1))


class _Tools:
    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    def specs(self, names: Sequence[str]) -> tuple[ToolSpec, ...]:
        return tuple(ToolSpec(name, name, {"type": "object"}) for name in names)

    async def call(self, wish: ToolCall, allowed: Sequence[str], timeout_s: float | None = None) -> Json:
        await self._outside.reached(f"tools {wish.name}")
        return self._outside.answers.tools.get(wish.name)


class _Http:
    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    async def send(self, request: HttpRequest) -> HttpReply:
        await self._outside.reached(f"http {request.method}")
        return self._outside.answers.http


class _Code:
    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    async def run(self, request: CodeRequest) -> CodeReply:
        await self._outside.reached("code")
        return CodeReply(self._outside.answers.code)


class _Clock:
    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    def now(self) -> float:
        self._outside.asked.append("clock")
        return NOW

    def monotonic(self) -> float:
        self._outside.asked.append("clock")
        return NOW

    async def sleep(self, seconds: float) -> None:
        await self._outside.reached("clock")
