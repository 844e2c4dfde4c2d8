"""What builder refuses."""

from __future__ import annotations

from accounts.web.problems import Conflict, Forbidden, Invalid, Malformed


class MalformedGraph(Malformed):
    """The graph has not the shape of a workflow document."""

    code = "malformed_document"


class TooManyNodes(Invalid):
    """The graph is larger than any that this server takes."""

    code = "too_many_nodes"


class InvalidWorkflow(Invalid):
    """The graph cannot run; `errors` lists why."""

    code = "invalid_workflow"


class StaleRevision(Conflict):
    """Somebody saved in between; `current` is the revision that there is now."""

    code = "stale_revision"


class ExpressionFailed(Invalid):
    """An expression that is wrong, or does not fit its values."""

    code = "expression_error"


class ExpressionTooMuch(ExpressionFailed):
    """An expression that asks for more than one may use."""

    code = "expression_limit"


class CodeDisabled(Forbidden):
    """The workflow runs people's code, and the operator has not allowed that."""

    code = "code_disabled"


class NotExportable(Invalid):
    """A workflow cannot be given in that form."""

    code = "unknown_format"
