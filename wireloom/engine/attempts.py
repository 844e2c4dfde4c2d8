"""A step in a task of its own: attempt after attempt, under its type's limit and its own time limit."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from wireloom.engine import events
from wireloom.engine.errors import AttemptTimeout, LostLease, StepError, describe
from wireloom.engine.gathering import StepInputs
from wireloom.engine.node_io import Output
from wireloom.engine.plan import PlannedNode
from wireloom.engine.retries import delay_s, is_retryable
from wireloom.engine.values import check_output

if TYPE_CHECKING:
    from wireloom.engine.execution import Execution


async def run_attempts(execution: Execution, node: PlannedNode) -> None:
    """Carry the step of `node` to its end, which is told as events; raises only what is no node's fault."""
    attempt = _next_attempt(execution, node)
    try:
        while True:
            error = await _attempt(execution, node, attempt)
            if error is None:
                return
            pause = _pause(execution, node, error)
            if pause is None:
                execution.fail_step(node, error)
                return
            told = describe(error, node=node.id, attempts=attempt)
            execution.emit(
                events.StepRetrying, step=node.id, node=node.id, attempt=attempt, delay_s=pause, error=told
            )
            if not await execution.nap(pause):
                execution.fail_step(node, error)
                return
            attempt += 1
    except asyncio.CancelledError:
        if node.id in execution.state.steps:  # else it was still queueing, and never began
            execution.cancel_step(node)
        raise


def _next_attempt(execution: Execution, node: PlannedNode) -> int:
    step = execution.state.steps.get(node.id)
    return 1 if step is None else step.attempt + 1


async def _attempt(execution: Execution, node: PlannedNode, attempt: int) -> Exception | None:
    """Make one attempt; give what went wrong, or None once the step has succeeded."""
    limit = execution.limits.of(node.type.name)
    if limit is not None:
        await limit.acquire()
    try:
        execution.start_step(node, attempt)
        if node.type.effect == "effect":
            # What changes the world begins only after all that led to it is safe (X14, X15).
            await execution.journal.committed(execution.state.seq)
        try:
            async with asyncio.timeout(node.policy.timeout_s):
                output: Output = await node.type.run(
                    node.config, StepInputs(execution.state, node), execution.services_for(node)
                )
            check_output(output.value)
        except TimeoutError as error:
            if node.policy.timeout_s is None:
                return error
            return AttemptTimeout(f"{node.label!r} took longer than {node.policy.timeout_s:g} s.")
        except asyncio.CancelledError:
            if asyncio.current_task().cancelling():  # type: ignore[union-attr]
                raise
            return StepError(f"{node.label!r} cancelled itself.")
        except LostLease:
            raise
        except Exception as error:  # noqa: BLE001 - here a node's code meets the executor
            return error
        execution.finish_step(node, output)
        return None
    finally:
        if limit is not None:
            limit.release()


def _pause(execution: Execution, node: PlannedNode, error: Exception) -> float | None:
    """Seconds until the next attempt, or None if there is none."""
    state = execution.state
    step = state.steps[node.id]
    spent = step.attempt - step.interrupted >= node.policy.max_attempts
    if spent or not is_retryable(error) or state.failure is not None:
        return None
    pause = delay_s(step.attempt - step.interrupted, error, execution.chance)
    return pause if pause < execution.remaining_s() else None
