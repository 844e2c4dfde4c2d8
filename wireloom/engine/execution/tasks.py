"""The steps of a run that need a task each: queued, started as many at once as the run may have, stopped (X18)."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from wireloom.engine.execution.attempts import run_attempts
from wireloom.engine.state import Step

if TYPE_CHECKING:
    from wireloom.engine.execution.execution import Execution

#: How many start before others on the loop get a turn.
_TURN = 200


class Tasks:
    """Those of one run."""

    def __init__(self, execution: Execution, most: int) -> None:
        self._execution = execution
        self._most = most
        self._queue: deque[Step] = deque()
        self._running: dict[str, tuple[Step, asyncio.Task[None]]] = {}

    def __bool__(self) -> bool:
        return bool(self._running or self._queue)

    def add(self, step: Step) -> None:
        """Queue a step, and start what may be started."""
        self._queue.append(step)
        self.start()

    def start(self) -> None:
        """Start queued steps, as many as the run may have at once."""
        turn = _TURN
        while self._queue and len(self._running) < self._most:
            if not turn:
                asyncio.get_running_loop().call_soon(self._execution.go_on)
                return
            turn -= 1
            self._spawn(self._queue.popleft())

    def let_dead_go(self) -> None:
        """Something failed: what it keeps from starting is not waited for. What had started before goes on to its end."""
        self._queue = deque(one for one in self._queue if one.status != "pending" or not one.frame.is_dead)
        for step, task in self._running.values():
            if step.status == "pending" and step.frame.is_dead:
                task.cancel()

    def cancel(self, step: Step) -> bool:
        """Stop one step; give False if it has no task."""
        _, task = self._running.get(step.key, (step, None))
        return task is not None and task.cancel()

    def cancel_all(self) -> None:
        """Stop what runs, and forget what is queued."""
        self._queue.clear()
        for _, task in list(self._running.values()):
            task.cancel()

    def abandon(self) -> list[Step]:
        """Wait for nothing any more; give the steps that had not ended."""
        steps = [step for step, _ in self._running.values()]
        self._running.clear()
        return steps

    async def close(self, grace_s: float) -> None:
        """Stop everything, and wait no longer than `grace_s` for it to end."""
        tasks = [task for _, task in self._running.values()]
        self.cancel_all()
        if tasks:
            await asyncio.wait(tasks, timeout=grace_s)

    def _spawn(self, step: Step) -> None:
        if step.status == "pending" and step.frame.is_dead:
            return
        execution = self._execution
        loop = asyncio.get_running_loop()
        task = asyncio.Task(run_attempts(execution, step), loop=loop, eager_start=True)
        if task.done():
            self._check_crash(task)  # it never had to wait, and whoever spawned it goes on
        else:
            self._running[step.key] = step, task
            task.add_done_callback(lambda ended: self._ended(step, ended))
            if execution.is_stopping:  # stopped by a listener to the step's first event
                task.cancel()

    def _ended(self, step: Step, task: asyncio.Task[None]) -> None:
        self._running.pop(step.key, None)
        self._check_crash(task)
        self._execution.go_on()

    def _check_crash(self, task: asyncio.Task[None]) -> None:
        """An error that no node made is ours: the run is left as its journal has it."""
        if not task.cancelled() and (error := task.exception()) is not None:
            self._execution.crash(error)
