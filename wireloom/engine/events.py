"""The facts of a run, numbered: recorder, live stream, history and trace all derive from these.

Every event is frozen and made of JSON values, so what is stored, sent and
folded again after a crash is the same thing. Order by `seq`, never by `at`.
Sequences are tuples while a run is driven, and lists once they were stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, dataclass_transform

from wireloom.engine.services import Json


@dataclass_transform(frozen_default=True)
def fact[T](cls: type[T]) -> type[T]:
    """A frozen dataclass to type checkers; at run time one that is only slotted.

    Freezing at run time makes an event four times as costly, and each node of
    a run makes two of them.
    """
    return dataclass(slots=True)(cls)


#: Facts about a run or a step themselves, kept beside `data` on the wire.
_ENVELOPE = frozenset({"seq", "at", "step", "node"})


@fact
class Event:
    """The base of all. `seq` counts 1..n within the run; `at` is seconds since the epoch, UTC."""

    type: ClassVar[str]

    seq: int
    at: float

    @property
    def data(self) -> dict[str, Json]:
        """All that the envelope does not say."""
        return {name: getattr(self, name) for name in _DATA_FIELDS[type(self)]}


@fact
class StepEvent(Event):
    """Something about one step. `step` is its key, `node` the id of its node."""

    step: str
    node: str


# -- the run


@fact
class RunStarted(Event):
    type = "run.started"
    input: Json
    variables: dict[str, Json]


@fact
class RunWaiting(Event):
    """Nothing runs, and some steps wait; the first of them goes on at `until` (seconds since the epoch)."""

    type = "run.waiting"
    until: float


@fact
class RunResumed(Event):
    type = "run.resumed"


@fact
class RunSucceeded(Event):
    type = "run.succeeded"
    output: Json


@fact
class RunFailed(Event):
    """`error` is `{code, message, node, attempts}`."""

    type = "run.failed"
    error: dict[str, Json]


@fact
class RunCancelled(Event):
    type = "run.cancelled"
    error: dict[str, Json]


# -- its steps


@fact
class StepStarted(StepEvent):
    """An attempt begins. `sources` names, per live edge into it and in edge order, the step whose output it was given.

    `split[3]` is that item of a split. A join that collects names itself: it
    was given what it gives. `given` is the input of a sub-workflow's body.
    """

    type = "step.started"
    attempt: int
    sources: Sequence[str]
    given: Json = None

    @property
    def data(self) -> dict[str, Json]:
        told = {"attempt": self.attempt, "sources": self.sources}
        return told if self.given is None else {**told, "given": self.given}


@fact
class StepRetrying(StepEvent):
    """Attempt `attempt` failed with `error`; the next begins in `delay_s`."""

    type = "step.retrying"
    attempt: int
    delay_s: float
    error: dict[str, Json]


@fact
class StepWaiting(StepEvent):
    """It goes on at `until` (seconds since the epoch), and will then give `output` through `ports`."""

    type = "step.waiting"
    until: float
    output: Json
    ports: Sequence[str]


@fact
class StepSucceeded(StepEvent):
    """`ports` are live, the node's others dead. `duration_ms` counts from the first attempt's start.

    `notes` say what a person should know of the output: `truncated`, for one.
    """

    type = "step.succeeded"
    output: Json
    ports: Sequence[str]
    duration_ms: float
    notes: dict[str, Json] | None = None

    @property
    def data(self) -> dict[str, Json]:
        told = {"output": self.output, "ports": self.ports, "duration_ms": self.duration_ms}
        return told if self.notes is None else {**told, "notes": self.notes}


@fact
class StepFailed(StepEvent):
    """All attempts are spent. If `handled`, `ports` are live and carry `output`; the run may still succeed."""

    type = "step.failed"
    error: dict[str, Json]
    handled: bool
    output: Json
    ports: Sequence[str]
    duration_ms: float


@fact
class StepSkipped(StepEvent):
    """It will not run: its branch was not taken (`error` is None), or something before it failed."""

    type = "step.skipped"
    error: dict[str, Json] | None


@fact
class StepCancelled(StepEvent):
    type = "step.cancelled"
    error: dict[str, Json]
    duration_ms: float


@fact
class StepInterrupted(StepEvent):
    """The process that carried it ended in the middle of attempt `attempt`."""

    type = "step.interrupted"
    attempt: int


# -- their calls (X15)


@fact
class CallStarted(StepEvent):
    """Call `call` of the step goes out. `request_hash` is sha256 in hex over its canonical JSON."""

    call: int
    attempt: int
    name: str
    request: Json
    request_hash: str


@fact
class CallFinished(StepEvent):
    """Call `call` gave `result`, or `error` (`{code, message}`). `usage` is None where nothing was metered."""

    call: int
    attempt: int
    name: str
    result: Json
    error: dict[str, Json] | None
    usage: dict[str, Json] | None
    duration_ms: float


@fact
class LlmStarted(CallStarted):
    type = "llm.started"


@fact
class LlmFinished(CallFinished):
    type = "llm.finished"


@fact
class ToolStarted(CallStarted):
    type = "tool.started"


@fact
class ToolFinished(CallFinished):
    type = "tool.finished"


@fact
class HttpStarted(CallStarted):
    type = "http.started"


@fact
class HttpFinished(CallFinished):
    type = "http.finished"


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
        ToolStarted,
        ToolFinished,
        HttpStarted,
        HttpFinished,
    )
}

_DATA_FIELDS = {
    one: tuple(field.name for field in fields(one) if field.name not in _ENVELOPE) for one in EVENTS.values()
}

#: The types after which a run has no event.
TERMINAL = frozenset({RunSucceeded.type, RunFailed.type, RunCancelled.type})

#: What opens and closes each kind of call.
CALL_EVENTS: dict[str, tuple[type[CallStarted], type[CallFinished]]] = {
    "llm": (LlmStarted, LlmFinished),
    "tool": (ToolStarted, ToolFinished),
    "http": (HttpStarted, HttpFinished),
}


def load(
    kind: str, *, seq: int, at: float, step: str | None, node: str | None, data: dict[str, Any]
) -> Event:
    """Give the event that was stored as these; the inverse of `data` and the envelope."""
    envelope = {"seq": seq, "at": at} if step is None else {"seq": seq, "at": at, "step": step, "node": node}
    return EVENTS[kind](**envelope, **data)
