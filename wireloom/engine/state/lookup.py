"""How a step finds what others gave, in its own frame, outside, or in passes and items that are over (X2, X5, X6, X9)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from wireloom.engine.node_io import joined
from wireloom.engine.plan import PlannedEdge, PlannedNode, Region, Route
from wireloom.engine.services import Json
from wireloom.engine.state.frames import Frame, Instances, Step


class Absent:
    """What has no value: it was skipped, or not reached."""


#: The one instance.
ABSENT = Absent()


def found_from(frame: Frame, node: PlannedNode) -> Step:
    """The step of `node`, which stands in the frame's region or in a loop below it, in its last pass. It must be there."""
    path: list[Region] = []
    region = node.region
    while region is not frame.region:
        path.append(region)
        assert region.parent is not None
        region = region.parent
    step = _last(frame, tuple(reversed(path)), node)
    assert step is not None
    return step


def source_is_live(frame: Frame, edge: PlannedEdge) -> bool:
    """Whether an edge that leaves a loop, or leads back in it, is live. `frame` is of the edge's home."""
    home = frame.up_to(edge.route.home)
    step = _last(home, edge.route.path, edge.source)
    return step is not None and edge.source_port in step.ports


def _last(frame: Frame, path: Sequence[Region], node: PlannedNode) -> Step | None:
    """Down through the last pass of every loop; None if the way was not taken."""
    for region in path:
        cell = frame.cells[region.unit]
        if not isinstance(cell, Instances) or not cell.frames:
            return None
        frame = cell.last
    step = frame.cells[node.unit]
    return step if isinstance(step, Step) else None


# -- by expressions


def read(frame: Frame, route: Route) -> Json | Absent:
    """What `nodes.<name>` is for a step in `frame`: a value, a list over the items of a split, `null` before the first pass."""
    home: Frame | None = frame.up_to(route.home)
    if route.back:
        assert home is not None
        home = home.previous
        if home is None:
            return None
    assert home is not None
    return _value_below(home, route.path, route.node)


def _value_below(frame: Frame, path: Sequence[Region], node: PlannedNode) -> Json | Absent:
    for depth, region in enumerate(path):
        cell = frame.cells[region.unit]
        if not isinstance(cell, Instances) or not cell.entered:
            return ABSENT
        if region.kind == "split":
            # What a failed item had come to when it failed is chance.
            values = [
                ABSENT if one.failure is not None else _value_below(one, path[depth + 1 :], node)
                for one in cell.kept
            ]
            return [None if value is ABSENT else value for value in values]
        frame = cell.last
    step = frame.cells[node.unit]
    return step.value if isinstance(step, Step) and step.ports else ABSENT


def steps_of(frame: Frame, path: Sequence[Region], node: PlannedNode) -> Iterator[Step]:
    """Every step of `node` below `frame`, over all passes and all items that did not fail."""
    if not path:
        step = frame.cells[node.unit]
        if isinstance(step, Step):
            yield step
        return
    cell = frame.cells[path[0].unit]
    if isinstance(cell, Instances):
        for one in cell.frames:
            if one.failure is None:
                yield from steps_of(one, path[1:], node)


# -- through edges


def edge_is_live(frame: Frame, edge: PlannedEdge) -> bool:
    """Whether an edge into a node of `frame` carries something."""
    home = frame.up_to(edge.route.home)
    if edge.loops:
        return home.previous is not None and source_is_live(home.previous, edge)
    return bool(home.edges[edge.slot])


def edge_value(frame: Frame, edge: PlannedEdge) -> Json:
    """What a live edge carries to a node of `frame`."""
    home = frame.up_to(edge.route.home)
    if edge.loops:
        assert home.previous is not None
        home = home.previous
    if edge.hands_items and home is not frame:
        return _frame_below(frame, home).item
    step = _last(home, edge.route.path, edge.source)
    assert step is not None
    return step.value


def edge_source(frame: Frame, edge: PlannedEdge) -> str:
    """The key of the step at the other end of a live edge; of an item's edge with the item, `split[3]`."""
    home = frame.up_to(edge.route.home)
    if edge.loops:
        assert home.previous is not None
        home = home.previous
    step = _last(home, edge.route.path, edge.source)
    assert step is not None
    if edge.hands_items and home is not frame:
        return f"{step.key}[{_frame_below(frame, home).number}]"
    return step.key


def _frame_below(frame: Frame, home: Frame) -> Frame:
    while frame.parent is not home:
        assert frame.parent is not None
        frame = frame.parent
    return frame


# -- by a join that collects


def collected(frame: Frame, node: PlannedNode) -> list[Json]:
    """What each item gave, in item order (X6). An item without an output is left out, or `null` where failed ones are."""
    assert node.collects is not None
    instances = frame.cells[node.collects.unit]
    assert isinstance(instances, Instances)
    values = [_of_item(one, frame, node) for one in instances.kept]
    if node.collects.on_item_error == "null":
        return [None if value is ABSENT else value for value in values]
    return [value for value in values if value is not ABSENT]


def _of_item(item: Frame, frame: Frame, node: PlannedNode) -> Json | Absent:
    if item.failure is not None:
        return ABSENT
    live: dict[str, Json] = {}
    for edge in node.incoming:
        if edge.hands_items and edge.source is item.region.opener:
            live[edge.source.name] = item.item
        elif edge.route.path and edge.route.path[0] is item.region:
            step = _last(item, edge.route.path[1:], edge.source)
            if step is not None and edge.source_port in step.ports:
                live[edge.source.name] = step.value
        elif edge_is_live(frame, edge):
            live[edge.source.name] = edge_value(frame, edge)
    return joined(live, otherwise=ABSENT)
