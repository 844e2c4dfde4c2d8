"""A clock that costs nothing: an event loop whose time jumps to the next timer, and a model that says what it is told."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from wireloom.engine import events
from wireloom.engine.errors import StepError
from wireloom.engine.events import Event, StepDelta
from wireloom.engine.execution import Execution, Outcome
from wireloom.engine.journal import MemoryJournal
from wireloom.engine.limits import Limits
from wireloom.engine.node_io import Inputs, Output
from wireloom.engine.plan import Plan, compile_plan
from wireloom.engine.services import (
    CallResult,
    Calls,
    ChatReply,
    ChatRequest,
    Clock,
    Http,
    Llm,
    Services,
    Tools,
    Usage,
)
from wireloom.graph.config import NodeConfig
from wireloom.graph.document import Document, Settings, parse
from wireloom.graph.node_type import Catalogue, NodeType
from wireloom.nodes import catalogue

#: Virtual time begins here: 2026-01-01, in seconds since the epoch.
BEGINNING = 1_767_225_600.0


class VirtualLoop(asyncio.SelectorEventLoop):
    """Real asyncio, except that nobody sleeps."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0

    def time(self) -> float:
        return self._now

    def _run_once(self) -> None:
        while self._scheduled and self._scheduled[0]._cancelled:
            self._timer_cancelled_count -= 1
            heapq.heappop(self._scheduled)._scheduled = False
        if not self._ready and not self._stopping:
            threads = self._default_executor is not None
            assert self._scheduled or threads, "Nothing is ready and nothing is awaited: the run hangs."
            if self._scheduled:
                self._now = max(self._now, self._scheduled[0]._when)
        super()._run_once()


def virtually[T](work: Coroutine[Any, Any, T]) -> T:
    """Run `work` to its end on virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(work)


class VirtualClock:
    def __init__(self, *, ahead_s: float = 0.0) -> None:
        self._ahead_s = ahead_s

    def now(self) -> float:
        return BEGINNING + self._ahead_s + asyncio.get_running_loop().time()

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class DurableJournal(MemoryJournal):
    """A memory journal whose requests are hashed, as a stored one's are."""

    durable = True


class Busy(StepError):
    """What a provider with too much to do says."""

    code = "provider_rate_limit"
    retryable = True

    def __init__(self, message: str = "Too much to do.", *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


def stored(history: Iterable[Event]) -> list[Event]:
    """A history as a journal gives it back: through JSON's own types."""
    return [
        events.load(
            one.type,
            seq=one.seq,
            at=one.at,
            step=getattr(one, "step", None),
            node=getattr(one, "node", None),
            data={
                name: list(value) if isinstance(value, tuple) else value for name, value in one.data.items()
            },
        )
        for one in history
    ]


type Script = Callable[[ChatRequest], Awaitable[str] | str]


@dataclass
class ScriptedLlm:
    """Answers by a script, and keeps what it was asked."""

    calls: Calls
    script: Script
    asked: list[ChatRequest]

    async def complete(self, request: ChatRequest) -> ChatReply:
        async def make(call: Any) -> CallResult:
            self.asked.append(request)
            answer = self.script(request)
            text = answer if isinstance(answer, str) else await answer
            call.delta(text)
            return CallResult(text, Usage(input_tokens=1, output_tokens=1))

        told = {"model": request.model, "messages": [[one.role, one.content] for one in request.messages]}
        result = await self.calls.record("llm", request.model or "default", told, make)
        return ChatReply(result.value, request.model, "local", usage=result.usage or Usage())


@dataclass
class Ports:
    """The services of one step."""

    llm: Llm
    clock: Clock
    http: Http | None = None
    tools: Tools | None = None


@dataclass
class World:
    """The outside of a run: its clock, its model, its chance, and what a test wants to watch."""

    script: Script = lambda request: "answer"
    asked: list[ChatRequest] = field(default_factory=list)
    deltas: list[StepDelta] = field(default_factory=list)
    seed: int = 0
    limits: Limits = field(default_factory=Limits)
    ahead_s: float = 0.0
    options: dict[str, Any] = field(default_factory=dict)
    #: The settings of the workflow that each step stands in.
    seen_settings: list[Settings] = field(default_factory=list)

    def execution(
        self,
        plan: Plan,
        *,
        listener: Callable[[Event], None] | None = None,
        run_id: str = "run",
        journal: MemoryJournal | None = None,
    ) -> Execution:
        clock = VirtualClock(ahead_s=self.ahead_s)
        return Execution(
            run_id,
            plan,
            services=lambda calls, settings: self._ports(calls, settings, clock),
            journal=journal or DurableJournal(listener, self.deltas.append),
            clock=clock,
            limits=self.limits,
            chance=Random(self.seed),
            **self.options,
        )

    def _ports(self, calls: Calls, settings: Settings, clock: VirtualClock) -> Services:
        self.seen_settings.append(settings)
        return Ports(ScriptedLlm(calls, self.script, self.asked), clock)


class FreeConfig(NodeConfig):
    """A node that a test makes up."""

    behaviour: str = ""


def made_up(
    name: str, run: Callable[..., Any], *, flow: str = "call", effect: str = "read", **more: Any
) -> NodeType:
    """A node type for one test."""
    return NodeType(
        name=name,
        version=1,
        group="flow",
        label=name,
        icon="x",
        config=FreeConfig,
        run=run,
        flow=flow,
        effect=effect,
        **more,
    )


def graph(
    nodes: dict[str, Any], *edges: str, settings: dict[str, Any] | None = None, inputs: Any = None
) -> dict[str, Any]:
    """A document: nodes as `{id: type}` or `{id: {type, config, policy}}`, edges as `a.port > b`, loops as `a > b ~9`."""
    return {
        "nodes": [
            {"id": name, **({"type": one} if isinstance(one, str) else one)} for name, one in nodes.items()
        ],
        "edges": [_edge(one) for one in edges],
        "settings": settings or {},
        "inputs": inputs or {},
    }


def _edge(text: str) -> dict[str, Any]:
    source, target = text.split(" > ")
    name, _, port = source.partition(".")
    target, _, limit = target.partition(" ~")
    loop = {"loop": {"max_iterations": int(limit)}} if limit else {}
    return {"source": name, "target": target, "source_port": port or "out", **loop}


def plan_of(
    document: dict[str, Any], *types: NodeType, workflows: Mapping[str, dict[str, Any]] | None = None
) -> Plan:
    """Compile a document; `workflows` holds what its sub-workflows name, by slug."""

    def find(slug: str, version: int | None) -> Document | None:
        return parse(workflows[slug]) if workflows and slug in workflows and version in (None, 1) else None

    return compile_plan(parse(document), Catalogue((*catalogue().values(), *types)), find)


@dataclass(frozen=True)
class Ran:
    """A run that has come to an end, or to a long wait."""

    execution: Execution
    outcome: Outcome
    events: list[Event]

    @property
    def output(self) -> Any:
        return self.execution.state.output

    @property
    def error_code(self) -> str | None:
        error = self.execution.state.error
        return error["code"] if error else None

    @property
    def steps(self) -> dict[str, str]:
        """The status of each step that was reached."""
        steps = self.execution.state.steps
        return {key: step.status for key, step in steps.items() if step.status != "pending"}

    def times(self, kind: str) -> list[tuple[str, float]]:
        """Each event of a type as its step and the seconds since the beginning."""
        return [(one.step, round(one.at - BEGINNING, 3)) for one in self.events if one.type == kind]


async def drive(
    plan: Plan,
    run_input: Any = None,
    *,
    world: World | None = None,
    meanwhile: Callable[[Execution], Awaitable[None]] | None = None,
    listener: Callable[[Event], None] | None = None,
    spoil: Callable[[Execution], None] | None = None,
) -> Ran:
    """`spoil` plants a fault before the run starts."""
    execution = (world or World()).execution(plan, listener=listener)
    if spoil is not None:
        spoil(execution)
    execution.start({} if run_input is None else run_input)
    return await finish(execution, meanwhile)


async def finish(
    execution: Execution, meanwhile: Callable[[Execution], Awaitable[None]] | None = None
) -> Ran:
    side = asyncio.ensure_future(meanwhile(execution)) if meanwhile else None
    outcome = await execution.drive()
    if side is not None:
        await side
    return Ran(execution, outcome, execution.journal.events)  # type: ignore[attr-defined]


def play(document: dict[str, Any], run_input: Any = None, *types: NodeType, **options: Any) -> Ran:
    """Run a document to its end on virtual time."""
    return virtually(drive(plan_of(document, *types), run_input, **options))


# -- node types that many tests use


async def _sleep(config: FreeConfig, inputs: Inputs, services: Services) -> Output:
    """`behaviour`: seconds."""
    await services.clock.sleep(float(config.behaviour))
    return Output(config.behaviour)


def _break(config: FreeConfig, inputs: Inputs) -> Output:
    raise StepError(config.behaviour or "broken")


SLEEP = made_up("sleep", _sleep)
BREAK = made_up("break", _break, flow="inline")


def sleeping(seconds: float, **policy: Any) -> dict[str, Any]:
    return {"type": "sleep", "config": {"behaviour": str(seconds)}, "policy": policy}
