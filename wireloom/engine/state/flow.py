"""How a run moves through its graph: edges settle, nodes and regions are decided, passes and items follow each other.

Everything here follows from events, so recovery arrives where the run was.
What the executor is to do next stands in four queues: steps to start or skip,
sub-workflows whose bodies have ended, steps to stop, items that failed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence

from wireloom.engine.node_io import items_of
from wireloom.engine.plan import Plan, PlannedEdge, PlannedNode, Region
from wireloom.engine.services import Json
from wireloom.engine.state.frames import Frame, Instances, Step, instances_of, steps_under_way
from wireloom.engine.state.lookup import found_from, source_is_live
from wireloom.engine.state.resting import all_wait, only_waits
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
        #: How many steps wait, and how many items wait for a place to go on in.
        self._waiting = 0
        self._held = 0

    def let_go(self) -> None:
        """The run is done here: steps and frames hold each other no longer, and go as soon as nobody else holds them."""
        for step in self.steps.values():
            step.frame.cells = []
            step.body = None

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
            elif self._waiting and frame.parent is not None:
                self._rest_around(frame)

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
            if self._held:
                self._let_begin(step)
            else:
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
        return not region.wanted or frame.live[region.unit] > 0

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
        """Go on with as many items as may be done at once, those that woke first; a split that has none left ends."""
        region, items = instances.region, instances.items
        while instances.woken and instances.active < region.max_concurrency:
            self._release(instances, instances.woken[0])
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
        if frame.held is not None:
            self._unhold(instances, frame)
        elif not frame.idle:
            instances.active -= 1
        if not parent.is_dead:
            self._next_items(parent, instances)

    # -- items that wait (X18)

    def rested(self, step: Step) -> None:
        """A step waits."""
        self._waiting += 1
        self._rest_around(step.frame)

    def _rest_around(self, inner: Frame) -> None:
        """An item in which everything that is left waits gives its place to another."""
        for frame in inner.outwards():
            is_going = frame.region.kind == "split" and not (frame.skipped or frame.idle)
            if is_going and frame.open and frame.held is None and all_wait(frame):
                frame.idle = True
                assert frame.parent is not None
                instances = instances_of(frame.parent, frame.region)
                instances.active -= 1
                if not frame.parent.is_dead:
                    self._next_items(frame.parent, instances)

    def woke(self, step: Step) -> None:
        """A step goes on that waited: its items are under way again, as soon as there is a place for them."""
        self._waiting -= 1
        for frame in step.frame.outwards():
            if frame.idle:
                frame.idle = False
                assert frame.parent is not None
                instances = instances_of(frame.parent, frame.region)
                if instances.active < instances.region.max_concurrency:
                    instances.active += 1
                else:
                    frame.held = []
                    instances.woken.append(frame)
                    self._held += 1

    def _unhold(self, instances: Instances, frame: Frame) -> list[Step]:
        held = frame.held or []
        frame.held = None
        instances.woken.remove(frame)
        self._held -= 1
        return held

    def _release(self, instances: Instances, frame: Frame) -> None:
        """There is a place for an item that woke, unless all of it waits again."""
        held = self._unhold(instances, frame)
        if all_wait(frame):
            frame.idle = True
        else:
            instances.active += 1
        for step in held:
            self._let_begin(step)

    def _let_begin(self, step: Step) -> None:
        """Have a step begin, once the items around it have a place."""
        held = next((frame.held for frame in step.frame.outwards() if frame.held is not None), None)
        (self.decided if held is None else held).append(step)

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
            if around.parent is None or around.contains_failure:
                self.stop(step for step in steps_under_way((around,)) if only_waits(step))
                if not around.busy:
                    self._contain(around)
                return
            if around.region.kind == "split":
                self._drop_others(around, around.parent)
            around = around.parent

    def _drop_others(self, frame: Frame, parent: Frame) -> None:
        """One item has failed for all: the others are stopped."""
        others = [one for one in instances_of(parent, frame.region).frames if one is not frame and one.busy]
        self.stop(steps_under_way(others))

    def stop(self, steps: Iterable[Step]) -> None:
        """Have these stopped: nothing needs them any more."""
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
        elif frame.parent is not None and frame.contains_failure:
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
                self.stop((cell,) if cell.body is None else (*steps_under_way((cell.body,)), cell))

    def _drop_region(self, parent: Frame, instances: Instances) -> None:
        if instances.over or instances.dropped or not instances.entered:
            return
        instances.dropped = True
        for frame in instances.frames:
            frame.dropped = True
        self.stop(steps_under_way(instances.frames))
        if not instances.busy:
            self._leave(parent, instances.region)
