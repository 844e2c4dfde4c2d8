"""What a run holds: steps, and a frame for each time that a region is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from wireloom.engine import events
from wireloom.engine.plan import PlannedEdge, PlannedNode, Region
from wireloom.engine.services import Json

type StepStatus = Literal["pending", "running", "waiting", "succeeded", "failed", "skipped", "cancelled"]


class Step:
    """One step so far: `pending` once all edges into it are settled."""

    __slots__ = (
        "attempt",
        "body",
        "calls",
        "ended",
        "error",
        "frame",
        "interrupted",
        "key",
        "node",
        "notes",
        "ports",
        "requests",
        "retry_at",
        "started_at",
        "status",
        "unwanted",
        "value",
        "waits",
    )

    def __init__(self, key: str, node: PlannedNode, frame: Frame) -> None:
        self.key = key
        self.node = node
        self.frame = frame
        self.status: StepStatus = "pending"
        self.attempt = 0
        #: Attempts that a crash cut short; they do not count against `max_attempts`.
        self.interrupted = 0
        self.started_at = 0.0
        #: Between a failed attempt and the next: when that begins.
        self.retry_at: float | None = None
        #: What its live ports carry.
        self.value: Json = None
        self.ports: Sequence[str] = ()
        #: What a person should know of it.
        self.notes: dict[str, Json] | None = None
        self.error: dict[str, Json] | None = None
        #: The number of the event that ended it.
        self.ended = 0
        self.waits: events.StepWaiting | None = None
        #: Finished calls, by number; None before the first call.
        self.calls: dict[int, events.CallFinished] | None = None
        #: Each call's request, by number.
        self.requests: dict[int, events.CallStarted] | None = None
        #: What it runs, if it is a sub-workflow.
        self.body: Frame | None = None
        #: Whether it is to be stopped, since nothing needs it any more.
        self.unwanted = False

    @property
    def tries(self) -> int:
        """Attempts that count against `max_attempts`."""
        return self.attempt - self.interrupted

    @property
    def is_under_way(self) -> bool:
        return self.status in ("running", "waiting")

    @property
    def order(self) -> tuple[int, tuple[int, ...]]:
        """Where it stands among steps that are ready at once: by place in the graph, then by passes and items (X16)."""
        return self.node.rank, self.frame.numbers


class Frame:
    """One time that a region is done: the whole run, a pass, an item, a sub-workflow's body.

    The tables are by the region's units and by the slots of its edges; they
    are dropped once every unit is done, and `cells` stay.
    """

    __slots__ = (
        "__weakref__",
        "again",
        "busy",
        "cells",
        "cost_usd",
        "dropped",
        "edges",
        "failure",
        "given",
        "held",
        "idle",
        "item",
        "live",
        "number",
        "numbers",
        "open",
        "owner",
        "parent",
        "passes",
        "pending",
        "prefix",
        "previous",
        "region",
        "skipped",
        "stem",
        "suffix",
        "unwanted",
        "winners",
    )

    def __init__(
        self,
        region: Region,
        parent: Frame | None = None,
        *,
        prefix: str = "",
        number: int = 0,
        skipped: bool = False,
    ) -> None:
        self.region = region
        self.parent = parent
        #: Whether its region was not entered: all its nodes are skipped.
        self.skipped = skipped
        #: The passes of the loops that stand directly in each other here, and the suffix around those.
        self.passes: tuple[int, ...] = ()
        self.stem = ""
        #: What stands before and after a node's name in the keys of its steps (X8).
        self.prefix = prefix
        self.suffix = self._suffix(number)
        #: The pass, from 1, or the item, from 0; and those of the frames around it, outermost first.
        self.number = number
        self.numbers: tuple[int, ...] = () if parent is None else (*parent.numbers, number)
        #: Per unit: its step, or the frames of the region.
        self.cells: list[Step | Instances | None] = [None] * len(region.units)
        #: Per unit: how many edges into it are not settled, and how many of the settled ones are live.
        self.pending: list[int] = list(region.fan_in)
        self.live: list[int] = [0] * len(region.units)
        #: Per edge: whether it is live.
        self.edges = bytearray(len(region.links))
        #: Units that are not done.
        self.open = len(region.units)
        #: Steps under way, and frames right below that have such.
        self.busy = 0
        #: The first failure in it that nothing handled; after it nothing new starts in it.
        self.failure: dict[str, Json] | None = None
        #: Whether it was given up from outside.
        self.dropped = False
        #: Whether everything in it waits, so that its place is another item's.
        self.idle = False
        #: While it waits for a place to go on in, after all of it had waited: the steps that are to begin then.
        self.held: list[Step] | None = None
        #: Whether a loop repeats it.
        self.again: bool = parent is not None and (parent.again or (region.kind == "loop" and number > 1))
        self.previous: Frame | None = None
        self.item: Json = None
        #: A body's input, and the step whose body it is.
        self.given: Json = None
        #: What the calls of a workflow have cost so far, as far as prices are known; workflows inside included.
        self.cost_usd = 0.0
        self.owner: Step | None = None
        #: Per unit of a `first` join that has started: the edge it started on.
        self.winners: dict[int, PlannedEdge] | None = None
        self.unwanted: set[int] | None = None

    def _suffix(self, number: int) -> str:
        """`~n` for pass n, nothing for the first; `:i` for item i. Of loops directly in each other all passes or none are told."""
        parent = self.parent
        if parent is None or self.region.kind == "body":
            return ""
        if self.skipped:
            return parent.suffix
        if self.region.kind == "split":
            return f"{parent.suffix}:{number}"
        self.passes = (*parent.passes, number)
        self.stem = parent.stem if parent.passes else parent.suffix
        return self.stem + ("" if max(self.passes) == 1 else "".join(f"~{one}" for one in self.passes))

    def key(self, node: PlannedNode) -> str:
        return f"{self.prefix}{node.name}{self.suffix}" if self.parent is not None else node.id

    @property
    def is_dead(self) -> bool:
        """Whether nothing new may start in it."""
        frame: Frame | None = self
        while frame is not None:
            if frame.failure is not None or frame.dropped:
                return True
            frame = frame.parent
        return False

    @property
    def contains_failure(self) -> bool:
        """Whether a failure in it goes no farther: it is an item that may fail, or another workflow."""
        region = self.region
        return region.kind == "body" or (region.kind == "split" and region.on_item_error != "fail")

    def up_to(self, region: Region) -> Frame:
        """The frame around this one that is `region`'s."""
        frame = self
        while frame.region is not region:
            assert frame.parent is not None
            frame = frame.parent
        return frame

    def outwards(self) -> Iterator[Frame]:
        """This frame and all around it, those of the workflows around too, innermost first."""
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.parent

    def around(self) -> Iterator[Frame]:
        """This frame and those around it in the same workflow, innermost first."""
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = None if frame.region.workflow is not None else frame.parent

    def workflows(self) -> Iterator[Frame]:
        """The frames of the workflows that it stands in, innermost first."""
        return (frame for frame in self.outwards() if frame.region.workflow is not None)

    @property
    def top(self) -> Frame:
        """The frame of the workflow that it belongs to."""
        frame = self
        while frame.region.workflow is None:
            assert frame.parent is not None
            frame = frame.parent
        return frame

    def forget(self) -> None:
        """Drop the tables: every unit is done."""
        self.pending = self.live = []


@dataclass(slots=True, eq=False)
class Instances:
    """The frames of one loop or split within the frame around it, by pass or by item."""

    region: Region
    frames: list[Frame] = field(default_factory=list)
    #: A split's items; frames are made as their turn comes.
    items: Sequence[Json] = ()
    #: How many items are being done and do not wait, and how many are done.
    active: int = 0
    done: int = 0
    #: Items that wait for a place to go on in, in the order in which they woke.
    woken: list[Frame] = field(default_factory=list)
    #: Whether the region was entered (X4).
    entered: bool = True
    #: Whether it lost a race (X7).
    dropped: bool = False
    #: Whether its outgoing edges are settled.
    over: bool = False

    @property
    def last(self) -> Frame:
        return self.frames[-1]

    @property
    def busy(self) -> bool:
        return any(frame.busy for frame in self.frames)

    @property
    def kept(self) -> list[Frame]:
        """The frames of the items that count: without failed ones, where those are dropped."""
        if self.region.on_item_error != "drop":
            return self.frames
        return [frame for frame in self.frames if frame.failure is None]


def steps_under_way(frames: Sequence[Frame]) -> Iterator[Step]:
    """The running and waiting steps in `frames` and all frames below, innermost first."""
    for frame in frames:
        for cell in frame.cells:
            if isinstance(cell, Instances):
                yield from steps_under_way([one for one in cell.frames if one.busy])
            elif cell is not None and cell.is_under_way:
                if cell.body is not None:
                    yield from steps_under_way((cell.body,))
                yield cell


def instances_of(parent: Frame, region: Region) -> Instances:
    instances = parent.cells[region.unit]
    assert isinstance(instances, Instances)
    return instances
