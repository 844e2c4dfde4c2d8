"""The facts of a run, numbered: recorder, live stream, history and trace all derive from these.

Every event is frozen and made of JSON values, so what is stored, sent and
folded again after a crash is the same thing. Order by `seq`, never by `at`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar

from wireloom.engine.services import Json

#: Facts about a run or a step themselves, kept beside `data` on the wire.
_ENVELOPE = frozenset({"seq", "at", "step", "node"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The base of all. `seq` counts 1..n within the run; `at` is seconds since the epoch, UTC."""

    type: ClassVar[str]

    seq: int
    at: float

    @property
    def data(self) -> dict[str, Json]:
        """All that the envelope does not say."""
        return {name: getattr(self, name) for name in _DATA_FIELDS[type(self)]}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepEvent(Event):
    """Something about one step. `step` is its key, `node` the id of its node."""

    step: str
    node: str


# -- the run


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted(Event):
    type = "run.started"
    input: Json
    variables: dict[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunWaiting(Event):
    """Nothing runs, and some steps wait; the first of them goes on at `until` (seconds since the epoch)."""

    type = "run.waiting"
    until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResumed(Event):
    type = "run.resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSucceeded(Event):
    type = "run.succeeded"
    output: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFailed(Event):
    """`error` is `{code, message, node, attempts}`."""

    type = "run.failed"
    error: dict[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCancelled(Event):
    type = "run.cancelled"
    error: dict[str, Json]


# -- its steps


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStarted(StepEvent):
    """An attempt begins. `sources` names, per live edge into it and in edge order, the step whose output it was given."""

    type = "step.started"
    attempt: int
    sources: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRetrying(StepEvent):
    """Attempt `attempt` failed with `error`; the next begins in `delay_s`."""

    type = "step.retrying"
    attempt: int
    delay_s: float
    error: dict[str, Json]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWaiting(StepEvent):
    """It goes on at `until` (seconds since the epoch), and will then give `output` through `ports`."""

    type = "step.waiting"
    until: float
    output: Json
    ports: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSucceeded(StepEvent):
    """`ports` are live, the node's others dead. `duration_ms` counts from the first attempt's start."""

    type = "step.succeeded"
    output: Json
    ports: list[str]
    duration_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFailed(StepEvent):
    """All attempts are spent. If `handled`, `ports` are live and carry `output`; the run may still succeed."""

    type = "step.failed"
    error: dict[str, Json]
    handled: bool
    output: Json
    ports: list[str]
    duration_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSkipped(StepEvent):
    """It will not run: its branch was not taken (`error` is None), or something before it failed."""

    type = "step.skipped"
    error: dict[str, Json] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StepCancelled(StepEvent):
    type = "step.cancelled"
    error: dict[str, Json]
    duration_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StepInterrupted(StepEvent):
    """The process that carried it ended in the middle of attempt `attempt`."""

    type = "step.interrupted"
    attempt: int


# -- their calls (X15)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStarted(StepEvent):
    """Call `call` of the step goes out. `request_hash` is sha256 in hex over its canonical JSON."""

    call: int
    attempt: int
    name: str
    request: Json
    request_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFinished(StepEvent):
    """Call `call` gave `result`, or `error` (`{code, message}`). `usage` is None where nothing was metered."""

    call: int
    attempt: int
    name: str
    result: Json
    error: dict[str, Json] | None
    usage: dict[str, Json] | None
    duration_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmStarted(CallStarted):
    type = "llm.started"


@dataclass(frozen=True, slots=True, kw_only=True)
class LlmFinished(CallFinished):
    type = "llm.finished"


# -- text as it arrives: shown, never stored


@dataclass(frozen=True, slots=True)
class StepDelta:
    """`text` is the next piece of call `call`'s answer, `offset` code points after its beginning."""

    step: str
    call: int
    attempt: int
    offset: int
    text: str


#: Each event class by its type.
EVENTS: dict[str, type[Event]] = {
    one.type: one
    for one in (
        RunStarted,
        RunWaiting,
        RunResumed,
        RunSucceeded,
        RunFailed,
        RunCancelled,
        StepStarted,
        StepRetrying,
        StepWaiting,
        StepSucceeded,
        StepFailed,
        StepSkipped,
        StepCancelled,
        StepInterrupted,
        LlmStarted,
        LlmFinished,
    )
}

_DATA_FIELDS = {
    one: tuple(field.name for field in fields(one) if field.name not in _ENVELOPE) for one in EVENTS.values()
}

#: The types after which a run has no event.
TERMINAL = frozenset({RunSucceeded.type, RunFailed.type, RunCancelled.type})

#: What opens and closes each kind of call.
CALL_EVENTS: dict[str, tuple[type[CallStarted], type[CallFinished]]] = {"llm": (LlmStarted, LlmFinished)}


def load(
    kind: str, *, seq: int, at: float, step: str | None, node: str | None, data: dict[str, Any]
) -> Event:
    """Give the event that was stored as these; the inverse of `data` and the envelope."""
    envelope = {"seq": seq, "at": at} if step is None else {"seq": seq, "at": at, "step": step, "node": node}
    return EVENTS[kind](**envelope, **data)
