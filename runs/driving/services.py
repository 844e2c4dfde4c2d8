"""The ports of a run that is driven by the server: models with the workspace's credentials, and real time."""

from __future__ import annotations

from accounts.model_access import WorkspaceCredentials, models
from wireloom.engine.clock import SystemClock
from wireloom.engine.plan import Plan
from wireloom.engine.services import Calls, Services
from wireloom.llm.service import ModelService

_CLOCK = SystemClock()


def services_of(workspace_id: str, plan: Plan, calls: Calls) -> Services:
    """The services of one step; they know one workspace and can name no other."""
    llm = ModelService(
        models(),
        WorkspaceCredentials(workspace_id),
        calls,
        default_model=plan.settings.default_model or "",
    )
    return Services(llm=llm, clock=_CLOCK)
