"""What a step asks of the outside, recorded so that it is never asked twice (X15)."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from wireloom.engine import events
from wireloom.engine.errors import (
    CutShort,
    LostLease,
    RecordedFailure,
    ReplayMismatch,
    StepError,
    ToolDenied,
    ToolError,
    describe,
)
from wireloom.engine.events import CALL_EVENTS, CallStarted, StepDelta
from wireloom.engine.services import Call, CallKind, CallResult, Json, Usage
from wireloom.engine.state import Step

if TYPE_CHECKING:
    from wireloom.engine.execution import Execution


def request_hash(request: Json) -> str:
    """sha256, in hex, over the request's canonical JSON."""
    text = json.dumps(request, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class StepCalls:
    """The calls of one attempt at a step: recorded ones are given back, new ones are made and recorded."""

    __slots__ = ("_execution", "_last", "_step")

    def __init__(self, execution: Execution, step: Step) -> None:
        self._execution = execution
        self._step = step
        self._last = 0

    @property
    def is_budgeted(self) -> bool:
        return bool(self._execution.budgets.of(self._step))

    @asynccontextmanager
    async def reserved(self, worst_usd: float) -> AsyncIterator[None]:
        """Hold it of every budget around the step, that of the innermost workflow first."""
        async with AsyncExitStack() as stack:
            for budget in self._execution.budgets.of(self._step):
                await stack.enter_async_context(budget.reserved(worst_usd))
            yield

    async def record(
        self, kind: CallKind, name: str, request: Json, make: Callable[[Call], Awaitable[CallResult]]
    ) -> CallResult:
        self._last += 1
        n, step, execution = self._last, self._step, self._execution
        hashed = request_hash(request) if execution.journal.durable else ""
        if execution.tell.closed:
            raise LostLease(f"Run {execution.run_id} is no longer driven here, so no more calls are made.")
        kept = _kept(step, n)
        if kept is not None and step.requests is not None:
            if not _is_same(step.requests[n], request, hashed):
                raise ReplayMismatch(f"Call {n} of {step.key!r} is not the one that was recorded.")
            if kept.error is not None:
                raise _failure(kept.error)
            return CallResult(kept.result, _usage(kept.usage))
        started, finished = CALL_EVENTS[kind]
        execution.tell.call(started, step, n, step.attempt, name, request, hashed)
        began = execution.clock.monotonic()
        result: CallResult | None = None
        error: dict[str, Json] | None = None
        partial: Json = None
        try:
            result = await make(_LiveCall(execution, step, n))
        except Exception as raised:
            error = describe(raised, node=step.node.id, attempts=step.attempt)
            partial = getattr(raised, "partial", None)
            raise
        except asyncio.CancelledError:
            error = describe(CutShort("The call was cut short."), node=step.node.id, attempts=step.attempt)
            raise
        finally:
            if error is not None or result is not None:
                took = (execution.clock.monotonic() - began) * 1000
                value, usage = (result.value, result.usage) if result else (partial, None)
                metered = usage.to_json() if usage else None
                execution.tell.call(finished, step, n, step.attempt, name, value, error, metered, took)
        await execution.journal.committed(execution.state.seq)
        return result


#: A tool's failures are results like others: the model was told of them.
_TOLD = frozenset({ToolError.code, ToolDenied.code})


def _kept(step: Step, n: int) -> events.CallFinished | None:
    """What call `n` gave before. A failure counts if the step went on from it: told its model, or asked another one."""
    calls = step.calls
    kept = calls.get(n) if calls else None
    if kept is None or kept.error is None or kept.error["code"] in _TOLD:
        return kept
    assert calls is not None
    went_on = any(later > n and call.error is None for later, call in calls.items())
    return kept if went_on else None


def _is_same(recorded: CallStarted, request: Json, hashed: str) -> bool:
    return recorded.request_hash == hashed if recorded.request_hash else recorded.request == request


class _LiveCall:
    __slots__ = ("_execution", "_offset", "_step", "n", "wants_deltas")

    def __init__(self, execution: Execution, step: Step, n: int) -> None:
        self._execution = execution
        self._step = step
        self._offset = 0
        self.n = n
        self.wants_deltas = execution.journal.watched

    @property
    def idempotency_key(self) -> str:
        return f"{self._execution.run_id}:{self._step.key}:{self.n}"

    def delta(self, text: str) -> None:
        step = self._step
        if not self._execution.tell.closed:
            self._execution.journal.delta(StepDelta(step.key, self.n, step.attempt, self._offset, text))
        self._offset += len(text)


def _failure(error: dict[str, Json]) -> StepError:
    """A recorded failure, raised again."""
    match error["code"]:
        case ToolDenied.code:
            return ToolDenied(error["message"])
        case ToolError.code:
            return ToolError(error["message"])
        case code:
            return RecordedFailure(code, error["message"])


def _usage(usage: dict[str, Json] | None) -> Usage | None:
    return None if usage is None else Usage(**usage)
