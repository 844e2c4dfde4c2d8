"""What can go wrong with people's code."""

from __future__ import annotations

from wireloom.engine.errors import StepError


class CodeDisabled(StepError):
    """Code of people does not run here: nobody has turned it on."""

    code = "code_disabled"


class CodeFailed(StepError):
    """The code raised, ended itself, or crashed. The message has its traceback."""

    code = "code_error"


class CodeTooLong(StepError):
    """The code took longer than it may. Trying again does not help."""

    code = "timeout"


class CodeTooBig(StepError):
    """The code wanted more memory than it may have."""

    code = "code_limit"
