"""The ports of a step that a script runs; what they need is loaded when a step asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from wireloom.engine.services import Calls, Clock, Code, Http, Llm, Tools
from wireloom.graph.document import Settings

if TYPE_CHECKING:
    from wireloom.agents.tool import Tool
    from wireloom.llm.credentials import CredentialSource
    from wireloom.llm.models import Models
    from wireloom.sdk.llm_config import LlmConfig


class Reach:
    """Models, keys and the web, as one executor reaches them. Opens nothing before it is asked for."""

    def __init__(
        self,
        config: LlmConfig | None,
        models: Models | None,
        credentials: CredentialSource | None,
        clock: Clock,
        allow_code: bool = False,
    ) -> None:
        self.clock = clock
        self._allow_code = allow_code
        self._code: Code | None = None
        self.default_model = config.model_id if config else ""
        self._config = config
        self._given = models
        self._models = models
        self._credentials = credentials

    @property
    def models(self) -> Models:
        if self._models is None:
            from wireloom.llm.models import Models

            self._models = Models(lane=self._config.lane if self._config else None)
        return self._models

    @property
    def credentials(self) -> CredentialSource:
        if self._credentials is None:
            from wireloom.llm.credentials import EnvironmentCredentials
            from wireloom.sdk.llm_config import ScriptCredentials

            self._credentials = ScriptCredentials(self._config) if self._config else EnvironmentCredentials()
        return self._credentials

    @property
    def code(self) -> Code:
        if self._code is None:
            from wireloom.sandbox.sandbox import NoCode, Sandbox

            self._code = Sandbox() if self._allow_code else NoCode("Executor(allow_code=True) allows it.")
        return self._code

    async def aclose(self) -> None:
        """Close what was opened here."""
        if self._models is not None and self._given is None:
            await self._models.aclose()
            self._models = None


class StepServices:
    """The ports of one step."""

    __slots__ = ("_calls", "_reach", "_settings", "_tools")

    def __init__(self, reach: Reach, settings: Settings, tools: Mapping[str, Tool], calls: Calls) -> None:
        self._reach = reach
        self._settings = settings
        self._tools = tools
        self._calls = calls

    @property
    def llm(self) -> Llm:
        from wireloom.llm.service import ModelService

        reach = self._reach
        default = self._settings.default_model or reach.default_model
        return ModelService(reach.models, reach.credentials, self._calls, default_model=default)

    @property
    def tools(self) -> Tools:
        from wireloom.agents.builtin import BUILTIN
        from wireloom.agents.toolbox import Toolbox

        return Toolbox({**BUILTIN, **self._tools}, self._calls)

    @property
    def http(self) -> Http:
        from wireloom.net.service import HttpService

        credentials = self._reach.credentials
        return HttpService(self._reach.models.client, lambda name: credentials.find("", name), self._calls)

    @property
    def code(self) -> Code:
        return self._reach.code

    @property
    def clock(self) -> Clock:
        return self._reach.clock
