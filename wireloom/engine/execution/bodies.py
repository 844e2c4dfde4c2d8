"""Sub-workflows under way: how their bodies begin, run out of time and come back (X8, X13)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from wireloom.engine.execution.attempts import called, too_long
from wireloom.engine.execution.outcome import output_of
from wireloom.engine.node_io import Output
from wireloom.engine.state import Step
from wireloom.engine.state.frames import steps_under_way
from wireloom.engine.state.gathering import StepInputs
from wireloom.engine.values import check_given, check_output

if TYPE_CHECKING:
    from wireloom.engine.execution.execution import Execution


class Bodies:
    """Those of one run."""

    def __init__(self, execution: Execution) -> None:
        self._execution = execution
        self._timers: dict[str, asyncio.TimerHandle] = {}
        #: The keys of those whose time is over, while what is in them is stopped.
        self._late: set[str] = set()

    def enter(self, step: Step) -> None:
        """Begin a sub-workflow: it is given what its node's fields say, if that fits its `inputs`."""
        execution, node = self._execution, step.node
        assert node.body is not None
        assert node.body.workflow is not None
        try:
            given = called(step, StepInputs(execution.state, step)).value
            check_given(given, node.body.workflow.inputs)
        except Exception as error:  # noqa: BLE001 - here a node's code meets the executor
            execution.tell.started(step, 1)
            execution.fail_step(step, error)
            return
        execution.tell.started(step, 1, given=given)
        self.time(step)

    def time(self, step: Step) -> None:
        """Let its time run, which counts from its start. At its end all in it is stopped, and then it fails."""
        timeout_s = step.node.policy.timeout_s
        if timeout_s is not None:
            left = step.started_at + timeout_s - self._execution.clock.now()
            loop = asyncio.get_running_loop()
            self._timers[step.key] = loop.call_later(max(0.0, left), self._over, step)

    def leave(self, step: Step) -> None:
        """End a sub-workflow whose body has ended: with its output, or as what went wrong in it."""
        execution, body = self._execution, step.body
        if body is None or not step.is_under_way:
            return
        if step.unwanted:
            if not self.drop(step):
                execution.cancel_step(step)
            return
        self._untime(step)
        if body.failure is not None:
            execution.skip_unreached(body)
            execution.fail(step, body.failure)
            return
        try:
            output = output_of(body)
            check_output(output)
        except Exception as error:  # noqa: BLE001 - what it gives may be too large
            execution.fail_step(step, error)
            return
        execution.tell.succeeded(step, Output(output))

    def drop(self, step: Step) -> bool:
        """A sub-workflow is to be stopped, and nothing in it runs any more; give whether its time was why, and it has failed."""
        self._untime(step)
        late = step.key in self._late
        if late:
            self._execution.fail_step(step, too_long(step.node))
        return late

    def clear(self) -> None:
        for timer in self._timers.values():
            timer.cancel()

    def _over(self, step: Step) -> None:
        execution = self._execution
        if step.is_under_way and step.body is not None and not execution.tell.closed:
            self._late.add(step.key)
            execution.state.flow.stop([*steps_under_way((step.body,)), step])
            execution.go_on()

    def _untime(self, step: Step) -> None:
        timer = self._timers.pop(step.key, None)
        if timer is not None:
            timer.cancel()
