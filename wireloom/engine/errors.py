"""How a step or a run can fail, as `{code, message, node, attempts}`."""

from __future__ import annotations

from typing import ClassVar

from wireloom.engine.services import Json
from wireloom.errors import WireloomError


class StepError(WireloomError):
    """The base of what the executor itself finds wrong with a step."""

    code: ClassVar[str] = "error"


class AttemptTimeout(StepError):
    """An attempt took longer than the node's `timeout_s`."""

    code = "timeout"
    retryable = True


class InvalidOutput(StepError):
    """A node gave something that is no JSON value."""

    code = "invalid_output"


class OutputTooLarge(StepError):
    """A node gave more than 25 MiB."""

    code = "output_too_large"


class TypeMismatch(StepError):
    """A port was given a value of another type."""

    code = "type_mismatch"


class ReplayMismatch(StepError):
    """A step that runs again asked for something else than the journal holds."""

    code = "replay_mismatch"


class StepLimit(StepError):
    """Loops repeated more steps, or a split was given more items, than a run may have."""

    code = "step_limit"


class CutShort(StepError):
    """A call was under way when its attempt ran out of time or was stopped."""

    code = "cancelled"


class BudgetExceeded(StepError):
    """A call could cost more than is left to spend."""

    code = "budget_exceeded"


class PriceUnknown(StepError):
    """A model whose price nobody knows was to be asked under a budget."""

    code = "price_unknown"


class Interrupted(StepError):
    """The process ended in mid-step, and the node's `on_interrupt` does not let it run again."""

    code = "interrupted"


class RecordedFailure(StepError):
    """A call that failed when the step ran before, and that the step went on from; it is not made again."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code  # type: ignore[misc]  # as it was recorded


class ToolError(StepError):
    """A tool failed, or was called with what it does not take. An agent's model is told, and may do better."""

    code = "tool_error"


class ToolDenied(StepError):
    """A model wished a tool that it was not given."""

    code = "tool_denied"


class InvalidInput(WireloomError):
    """The run's input does not match the workflow's `inputs`."""

    code = "invalid_input"

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class LostLease(WireloomError):
    """Another process drives this run now; nothing may be written for it here."""

    code = "lost_lease"


def describe(error: BaseException, *, node: str | None = None, attempts: int = 1) -> dict[str, Json]:
    """An error as events and clients are told it. Of what is not ours only the type's name and text are shown."""
    if isinstance(error, WireloomError):
        return {"code": error.code, "message": error.message, "node": node, "attempts": attempts}
    text = str(error)
    message = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return {"code": "error", "message": message, "node": node, "attempts": attempts}
