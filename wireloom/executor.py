"""Workflows run from a plain script: in this process, on its event loop, kept nowhere.

result = Executor().execute(document, {"topic": "tides"})
result.is_success(), result.output, result.usage
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wireloom.engine.clock import SystemClock
from wireloom.engine.execution import Execution
from wireloom.engine.journal import MemoryJournal
from wireloom.engine.limits import Limits
from wireloom.engine.plan import Plan, PlanCache
from wireloom.engine.services import Calls, Clock, Http, Json, Llm, Tools, Usage
from wireloom.engine.state import RunState
from wireloom.engine.values import check_given
from wireloom.graph.document import Document, Settings, parse
from wireloom.graph.node_type import NodeType

if TYPE_CHECKING:
    from wireloom.agents.tool import Tool
    from wireloom.llm.credentials import CredentialSource
    from wireloom.llm.models import Models

#: A script's runs may take this long where their workflow says nothing, seconds.
TIMEOUT_S = 300.0


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to. `error` is `{code, message, node, attempts}` unless it succeeded."""

    status: str
    output: Json
    error: Mapping[str, Json] | None
    usage: Usage
    #: Each node's output by its id; nodes that were skipped or never reached are left out.
    outputs: Mapping[str, Json]
    #: What is to be known of an output, by its node's id: `{"truncated": "rounds"}`, say.
    notes: Mapping[str, Mapping[str, Json]]

    def is_success(self) -> bool:
        return self.status == "succeeded"

    def get_node_output(self, node: str) -> Json:
        """The output of the node with this id. Raises KeyError if it gave none."""
        return self.outputs[node]


class Executor:
    """Runs workflows on models that the environment names, or on those that it is given.

    One executor may run many workflows at once; it belongs to one event loop
    at a time. Close it with `aclose`, or use it as an async context.
    """

    def __init__(
        self,
        models: Models | None = None,
        *,
        credentials: CredentialSource | None = None,
        catalogue: Mapping[str, NodeType] | None = None,
        limits: Limits | None = None,
        tools: Iterable[Tool] = (),
        timeout_seconds: float = TIMEOUT_S,
    ) -> None:
        from wireloom.nodes import catalogue as own_catalogue

        self._plans = PlanCache(catalogue or own_catalogue())
        self._given_models = models
        self._models = models
        self._credentials = credentials
        self._limits = limits or Limits()
        self._tools = {tool.name: tool for tool in tools}
        self._timeout_s = timeout_seconds
        self._clock = SystemClock()

    def execute(self, workflow: Document | Mapping[str, Any], run_input: Json = None) -> Result:
        """Run a workflow to its end, on an event loop of its own. See `run_async`."""

        async def run() -> Result:
            async with self:
                return await self.run_async(workflow, run_input)

        return asyncio.run(run())

    async def run_async(self, workflow: Document | Mapping[str, Any], run_input: Json = None) -> Result:
        """Run a workflow, a parsed document or its JSON, to its end.

        A node that fails is told in the result. Raises MalformedDocument or
        InvalidWorkflow for what cannot run, InvalidInput if the input does not
        fit the workflow's `inputs`.
        """
        plan = self._plan(workflow)
        run_input = {} if run_input is None else run_input
        check_given(run_input, plan.inputs)
        execution = Execution(
            secrets.token_hex(8),
            plan,
            services=lambda calls, settings: _StepServices(self, settings, calls),
            journal=MemoryJournal(),
            clock=self._clock,
            limits=self._limits,
            timeout_s=self._timeout_s,
        )
        execution.start(run_input)
        await execution.drive()
        return _result(execution.state)

    async def aclose(self) -> None:
        """Close the connections that this executor opened itself."""
        if self._models is not None and self._given_models is None:
            await self._models.aclose()
            self._models = None

    async def __aenter__(self) -> Executor:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    def _plan(self, workflow: Document | Mapping[str, Any]) -> Plan:
        document = workflow if isinstance(workflow, Document) else parse(dict(workflow))
        plan = self._plans.get(document.content_hash, document)
        assert plan is not None
        return plan

    def _reached(self) -> tuple[Models, CredentialSource]:
        """Models and their HTTP client, which workflows that ask for nothing never need."""
        if self._models is None or self._credentials is None:
            from wireloom.llm.credentials import EnvironmentCredentials
            from wireloom.llm.models import Models

            self._models = self._models or Models()
            self._credentials = self._credentials or EnvironmentCredentials()
        return self._models, self._credentials


class _StepServices:
    """The ports of one step; models are loaded when it asks for them."""

    __slots__ = ("_calls", "_executor", "_settings")

    def __init__(self, executor: Executor, settings: Settings, calls: Calls) -> None:
        self._executor = executor
        self._settings = settings
        self._calls = calls

    @property
    def llm(self) -> Llm:
        from wireloom.llm.service import ModelService

        models, credentials = self._executor._reached()
        return ModelService(
            models, credentials, self._calls, default_model=self._settings.default_model or ""
        )

    @property
    def tools(self) -> Tools:
        from wireloom.agents.toolbox import Toolbox

        return Toolbox(self._executor._tools, self._calls)

    @property
    def http(self) -> Http:
        from wireloom.net.service import HttpService

        models, credentials = self._executor._reached()
        return HttpService(models.client, lambda name: credentials.find("", name), self._calls)

    @property
    def clock(self) -> Clock:
        return self._executor._clock


def _result(state: RunState) -> Result:
    outputs = {step.key: step.value for step in state.steps.values() if step.ports}
    notes = {step.key: step.notes for step in state.steps.values() if step.notes}
    return Result(state.status, state.output, state.error, state.usage, outputs, notes)
