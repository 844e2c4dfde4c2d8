"""The ports of a run that is driven by the server: models with the workspace's credentials, and real time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import cache

from django.conf import settings as server

from accounts.model_access import WorkspaceCredentials, models
from builder.palette import tools
from wireloom.engine.clock import SystemClock
from wireloom.engine.services import Calls, Clock, Code, Http, Llm, Tools
from wireloom.graph.document import Settings

_CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class StepServices:
    """The services of one step of a run; they know one workspace and can name no other."""

    workspace_id: str
    #: Of the workflow that the step stands in.
    settings: Settings
    calls: Calls

    @property
    def llm(self) -> Llm:
        """Models, which are loaded when the first step asks for one, or by `warm_up` before."""
        from wireloom.llm.service import ModelService

        return ModelService(
            models(),
            WorkspaceCredentials(self.workspace_id),
            self.calls,
            default_model=self.settings.default_model or "",
        )

    @property
    def tools(self) -> Tools:
        """The tools that this server has."""
        from wireloom.agents.toolbox import Toolbox

        return Toolbox(tools(), self.calls)

    @property
    def http(self) -> Http:
        """The web, with the workspace's credentials."""
        from wireloom.net.service import HttpService

        credentials = WorkspaceCredentials(self.workspace_id)
        return HttpService(models().client, lambda name: credentials.find("", name), self.calls)

    @property
    def code(self) -> Code:
        """People's Python, if the operator allows it."""
        return _code()

    @property
    def clock(self) -> Clock:
        return _CLOCK


@cache
def _code() -> Code:
    """One queue for all runs of this process."""
    from wireloom.sandbox.sandbox import NoCode, Sandbox

    return Sandbox() if server.WIRELOOM.allow_code else NoCode("WIRELOOM_ALLOW_CODE=1 allows it.")


async def warm_up() -> None:
    """Load what models need, in a thread: the server answers meanwhile, and the first agent need not wait."""
    await asyncio.to_thread(__import__, "wireloom.llm.service")
