"""Runs people's Python, a few at a time, each in a process of its own that is gone when the answer is there."""

from __future__ import annotations

import asyncio
import json
import math
import os
import signal
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from wireloom.engine.errors import InvalidOutput, OutputTooLarge
from wireloom.engine.limits import Limit
from wireloom.engine.services import CodeReply, CodeRequest, Json
from wireloom.engine.values import LONG, MAX_OUTPUT
from wireloom.sandbox.errors import CodeDisabled, CodeFailed, CodeTooBig, CodeTooLong

#: How much of what the code prints is kept, in bytes, and how much it may print at all.
KEPT = 16 * 1024
MOST_PRINTED = 32 * 1024 * 1024
_CHILD = Path(__file__).with_name("child.py")
#: The line before the value: how it went, and a traceback if it went badly.
_MOST_HEAD = 64 * 1024
_MOST_TOLD = 4000
_CHUNK = 64 * 1024
#: What the kernel must hold for code to be safe from Python's own weaknesses.
KERNEL_LOCKS = frozenset({"files", "calls"})


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of one run, and which locks held while it lasted."""

    reply: CodeReply
    locks: tuple[str, ...]


class Sandbox:
    """The `code` port. `at_once` processes at most; more wait their turn."""

    def __init__(self, at_once: int | None = None) -> None:
        self._turns = Limit("code", at_once or max(2, os.cpu_count() or 1))

    async def run(self, request: CodeRequest) -> CodeReply:
        """Give what `main(inputs)` gives. See Code for what it raises."""
        return (await self.ran(request)).reply

    async def ran(self, request: CodeRequest) -> Ran:
        """As `run`, with the locks that held."""
        if os.name != "posix":
            raise CodeDisabled("Code runs on Linux and macOS alone.")
        await self._turns.acquire()
        try:
            given = await asyncio.to_thread(_given, request)
            async with _process() as process:
                try:
                    async with asyncio.timeout(request.timeout_s):
                        answer, printed = await _talk(process, given)
                except TimeoutError:
                    raise _too_long(request) from None
            return await _understood(request, process.returncode or 0, answer, printed)
        finally:
            self._turns.release()


class NoCode:
    """The `code` port where nobody has allowed code; `how` says what would."""

    def __init__(self, how: str) -> None:
        self._how = how

    async def run(self, request: CodeRequest) -> CodeReply:
        """Raises CodeDisabled."""
        raise CodeDisabled(f"Code does not run here. {self._how}")


def _given(request: CodeRequest) -> bytes:
    given = {
        "source": request.source,
        "inputs": request.inputs,
        "memory_bytes": request.memory_mb * 2**20,
        # Sleeping costs none of it, so the clock on the wall ends most of what is endless.
        "cpu_s": math.ceil(request.timeout_s) + 1,
        "parent": os.getpid(),
    }
    return json.dumps(given, separators=(",", ":")).encode()


@asynccontextmanager
async def _process() -> AsyncIterator[Process]:
    """A child in an empty folder and an empty environment. However this is left, nothing of it stays."""
    # Nothing may be written into it, so that removing it takes no time.
    with tempfile.TemporaryDirectory(prefix="wireloom-code-") as folder:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-I", "-S", "-B", "-X", "utf8", str(_CHILD)),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            cwd=folder,
            env={},
            start_new_session=True,
        )
        try:
            yield process
        finally:
            _kill(process)
            await _close(process)


def _kill(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


async def _close(process: Process) -> None:
    """Read what an ended process has left in its pipes: a loop closes them at their ends alone."""
    assert process.stdin is not None
    process.stdin.close()
    for stream in (process.stdout, process.stderr):
        while stream is not None and await stream.read(_CHUNK):
            pass
    await process.wait()


@dataclass(frozen=True, slots=True)
class _Taken:
    """What came through a pipe, cut at `most`; `total` is how much there was."""

    data: bytes
    total: int

    @property
    def text(self) -> str:
        return self.data.decode("utf-8", "replace")


async def _talk(process: Process, given: bytes) -> tuple[_Taken, _Taken]:
    """Give the answer and what was printed, once the process has ended."""
    assert process.stdout is not None
    assert process.stderr is not None
    most = MAX_OUTPUT + _MOST_HEAD
    answer, printed, _ = await asyncio.gather(
        _take(process, process.stdout, keep=most, most=most),
        _take(process, process.stderr, keep=KEPT, most=MOST_PRINTED),
        _tell(process, given),
    )
    await process.wait()
    return answer, printed


async def _tell(process: Process, given: bytes) -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(given)
        await process.stdin.drain()
        process.stdin.close()
        await process.stdin.wait_closed()


async def _take(process: Process, stream: asyncio.StreamReader, *, keep: int, most: int) -> _Taken:
    """Read to the end, or until there is more than `most`: then the process is ended."""
    kept, total = bytearray(), 0
    while chunk := await stream.read(_CHUNK):
        kept += chunk[: keep - len(kept)]
        total += len(chunk)
        if total > most:
            _kill(process)
            break
    return _Taken(bytes(kept), total)


async def _understood(request: CodeRequest, status: int, answer: _Taken, printed: _Taken) -> Ran:
    if printed.total > MOST_PRINTED:
        raise OutputTooLarge(f"The code may print {MOST_PRINTED // 2**20} MiB; it printed more.")
    line, _, body = answer.data.partition(b"\n")
    if answer.total > MAX_OUTPUT + _MOST_HEAD or len(body) > MAX_OUTPUT:
        raise OutputTooLarge(f"A step may give {MAX_OUTPUT // 2**20} MiB; the code gave more.")
    head = _head(line)
    if head is None:
        _died(request, status)
    if not head.get("ok"):
        # The child cuts it; code that answers in its place does not.
        _raised(request, str(head.get("kind")), str(head.get("message"))[:_MOST_TOLD] + _last_of(printed))
    value = await asyncio.to_thread(_value, body) if len(body) > LONG else _value(body)
    locks = head.get("locks")
    held = tuple(map(str, locks)) if isinstance(locks, list) else ()
    return Ran(CodeReply(value, printed.text, printed.total > KEPT), held)


def _last_of(printed: _Taken) -> str:
    """What the code printed before it failed: who looks for the reason has put it there."""
    return f"\n\nIt had printed:\n{printed.text[-_MOST_TOLD:]}" if printed.data else ""


def _head(line: bytes) -> dict[str, Json] | None:
    """None for what the child never says: it ended before its answer, or the code wrote in its place."""
    try:
        head = json.loads(line)
    except ValueError:
        return None
    return head if isinstance(head, dict) else None


def _value(body: bytes) -> Json:
    try:
        return json.loads(body.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise InvalidOutput(f"The code gave what is no JSON: {error}") from None


def _died(request: CodeRequest, status: int) -> NoReturn:
    if status == -signal.SIGXCPU:
        raise _too_long(request)
    if status == -signal.SIGKILL:
        raise CodeTooBig("The system ended the code, as it does when memory runs out.")
    if status < 0:
        raise CodeFailed(f"The code crashed ({signal.Signals(-status).name}).")
    raise CodeFailed("The code ended its process before it gave anything.")


def _raised(request: CodeRequest, kind: str, message: str) -> NoReturn:
    match kind:
        case "NoJson":
            raise InvalidOutput(message)
        case "MemoryError":
            raise CodeTooBig(f"The code wanted more memory than the {request.memory_mb} MiB it may have.")
        case "SystemExit":
            raise CodeFailed(f"The code ended itself.\n{message}")
        case _:
            raise CodeFailed(message)


def _too_long(request: CodeRequest) -> CodeTooLong:
    return CodeTooLong(f"The code took longer than {request.timeout_s:g} s.")


async def locks_that_hold() -> tuple[str, ...]:
    """The names of the locks that this machine offers, tried out. Raises StepError where code cannot run at all."""
    asked = CodeRequest("def main(inputs): pass", None, timeout_s=20, memory_mb=256)
    return (await Sandbox().ran(asked)).locks
