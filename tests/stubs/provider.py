"""A scripted model provider: OpenAI's chat completions, and an Ollama's list of models.

In a test: `async with StubProvider() as stub`. As a process of its own:
`python -m tests.stubs.provider --port 0 --latency-ms 50` prints its port, takes
scripts by `POST /script` and tells its calls by `GET /calls`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import re
from collections import deque
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from aiohttp import web

Json = Any


@dataclass(frozen=True)
class Script:
    """One answer. Without anything said: status 200 and `text`, whole or streamed as asked for."""

    text: str = "The tide turns twice a day."
    #: The streamed pieces of the text; by default its words.
    pieces: tuple[str, ...] = ()
    tool_calls: tuple[dict[str, str], ...] = ()
    finish: str = "stop"
    usage: dict[str, Json] | None = field(
        default_factory=lambda: {"prompt_tokens": 12, "completion_tokens": 7}
    )
    delay_s: float = 0.0
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    #: Sent instead of an answer, as it is.
    body: str | None = None
    content_type: str = "application/json"
    #: Accept the request and say nothing; with `after` pieces, fall silent after them.
    hang: bool = False
    #: Close the connection, after `after` pieces of a stream.
    drop: bool = False
    after: int = 0
    #: Cut the stream into writes of this many bytes.
    cut: int = 0

    def words(self) -> tuple[str, ...]:
        return self.pieces or tuple(re.findall(r"\S+\s*", self.text))

    def whole(self, model: str) -> Json:
        message: dict[str, Json] = {"role": "assistant", "content": self.text or None}
        if self.tool_calls:
            message["tool_calls"] = [_tool_call(call) for call in self.tool_calls]
        choice = {"index": 0, "message": message, "finish_reason": self.finish}
        return _envelope("chat.completion", model, [choice], self.usage)

    def chunks(self, model: str, *, with_usage: bool) -> list[Json]:
        deltas: list[Json] = [{"role": "assistant", "content": ""}]
        deltas += [{"content": word} for word in self.words() if word]
        for index, call in enumerate(self.tool_calls):
            half = len(call["arguments"]) // 2
            first = _tool_call(call) | {"index": index}
            first["function"] = {"name": call["name"], "arguments": call["arguments"][:half]}
            rest = {"index": index, "function": {"arguments": call["arguments"][half:]}}
            deltas += [{"tool_calls": [first]}, {"tool_calls": [rest]}]
        chunks = [_chunk(model, delta, None) for delta in deltas] + [_chunk(model, {}, self.finish)]
        if with_usage:
            chunks.append(_envelope("chat.completion.chunk", model, [], self.usage))
        return chunks


def _tool_call(call: dict[str, str]) -> dict[str, Json]:
    function = {"name": call["name"], "arguments": call["arguments"]}
    return {"id": call["id"], "type": "function", "function": function}


def _chunk(model: str, delta: Json, finish: str | None) -> Json:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return _envelope("chat.completion.chunk", model, [choice], None)


def _envelope(kind: str, model: str, choices: list[Json], usage: dict[str, Json] | None) -> Json:
    envelope = {"id": "chatcmpl-1", "object": kind, "created": 1, "model": model, "choices": choices}
    if usage is not None:
        total = usage.get("prompt_tokens", 0) + usage.get("completion_tokens", 0)
        envelope["usage"] = {"total_tokens": total} | usage
    return envelope


class StubProvider:
    """A provider whose answers are scripted. Once the scripts are used up, each answer is `otherwise`."""

    def __init__(
        self, *, latency_s: float = 0.0, log: Path | None = None, ollama: tuple[str, ...] = ()
    ) -> None:
        self.scripts: deque[Script] = deque()
        self.otherwise = Script(delay_s=latency_s)
        #: Every chat request: its path, headers (lower case) and body.
        self.calls: list[dict[str, Json]] = []
        #: Set once the first call has come.
        self.asked = asyncio.Event()
        self.ollama = list(ollama)
        self.port = 0
        self._log = log
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()

    async def start(self, port: int = 0) -> None:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/{prefix:.*}chat/completions", self._chat)
        app.router.add_get("/api/tags", self._tags)
        app.router.add_post("/script", self._script)
        app.router.add_get("/calls", self._told)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _script(self, request: web.Request) -> web.Response:
        known = {each.name for each in fields(Script)}
        for raw in await request.json():
            assert raw.keys() <= known, f"unknown: {raw.keys() - known}"
            self.scripts.append(
                Script(
                    **{
                        name: tuple(value) if isinstance(value, list) else value
                        for name, value in raw.items()
                    }
                )
            )
        return web.json_response({"scripts": len(self.scripts)})

    async def _told(self, _: web.Request) -> web.Response:
        return web.json_response(self.calls)

    async def _tags(self, _: web.Request) -> web.Response:
        return web.json_response({"models": [{"name": name, "model": name} for name in self.ollama]})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        body = json.loads(await request.read())
        self._note(request, body)
        script = self.scripts.popleft() if self.scripts else self.otherwise
        if script.delay_s:
            await asyncio.sleep(script.delay_s)
        if script.hang and not script.after:
            await self._closing.wait()
        if script.drop and not script.after and request.transport is not None:
            request.transport.abort()
            return web.Response()
        if script.body is not None or script.status != 200:
            return web.Response(
                status=script.status,
                text=script.body
                if script.body is not None
                else json.dumps({"error": {"message": script.text}}),
                headers=script.headers,
                content_type=script.content_type,
            )
        if not body.get("stream"):
            return web.json_response(script.whole(body["model"]), headers=script.headers)
        return await self._stream(request, script, body)

    async def _stream(self, request: web.Request, script: Script, body: Json) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"} | script.headers)
        await response.prepare(request)
        with_usage = bool((body.get("stream_options") or {}).get("include_usage"))
        for sent, chunk in enumerate(script.chunks(body["model"], with_usage=with_usage)):
            if script.after and sent > script.after:
                if script.hang:
                    await self._closing.wait()
                if request.transport is not None:
                    request.transport.abort()
                return response
            data = f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode()
            step = script.cut or len(data)
            for start in range(0, len(data), step):
                await response.write(data[start : start + step])
                if script.cut:
                    await asyncio.sleep(0)
        await response.write(b"data: [DONE]\n\n")
        await response.write_eof()
        return response

    def _note(self, request: web.Request, body: Json) -> None:
        headers = {name.lower(): value for name, value in request.headers.items()}
        call = {"path": request.path, "headers": headers, "body": body}
        self.calls.append(call)
        self.asked.set()
        if self._log is not None:
            # One write of O_APPEND is whole even when the test kills us the moment after.
            log = os.open(self._log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.write(log, json.dumps(call).encode() + b"\n")
            os.close(log)


async def serve(options: argparse.Namespace) -> None:
    log = Path(options.log) if options.log else None
    stub = StubProvider(latency_s=options.latency_ms / 1000, log=log, ollama=tuple(options.ollama))
    await stub.start(options.port)
    print(stub.port, flush=True)
    await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--latency-ms", type=float, default=0.0, help="wait before each unscripted answer")
    parser.add_argument("--log", help="append every call to this file, one JSON line each")
    parser.add_argument("--ollama", nargs="*", default=[], help="models that GET /api/tags lists")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
