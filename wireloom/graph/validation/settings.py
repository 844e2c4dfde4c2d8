"""The settings of the whole workflow."""

from __future__ import annotations

from wireloom.graph.document import Document
from wireloom.graph.problems import Problem


def check_settings(document: Document, warnings: list[Problem]) -> None:
    """Nobody may rely on a bound that does not hold yet."""
    if document.settings.max_cost_usd is not None:
        message = (
            "max_cost_usd is kept, but this version does not hold a run to it: costs are shown, not limited."
        )
        warnings.append(Problem("budget_unsupported", message, field="settings.max_cost_usd"))
