"""Workflows run from a plain script: in this process, on its event loop, kept nowhere.

result = Executor(LlmConfig.openai(key)).execute(workflow, {"topic": "tides"})
result.is_success(), result.output, result.usage
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from wireloom.engine.clock import SystemClock
from wireloom.engine.execution import Execution
from wireloom.engine.journal import MemoryJournal
from wireloom.engine.limits import Limits
from wireloom.engine.plan import Plan, PlanCache, compile_plan
from wireloom.engine.services import Json
from wireloom.engine.values import check_given
from wireloom.graph.document import Document, parse
from wireloom.graph.node_type import Catalogue, NodeType
from wireloom.sdk.result import Result, Stats, result_of
from wireloom.sdk.services import Reach, StepServices
from wireloom.sdk.stream import RunStream
from wireloom.sdk.workflow import Workflow

if TYPE_CHECKING:
    from wireloom.agents.tool import Tool
    from wireloom.llm.credentials import CredentialSource
    from wireloom.llm.models import Models
    from wireloom.sdk.llm_config import LlmConfig

#: A script's runs may take this long where their workflow says nothing, seconds.
TIMEOUT_S = 300.0
#: What a light executor does at once, by node type.
_LIGHT = {"agent": 4, "http_request": 4}

#: What can be run: drawn in code, parsed, or the document's JSON.
type Runnable = Workflow | Document | Mapping[str, Any]


class Executor:
    """Runs workflows on the model of a config, or without one on models that the environment names.

    One executor may run many workflows at once. Close it with `aclose`, or use
    it as an async context; `execute` does so by itself. With `lightweight_mode`
    at most four agents and four HTTP requests are under way at once. With
    `allow_code` its `code` nodes run, each in a process of its own. `plugins`
    names installed packages whose node types and tools it may use; BrokenPlugin
    is raised for one that does not load.
    """

    def __init__(
        self,
        config: LlmConfig | None = None,
        timeout_seconds: float = TIMEOUT_S,
        lightweight_mode: bool = False,
        *,
        models: Models | None = None,
        credentials: CredentialSource | None = None,
        catalogue: Mapping[str, NodeType] | None = None,
        limits: Limits | None = None,
        tools: Iterable[Tool] = (),
        allow_code: bool = False,
        plugins: Iterable[str] = (),
    ) -> None:
        from wireloom.nodes import catalogue as own_catalogue

        self._catalogue, brought = _extended(catalogue or own_catalogue(), tuple(plugins))
        self._plans = PlanCache(self._catalogue)
        self._clock = SystemClock()
        self._reach = Reach(config, models, credentials, self._clock, allow_code)
        self._limits = limits or Limits(_LIGHT if lightweight_mode else None)
        self._tools = {**brought, **{tool.name: tool for tool in tools}}
        self._timeout_s = timeout_seconds
        self._running: dict[str, tuple[Execution, asyncio.AbstractEventLoop]] = {}
        self._stats = Stats()

    def execute(self, workflow: Runnable, run_input: Json = None) -> Result:
        """Run a workflow to its end, on an event loop of its own. See `run_async`."""

        async def run() -> Result:
            async with self:
                return await self.run_async(workflow, run_input)

        return asyncio.run(run())

    async def run_async(self, workflow: Runnable, run_input: Json = None) -> Result:
        """Run a workflow to its end.

        A node that fails is told in the result. Raises MalformedDocument or
        InvalidWorkflow for what cannot run, InvalidInput if the input does not
        fit the workflow's `inputs`.
        """
        return await self._run(secrets.token_hex(8), MemoryJournal(), workflow, run_input)

    def stream(self, workflow: Runnable, run_input: Json = None) -> RunStream:
        """The run's events as they happen, for `for` or `async for`; leaving the iteration ends the run."""
        run_id = secrets.token_hex(8)

        async def drive(name: str, journal: MemoryJournal) -> Result:
            return await self._run(name, journal, workflow, run_input)

        return RunStream(run_id, drive, cancel=lambda: self.cancel(run_id), close=self.aclose)

    def cancel(self, run_id: str | None = None) -> None:
        """End one run as cancelled, or all of this executor's. May be called from any thread."""
        chosen = list(self._running) if run_id is None else [run_id]
        for execution, loop in [self._running[one] for one in chosen if one in self._running]:
            loop.call_soon_threadsafe(execution.cancel)

    def get_stats(self) -> Stats:
        """What this executor's runs came to together."""
        return self._stats

    def reset_stats(self) -> None:
        self._stats = Stats()

    async def aclose(self) -> None:
        """Close the connections that this executor opened itself."""
        await self._reach.aclose()

    async def __aenter__(self) -> Executor:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def _run(self, run_id: str, journal: MemoryJournal, workflow: Runnable, run_input: Json) -> Result:
        run_input = {} if run_input is None else run_input
        plan = self._plan(workflow, run_input)
        check_given(run_input, plan.inputs)
        tools = {**self._tools, **workflow.tools()} if isinstance(workflow, Workflow) else self._tools
        execution = Execution(
            run_id,
            plan,
            services=lambda calls, settings: StepServices(self._reach, settings, tools, calls),
            journal=journal,
            clock=self._clock,
            limits=self._limits,
            timeout_s=self._timeout_s,
        )
        execution.start(run_input)
        began = self._clock.monotonic()
        self._running[run_id] = execution, asyncio.get_running_loop()
        try:
            await execution.drive()
        finally:
            del self._running[run_id]
        result = result_of(run_id, plan, execution.state, self._clock.monotonic() - began)
        self._stats = self._stats.with_run(result)
        return result

    def _plan(self, workflow: Runnable, run_input: Json) -> Plan:
        if isinstance(workflow, Workflow):
            return compile_plan(
                workflow.document(run_input),
                workflow.catalogue(self._catalogue),
                workflow.find,
                slug=workflow.slug,
            )
        document = workflow if isinstance(workflow, Document) else parse(dict(workflow))
        plan = self._plans.get(document.content_hash, document)
        assert plan is not None
        return plan


def _extended(
    catalogue: Mapping[str, NodeType], plugins: tuple[str, ...]
) -> tuple[Mapping[str, NodeType], Mapping[str, Tool]]:
    """The node types with those of plugins, and the tools of plugins. Raises BrokenPlugin."""
    if not plugins:
        return catalogue, {}
    # Loaded by scripts that use them.
    from wireloom.plugins import required_plugins

    found = required_plugins(plugins, catalogue)
    return Catalogue(
        (*catalogue.values(), *(kind for one in found.brought for kind in one.types))
    ), found.tools
