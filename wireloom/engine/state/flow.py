"""How a run moves through its graph: edges settle, nodes and regions are decided, passes and items follow each other.

Everything here follows from events, so recovery arrives where the run was.
What the executor is to do next stands in four queues: steps to start or skip,
sub-workflows whose bodies have ended, steps to stop, items that failed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any

from wireloom.engine.plan import Plan, PlannedEdge, PlannedNode, Region
from wireloom.engine.services import Json
from wireloom.engine.state.frames import Frame, Instances, Step, steps_under_way
from wireloom.engine.state.lookup import found_from, source_is_live
from wireloom.graph.node_type import EXHAUSTED_PORT, OUT_PORT


class Flow:
    """The frames of one run, and what is to be done next."""

    def __init__(self, plan: Plan) -> None:
        self.root = Frame(plan.root)
        #: Every step that is decided or begun, by key.
        self.steps: dict[str, Step] = {}
        #: Steps whose incoming edges are all settled, to be started or skipped in this order.
        self.decided: deque[Step] = deque()
        #: Sub-workflows whose bodies have ended.
        self.returning: deque[Step] = deque()
        #: Steps under way that are no longer wanted.
        self.unwanted: deque[Step] = deque()
        #: Items whose failure was kept to them: what depends on it in them is to be skipped by name.
        self.spoilt: deque[Frame] = deque()

    # -- questions

    def starts(self, step: Step) -> bool:
        """Whether a decided step runs (X2, X7); otherwise it is skipped."""
        node, frame = step.node, step.frame
        if frame.skipped or (frame.unwanted is not None and node.unit in frame.unwanted):
            return False
        if node.collects is not None:
            cell = frame.cells[node.collects.unit]
            return isinstance(cell, Instances) and cell.entered and not cell.dropped
        live = frame.live[node.unit]
        return live == node.wanted if node.start_rule == "all" or not node.wanted else live > 0

    # -- going on

    def open(self, frame: Frame) -> None:
        """Begin a frame: take over the edges settled outside, and decide what waits for nothing."""
        for edge, unit in frame.region.entries:
            if frame.up_to(edge.route.home).edges[edge.slot]:
                frame.live[unit] += 1
        for unit in frame.region.first:
            self._decide(frame, unit)

    def close(self, step: Step, ports: Sequence[str]) -> None:
        """A step has ended: its `ports` are live, its others dead. In a dead frame nothing follows from that."""
        step.ports = ports
        if step.calls is not None:
            step.calls = step.requests = None  # a finished step is never replayed
        frame = step.frame
        if frame.failure is None and (frame.parent is None or not frame.is_dead):
            self._settle(frame, step.node.outgoing, ports)
            frame.open -= 1
            if not frame.open:
                self._frame_done(frame)

    def _settle(self, frame: Frame, edges: Sequence[PlannedEdge], ports: Sequence[str]) -> None:
        pending = frame.pending
        for edge in edges:
            unit = edge.unit
            if edge.source_port in ports:
                frame.edges[edge.slot] = 1
                frame.live[unit] += 1
            left = pending[unit] = pending[unit] - 1
            if edge.races:
                self._race(frame, edge, live=edge.source_port in ports)
            elif not left:
                self._decide(frame, unit)

    def _race(self, frame: Frame, edge: PlannedEdge, *, live: bool) -> None:
        """A `first` join is decided by its first live edge, or by none (X7)."""
        unit = edge.unit
        if frame.cells[unit] is not None or not (live or not frame.pending[unit]):
            return
        if live:
            frame.winners = {**(frame.winners or {}), unit: edge}
        self._decide(frame, unit)
        node = frame.region.units[unit]
        if live and isinstance(node, PlannedNode) and node.losers:
            self._drop_losers(frame, node.losers)

    def _decide(self, frame: Frame, unit: int) -> None:
        one = frame.region.units[unit]
        if isinstance(one, PlannedNode):
            key = one.id if frame.parent is None else frame.key(one)
            step = frame.cells[unit] = self.steps[key] = Step(key, one, frame)
            self.decided.append(step)
        else:
            self._enter(frame, one)

    def _frame_done(self, frame: Frame) -> None:
        parent, region = frame.parent, frame.region
        if parent is None:
            return
        frame.forget()
        if region.kind == "body":
            assert frame.owner is not None
            if not frame.skipped:
                self.returning.append(frame.owner)
        elif frame.skipped:
            self._leave(parent, region)
        elif region.kind == "loop":
            self._pass_done(frame, parent)
        else:
            self._item_done(frame, parent)

    # -- regions

    def _enter(self, frame: Frame, region: Region) -> None:
        """X4: from outside a region is one node, entered when its incoming edges are settled."""
        instances = frame.cells[region.unit] = Instances(region, entered=self._is_entered(frame, region))
        if not instances.entered:
            self._begin(self._frame(instances, frame, 0, skipped=True))
        elif region.kind == "loop":
            self._begin(self._frame(instances, frame, 1))
        else:
            assert region.opener is not None
            instances.items = items_of(found_from(frame, region.opener).value)
            self._next_items(frame, instances)

    def _is_entered(self, frame: Frame, region: Region) -> bool:
        if frame.skipped or (frame.unwanted is not None and region.unit in frame.unwanted):
            return False
        if region.kind == "split":
            assert region.opener is not None
            return OUT_PORT in found_from(frame, region.opener).ports
        if not region.wanted:
            return True
        inward = frame.live[region.unit]
        return inward > 0

    def _frame(self, instances: Instances, parent: Frame, number: int, *, skipped: bool = False) -> Frame:
        frame = Frame(instances.region, parent, prefix=parent.prefix, number=number, skipped=skipped)
        instances.frames.append(frame)
        return frame

    def _begin(self, frame: Frame) -> None:
        if frame.open:
            self.open(frame)
        else:
            self._frame_done(frame)

    def _leave(self, parent: Frame, region: Region) -> None:
        """A region has ended: its outgoing edges carry what its last pass or its items gave."""
        instances = instances_of(parent, region)
        if instances.over or parent.is_dead:
            return
        instances.over = True
        gives = instances.entered and not instances.dropped
        for edge in region.exits:
            live = gives and (region.kind == "split" or source_is_live(parent, edge))
            self._settle(parent, (edge,), (edge.source_port,) if live else ())
        parent.open -= 1
        if not parent.open:
            self._frame_done(parent)

    def open_body(self, step: Step, given: Json) -> None:
        """A sub-workflow begins: its body is a region of its own."""
        self._begin(self._body(step, given))

    def skip_body(self, step: Step) -> None:
        self._begin(self._body(step, None, skipped=True))

    def _body(self, step: Step, given: Json, *, skipped: bool = False) -> Frame:
        assert step.node.body is not None
        frame = step.body = Frame(step.node.body, step.frame, prefix=f"{step.key}.", skipped=skipped)
        frame.given = given
        frame.owner = step
        return frame

    # -- loops (X5)

    def _pass_done(self, frame: Frame, parent: Frame) -> None:
        region = frame.region
        instances = instances_of(parent, region)
        back = [edge for edge in region.loops if source_is_live(frame, edge)]
        if back and frame.number < region.max_passes:
            again = self._frame(instances, parent, frame.number + 1)
            again.previous = frame
            self._begin(again)
        elif back and not self._exhaust(frame, back):
            source = back[0].source
            message = (
                f"The loop back from {source.label!r} was still wanted after {region.max_passes} passes."
            )
            error: dict[str, Json] = {
                "code": "loop_exhausted",
                "message": message,
                "node": source.id,
                "attempts": 0,
            }
            self.fail(frame, error)
        else:
            self._leave(parent, region)

    def _exhaust(self, frame: Frame, back: Sequence[PlannedEdge]) -> bool:
        """Make the `exhausted` ports of the loop's sources live where they are wired; give whether one is."""
        found = [found_from(frame, edge.source) for edge in back if edge.source.tells_exhaustion]
        for step in found:
            step.ports = (*step.ports, EXHAUSTED_PORT)
        return bool(found)

    # -- splits (X6)

    def _next_items(self, parent: Frame, instances: Instances) -> None:
        """Begin as many items as may be done at once; a split that has none left ends."""
        region, items = instances.region, instances.items
        while len(instances.frames) < len(items) and instances.active < region.max_concurrency:
            number = len(instances.frames)
            frame = self._frame(instances, parent, number)
            frame.item = items[number]
            instances.active += 1
            self._begin(frame)
            if parent.is_dead:
                return
        if instances.done == len(items):
            self._leave(parent, region)

    def _item_done(self, frame: Frame, parent: Frame) -> None:
        instances = instances_of(parent, frame.region)
        instances.done += 1
        if not frame.idle:
            instances.active -= 1
        if not parent.is_dead:
            self._next_items(parent, instances)

    def rested(self, step: Step) -> None:
        """A step waits. An item in which everything waits gives its place to another (X18)."""
        for frame in step.frame.around():
            if frame.region.kind == "split" and not frame.idle and not frame.skipped and _all_wait(frame):
                frame.idle = True
                assert frame.parent is not None
                instances = instances_of(frame.parent, frame.region)
                instances.active -= 1
                if not frame.parent.is_dead:
                    self._next_items(frame.parent, instances)

    def woke(self, step: Step) -> None:
        """A step goes on that waited: its items are under way again."""
        for frame in step.frame.around():
            if frame.idle:
                frame.idle = False
                assert frame.parent is not None
                instances_of(frame.parent, frame.region).active += 1

    # -- who is under way

    def began(self, step: Step) -> None:
        frame: Frame | None = step.frame
        while frame is not None:
            frame.busy += 1
            if frame.busy > 1 or frame.region.workflow is not None:
                return
            frame = frame.parent

    def ended(self, step: Step) -> None:
        """A step is no longer under way. With the last one in it a failed item or body comes to its end."""
        frame: Frame | None = step.frame
        while frame is not None:
            frame.busy -= 1
            if frame.busy:
                return
            self._all_ended(frame)
            if frame.region.workflow is not None:
                return
            frame = frame.parent

    def _all_ended(self, frame: Frame) -> None:
        """Nothing is under way any more in a frame: if nothing new may start there, it is over."""
        if frame.failure is not None:
            self._contain(frame)
        elif frame.region.kind == "body":
            if frame.is_dead and frame.owner is not None and frame.owner.is_under_way:
                self.unwanted.append(frame.owner)
        elif frame.dropped and frame.parent is not None:
            instances = instances_of(frame.parent, frame.region)
            if instances.dropped and not instances.busy:
                self._leave(frame.parent, frame.region)

    # -- failures (X6, X11)

    def fail(self, frame: Frame, error: dict[str, Json]) -> None:
        """A failure that no policy handles: it spreads outwards to the first frame that contains it, or to the run."""
        around = frame
        while around.failure is None and not around.dropped:
            around.failure = error
            if around.parent is None or _contains(around):
                self._stop(step for step in steps_under_way((around,)) if _only_waits(step))
                if not around.busy:
                    self._contain(around)
                return
            if around.region.kind == "split":
                self._drop_others(around, around.parent)
            around = around.parent

    def _drop_others(self, frame: Frame, parent: Frame) -> None:
        """One item has failed for all: the others are stopped."""
        others = [one for one in instances_of(parent, frame.region).frames if one is not frame and one.busy]
        self._stop(steps_under_way(others))

    def _stop(self, steps: Iterable[Step]) -> None:
        for step in list(steps):
            step.unwanted = True
            if step.body is not None:
                step.body.dropped = True
            self.unwanted.append(step)

    def _contain(self, frame: Frame) -> None:
        """Nothing runs any more in an item or body that failed: it is over."""
        if frame.region.kind == "body":
            assert frame.owner is not None
            self.returning.append(frame.owner)
        elif frame.parent is not None and _contains(frame):
            self.spoilt.append(frame)
            self._item_done(frame, frame.parent)

    # -- losers (X7)

    def _drop_losers(self, frame: Frame, losers: frozenset[int]) -> None:
        frame.unwanted = (frame.unwanted or set()) | losers
        for unit in sorted(losers):
            cell = frame.cells[unit]
            if isinstance(cell, Instances):
                self._drop_region(frame, cell)
            elif cell is not None and cell.is_under_way:
                self._stop((cell,) if cell.body is None else (*steps_under_way((cell.body,)), cell))

    def _drop_region(self, parent: Frame, instances: Instances) -> None:
        if instances.over or instances.dropped or not instances.entered:
            return
        instances.dropped = True
        for frame in instances.frames:
            frame.dropped = True
        self._stop(steps_under_way(instances.frames))
        if not instances.busy:
            self._leave(parent, instances.region)


def instances_of(parent: Frame, region: Region) -> Instances:
    instances = parent.cells[region.unit]
    assert isinstance(instances, Instances)
    return instances


def items_of(value: Json) -> Sequence[Any]:
    """What a split does one by one: a list's elements, an object's entries as `{key, value}`; nothing of anything else."""
    if isinstance(value, dict):
        return [{"key": key, "value": inner} for key, inner in value.items()]
    return value if isinstance(value, list | tuple) else ()


def _only_waits(step: Step) -> bool:
    """Whether a step would go on by itself only to start something new."""
    return step.status == "waiting" or (step.body is not None and not step.body.busy)


def _contains(frame: Frame) -> bool:
    """Whether a failure in it goes no farther: it is an item that may fail, or another workflow."""
    return frame.region.kind == "body" or (
        frame.region.kind == "split" and frame.region.on_item_error != "fail"
    )


def _all_wait(frame: Frame) -> bool:
    """Whether every step that is left in it waits."""
    for cell in frame.cells:
        if isinstance(cell, Instances):
            if not all(one.idle or not one.open or _all_wait(one) for one in cell.frames):
                return False
        elif cell is not None and cell.status in ("pending", "running"):  # noqa: SIM102
            if cell.body is None or not _all_wait(cell.body):
                return False
    return True
