"""What a node may ask for: the ports through which every step reaches the world.

A node's `run` is handed a `Services` and uses nothing else. The library
implements each port directly (`wireloom.llm`, `wireloom.net`); the server
implements some persistently. The engine declares them, and knows no adapter.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import field
from typing import Any, Literal, Protocol

from wireloom.frozen import frozen

#: One JSON value, as every step takes and gives.
type Json = Any

type CallKind = Literal["llm", "tool", "http", "retrieval"]
type Role = Literal["system", "user", "assistant", "tool"]
type FinishReason = Literal["stop", "length", "tool_calls", "content_filter"]


# -- Calls: everything a step asks of the outside is recorded (X15) ------------


@frozen
class Usage:
    """What model calls consumed. Tokens are the provider's own count; `cost_usd` is None when the price is unknown."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    cost_usd: float | None = None

    def to_json(self) -> dict[str, Json]:
        """As it stands in events; `Usage(**…)` reads it back."""
        # Not by asdict: it copies deeply, and this is done for every call.
        return {
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "cached_tokens": self.cached_tokens,
            "reasoning_tokens": self.reasoning_tokens,
            "cost_usd": self.cost_usd,
        }


class Call(Protocol):
    """One recorded call under way, as its maker sees it."""

    #: 1, 2, 3 … within the step, the same when the step runs again.
    n: int
    #: False when nobody watches text arrive: a maker may then ask for the answer whole, which is cheaper.
    wants_deltas: bool

    @property
    def idempotency_key(self) -> str:
        """Stays the same over attempts and recoveries (`run:step:n`)."""

    def delta(self, text: str) -> None:
        """Show `text`, the next piece of the answer, to whoever watches. Never waits."""


@frozen
class CallResult:
    """What a call gave: `value` is JSON and is what a replay gives back; `usage` is None for calls that cost nothing."""

    value: Json
    usage: Usage | None = None


class Calls(Protocol):
    """The recorder of one step's calls."""

    @property
    def is_budgeted(self) -> bool:
        """Whether what calls cost is bounded, so that each must be reserved."""

    def reserved(self, worst_usd: float) -> AbstractAsyncContextManager[None]:
        """Hold what a call may cost at worst, in US dollars, while it is made and recorded.

        Waits while others may give back what it takes. Raises BudgetExceeded if it can never fit.
        """

    async def record(
        self, kind: CallKind, name: str, request: Json, make: Callable[[Call], Awaitable[CallResult]]
    ) -> CallResult:
        """Give the result of the step's next call, making it only if the journal does not hold it yet.

        `request` is JSON without secrets; its hash is kept. The result is
        committed before this returns. An exception from `make` is recorded as
        the call's error, with its attribute `partial` as the call's result
        where it has one, and raised on. A failure that the step went on from
        is raised again, as RecordedFailure, without the call being made.

        Raises ReplayMismatch if the journal holds another request under this number.
        """


# -- Models -------------------------------------------------------------------


@frozen
class ToolCall:
    """A model's wish to call a tool. `arguments` is the JSON text as the model wrote it, maybe not valid."""

    id: str
    name: str
    arguments: str


@frozen
class Message:
    """One turn. `tool_calls` belongs to an assistant's turn, `tool_call_id` to a tool's."""

    role: Role
    content: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None


@frozen
class ToolSpec:
    """A tool as a model is told of it. `parameters` is a JSON Schema object."""

    name: str
    description: str
    parameters: dict[str, Json]


@frozen
class ChatRequest:
    """What to ask a model.

    `model` is `provider/name`; empty asks for the default of the run.
    `credential` names one of the workspace; None takes the provider's default.
    Fields left None are not sent, so the provider's own default holds.
    """

    model: str
    messages: tuple[Message, ...]
    temperature: float | None = None
    max_tokens: int | None = None
    tools: tuple[ToolSpec, ...] = ()
    output_schema: dict[str, Json] | None = None
    credential: str | None = None
    #: What it may cost at worst, in US dollars; more is refused.
    max_cost_usd: float | None = None


@frozen
class ChatReply:
    """A model's whole answer. `lane` is `direct`, `litellm` or `local`; `first_token_ms` is None if it came whole."""

    text: str
    model: str
    lane: str
    finish: FinishReason = "stop"
    tool_calls: tuple[ToolCall, ...] = ()
    usage: Usage = field(default_factory=Usage)
    first_token_ms: float | None = None


class Llm(Protocol):
    """Chat models, whoever serves them."""

    async def complete(self, request: ChatRequest) -> ChatReply:
        """Give the model's answer. It is recorded, and its text shown as it arrives.

        Raises ProviderError, whose `retryable` and `retry_after` the executor obeys.
        """


class Tools(Protocol):
    """The tools that a model may be given."""

    def specs(self, names: Sequence[str]) -> tuple[ToolSpec, ...]:
        """The tools with these names. Raises ToolDenied for one that is not there."""

    async def call(self, wish: ToolCall, allowed: Sequence[str], timeout_s: float | None = None) -> Json:
        """Do what a model wishes. It is recorded, a failure too, and neither is made again.

        Raises ToolDenied for a tool that is not among `allowed`, ToolError for
        whatever else goes wrong.
        """


# -- HTTP -----------------------------------------------------------------------


@frozen
class HttpRequest:
    """What to ask of a web server.

    `credential` names one whose secret is sent as a bearer token, to its own
    host alone. `ok_statuses` are what counts as an answer; None: 200 to 299.
    """

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    credential: str | None = None
    ok_statuses: tuple[int, ...] | None = None


@frozen
class HttpReply:
    """A web server's answer: headers by their names in lower case, `body` decoded if it is JSON, else its text."""

    status: int
    headers: dict[str, str]
    body: Json


class Http(Protocol):
    """The web, as far as the egress guard lets it be reached."""

    async def send(self, request: HttpRequest) -> HttpReply:
        """Give the answer. It is recorded.

        Raises NetError: EgressDenied, HttpRefused for another status …
        """


# -- Code --------------------------------------------------------------------


@frozen
class CodeRequest:
    """Python that defines `main(inputs)`, and what to call it with."""

    source: str
    inputs: Json
    timeout_s: float = 30.0
    memory_mb: int = 256


@frozen
class CodeReply:
    """What `main` gave, and what it printed: its first 16 KiB; `cut` says that there was more."""

    value: Json
    printed: str = ""
    cut: bool = False


class Code(Protocol):
    """People's Python, in a process of its own: no files, no network, no other process, nothing of the environment."""

    async def run(self, request: CodeRequest) -> CodeReply:
        """Give what the code gives. It is not recorded: it reaches nothing, so it may run again.

        Raises StepError: `code_disabled`, `code_error` with the code's traceback,
        `code_limit` for too much memory, `timeout`, `invalid_output`, `output_too_large`.
        """


# -- Time and chance -----------------------------------------------------------


class Clock(Protocol):
    """All time in the engine."""

    def now(self) -> float:
        """Seconds since the epoch, UTC."""

    def monotonic(self) -> float:
        """Seconds on a clock that only goes forward."""

    async def sleep(self, seconds: float) -> None: ...


class Services(Protocol):
    """The ports a step was given. An implementation may make each on first use: most steps need none."""

    @property
    def llm(self) -> Llm: ...

    @property
    def tools(self) -> Tools: ...

    @property
    def http(self) -> Http: ...

    @property
    def code(self) -> Code: ...

    @property
    def clock(self) -> Clock: ...
