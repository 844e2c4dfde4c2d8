"""What must hold of every run, whatever the order and whatever failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.engine.interpreter import Book
from tests.engine.virtual import Ran
from wireloom.engine import events
from wireloom.engine.events import Event
from wireloom.engine.plan import Region
from wireloom.engine.state import Step

ENDS = ("step.succeeded", "step.failed", "step.skipped", "step.cancelled")


def check_history(history: Sequence[Event]) -> None:
    """Numbers without a gap, one end of the run and nothing after it, one end of each step and nothing after that."""
    assert [one.seq for one in history] == list(range(1, len(history) + 1)), "a gap in the numbers"
    assert [one.type in events.TERMINAL for one in history] == [False] * (len(history) - 1) + [True]
    ended = set()
    for one in history:
        if isinstance(one, events.StepEvent):
            assert one.step not in ended, f"{one} after the end of its step"
            if one.type in ENDS:
                ended.add(one.step)
    assert ended == {one.step for one in history if isinstance(one, events.StepEvent)}, "a step never ended"


def check_calls(history: Sequence[Event]) -> None:
    """X15: a call whose result is recorded is not made again."""
    recorded = set()
    for one in history:
        if one.type == "llm.started":
            assert (one.step, one.call) not in recorded, f"call {one.call} of {one.step} was made again"  # type: ignore[attr-defined]
        elif one.type == "llm.finished" and one.error is None:  # type: ignore[attr-defined]
            recorded.add((one.step, one.call))  # type: ignore[attr-defined]


def check_bounds(ran: Ran) -> None:
    """How much a run that was never cut does at once, and how often its loops go round."""
    plan, steps = ran.execution.plan, ran.execution.state.steps
    running: set[str] = set()
    items: Counter[tuple[int, Region]] = Counter()
    for one in ran.events:
        if not isinstance(one, events.StepEvent):
            continue
        step = steps[one.step]
        if one.type == "step.started" and one.step not in running:
            running.add(one.step)
            items.update(_items_around(step))
        elif one.type in (*ENDS, "step.waiting") and one.step in running:
            running.discard(one.step)
            items.subtract(_items_around(step))
        calls = sum(steps[key].node.type.flow == "call" for key in running)
        assert calls <= plan.settings.max_concurrency, f"{calls} steps at once"
        for region in {region for _, region in _items_around(step)}:
            under_way = sum(count > 0 for (_, other), count in items.items() if other is region)
            assert under_way <= _most_items(region), f"{under_way} items at once"
    for step in steps.values():
        for frame in step.frame.around():
            assert frame.region.kind != "loop" or frame.number <= frame.region.max_passes


def _items_around(step: Step) -> list[tuple[int, Region]]:
    """The items that a step keeps busy, told apart by their frames; a sub-workflow does so only by what is in it."""
    if step.node.body is not None:
        return []
    return [(id(frame), frame.region) for frame in step.frame.outwards() if frame.region.kind == "split"]


def _most_items(region: Region) -> int:
    """How many items of a split may be done at once, over all the passes and items that it itself stands in."""
    around, most = region.parent, region.max_concurrency
    while around is not None:
        most *= around.max_concurrency if around.kind == "split" else 1
        around = around.parent
    return most


def check_agreement(ran: Ran, book: Book) -> None:
    """The executor did what the rules say, as far as they leave nothing to time."""
    error = ran.execution.state.error
    came_to = (ran.outcome.status, ran.output)
    assert came_to == (book.status, None if book.errors else book.output), "not what the rules say"
    if error is not None:
        possible = [(one["code"], one["node"]) for one in book.errors]
        assert (error["code"], error["node"]) in possible, "not what the rules say"
    told = {key: step for key, step in ran.execution.state.steps.items() if step.status != "pending"}
    certain = {key: (step.status, step.value) for key, step in book.steps.items() if step.certain}
    surely = {key: (told[key].status, told[key].value) for key in certain if key in told}
    assert surely == certain, "not what the rules say"
    gave_up = any(_gave_up(step) for step in told.values())
    for key in told.keys() - certain.keys():
        assert _is_possible(told[key], book, gave_up=gave_up), (
            f"not what the rules say: {key} {told[key].status}"
        )


def _gave_up(step: Step) -> bool:
    """Whether a step that the interpreter sees succeed was about to try again when something else failed."""
    return step.status == "failed" and step.node.type.name == "agent"


def _is_possible(step: Step, book: Book, *, gave_up: bool) -> bool:
    """Whether a step could come to this in something that failed; an agent that gave up fails the workflow it is in."""
    foreseen = book.steps.get(step.key)
    if step.status == "skipped" and step.error is not None:
        return gave_up or step.key in book.blocked
    if foreseen is None:
        return False
    same = (step.status, step.value) == (foreseen.status, foreseen.value)
    return same or step.status == "cancelled" or (gave_up and step.status == "failed")
