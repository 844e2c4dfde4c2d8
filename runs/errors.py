"""Why a run is not started, or not steered."""

from __future__ import annotations

from accounts.web.problems import Conflict, Invalid, Unavailable


class WorkflowInvalid(Invalid):
    """The graph cannot run; `errors` says all that is wrong with it."""

    code = "invalid_workflow"


class InputInvalid(Invalid):
    """The input is not what the workflow's `inputs` schema asks for."""

    code = "invalid_input"


class UnknownVersion(Invalid):
    """The workflow has no such version."""

    code = "unknown_version"


class SelectionInvalid(Invalid):
    """A part of the workflow that cannot be run by itself."""

    code = "invalid_selection"


class RunEnded(Conflict):
    """A run that has ended cannot be cancelled."""

    code = "run_ended"


class Draining(Unavailable):
    """The server is stopping and takes no new runs."""

    code = "draining"
