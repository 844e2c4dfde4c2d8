"""A step in a task of its own: attempt after attempt, under its type's limit and its own time limit."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TYPE_CHECKING, Any

from wireloom.engine.errors import AttemptTimeout, LostLease, StepError
from wireloom.engine.execution.retries import delay_s, is_retryable
from wireloom.engine.node_io import Output
from wireloom.engine.plan import PlannedNode
from wireloom.engine.state import Step
from wireloom.engine.state.gathering import StepInputs
from wireloom.engine.values import check_output_aside

if TYPE_CHECKING:
    from wireloom.engine.execution.execution import Execution


async def run_attempts(execution: Execution, step: Step) -> None:
    """Carry a step to its end, which is told as events; raises only what is no node's fault."""
    try:
        while await _may_begin(execution, step):
            error = await _attempt(execution, step)
            if error is None:
                return
            if execution.is_stopping or step.unwanted:
                execution.cancel_step(step)
                return
            pause = _pause(execution, step, error)
            if pause is None:
                execution.fail_step(step, error)
                return
            execution.tell.retrying(step, error, pause)
    except asyncio.CancelledError:
        if step.status == "running":  # else it was still queueing, and never began
            execution.cancel_step(step)
        raise


async def _may_begin(execution: Execution, step: Step) -> bool:
    """Wait out the back-off. After a failure elsewhere no attempt begins: the step ends as its last one did (X11)."""
    if step.retry_at is None:
        return True
    if await execution.nap(step, step.retry_at - execution.clock.now()):
        return True
    execution.give_up(step)
    return False


async def _attempt(execution: Execution, step: Step) -> Exception | None:
    """Make one attempt; give what went wrong, or None once the step has succeeded or may not begin."""
    node = step.node
    limit = execution.limits.of(node.type.name)
    if limit is not None:
        await limit.acquire()
    try:
        if not execution.start_attempt(step):
            return None
        if node.type.effect == "effect":
            # What changes the world begins only after all that led to it is safe (X14, X15).
            await execution.journal.committed(execution.state.seq)
        try:
            running = node.type.run(
                node.config, StepInputs(execution.state, step), execution.services_for(step)
            )
            output: Output = await (running if node.policy.timeout_s is None else _in_time(running, node))
            await check_output_aside(output.value)
        except asyncio.CancelledError:
            if asyncio.current_task().cancelling():  # type: ignore[union-attr]
                raise
            return StepError(f"{node.label!r} cancelled itself.")
        except LostLease:
            raise
        except Exception as error:  # noqa: BLE001 - here a node's code meets the executor
            return error
        execution.tell.succeeded(step, output)
        return None
    finally:
        if limit is not None:
            limit.release()


async def _in_time(running: Awaitable[Output], node: PlannedNode) -> Output:
    """Raises AttemptTimeout for an answer that comes late, even from a node that would not be stopped."""
    try:
        async with asyncio.timeout(node.policy.timeout_s) as deadline:
            output = await running
    except TimeoutError as error:
        if not deadline.expired():
            raise  # the node's own
        raise too_long(node) from error
    if deadline.expired():
        raise too_long(node)
    return output


def too_long(node: PlannedNode) -> AttemptTimeout:
    """What is said of an attempt that takes longer than its node allows."""
    return AttemptTimeout(f"{node.label!r} took longer than {node.policy.timeout_s:g} s.")


def _pause(execution: Execution, step: Step, error: Exception) -> float | None:
    """Seconds until the next attempt, or None if there is none."""
    spent = step.tries >= step.node.policy.max_attempts
    if spent or not is_retryable(error) or step.frame.is_dead:
        return None
    pause = delay_s(step.tries, error, execution.chance)
    return pause if pause < execution.deadline.remaining_s else None


def called(step: Step, *arguments: Any) -> Any:
    """What a node that need not wait gives. Nothing is awaited in it, so a cancellation can only be its own."""
    try:
        return step.node.type.run(step.node.config, *arguments)
    except asyncio.CancelledError:
        raise StepError(f"{step.node.label!r} cancelled itself.") from None
