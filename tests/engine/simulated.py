"""One seeded run: a random workflow, a model with its own mood, a journal that commits late, crashes in between.

`simulate(seed)` plays a seed again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.engine.checks import check_agreement, check_bounds, check_calls, check_history
from tests.engine.documents import random_workflow
from tests.engine.interpreter import Book, interpret
from tests.engine.virtual import (
    BEGINNING,
    Busy,
    DurableJournal,
    Ran,
    World,
    drive,
    made_up,
    plan_of,
    stored,
    virtually,
)
from wireloom.engine.errors import StepError
from wireloom.engine.events import Event
from wireloom.engine.execution import Execution
from wireloom.engine.limits import Limits
from wireloom.engine.node_io import Output
from wireloom.engine.plan import Plan
from wireloom.engine.services import ChatRequest, Message
from wireloom.graph.document import parse
from wireloom.graph.problems import InvalidWorkflow


async def _shake(config: Any, inputs: Any, services: Any) -> Output:
    """Works or fails by its name alone, so that every order of completion sees the same."""
    await services.llm.complete(ChatRequest("m", (Message("user", config.behaviour),)))
    if config.behaviour.endswith("fails"):
        raise StepError(config.behaviour)
    return Output(config.behaviour)


SHAKY = made_up("shaky", _shake)


def answer_to(prompt: str) -> str:
    return f"answer to {prompt[-20:]}"


def world_of(seed: int, order: int) -> World:
    """A model whose latencies and passing failures follow from `order`, and whose answers do not."""
    chance = Random(f"{seed}.{order}")
    refused: dict[str, int] = {}

    async def answer(request: ChatRequest) -> str:
        text = request.messages[-1].content
        await asyncio.sleep(chance.choice([0, 0.1, 1, 7]))
        # Not for the shaky: how often they tried stands in the error that they route.
        if not text.startswith("it ") and chance.random() < 0.2 and refused.get(text, 0) < 2:
            refused[text] = refused.get(text, 0) + 1
            raise Busy(retry_after=chance.choice([None, 4]))
        return answer_to(text)

    return World(answer, seed=order, limits=Limits({"agent": chance.choice([1, 3, 64])}))


@dataclass
class Watcher:
    """Whoever looks on: what they were shown stays shown, whatever crashes."""

    seen: list[Event] = field(default_factory=list)


class LateJournal(DurableJournal):
    """Commits in groups, some while after it was told; only then shows what it holds. A crash takes the rest."""

    def __init__(self, kept: list[Event], watcher: Watcher, chance: Random) -> None:
        super().__init__()
        self.events = list(kept)
        self.safe = len(kept)
        self.watcher = watcher
        self.chance = chance
        self.waiting: list[tuple[int, asyncio.Future[None]]] = []
        self.timer: asyncio.TimerHandle | None = None

    def append(self, event: Event) -> None:
        super().append(event)
        if self.timer is None:
            pause = self.chance.choice([0, 0.01, 0.5])
            self.timer = asyncio.get_running_loop().call_later(pause, self.commit)

    def commit(self) -> None:
        self.timer = None
        new = self.events[self.safe :]
        self.safe = len(self.events)
        self.show(new)
        for seq, turn in self.waiting:
            if seq <= self.safe and not turn.done():
                turn.set_result(None)

    def show(self, new: list[Event]) -> None:
        self.watcher.seen += new

    async def committed(self, seq: int) -> None:
        if seq > self.safe:
            turn = asyncio.get_running_loop().create_future()
            self.waiting.append((seq, turn))
            await turn


@dataclass(frozen=True)
class Plant:
    """A fault to be caught: another journal, or something done to each execution."""

    journal: type[LateJournal] = LateJournal
    spoil: Callable[[Execution], None] = lambda execution: None


@dataclass(frozen=True)
class Case:
    """What a seed stands for."""

    seed: int
    plan: Plan
    given: Any
    #: What it must come to; None where that hangs on which comes first.
    book: Book | None = None


def case(seed: int) -> Case | None:
    """The workflow of a seed; None where chance drew one that cannot run, or whose outcome is for time to say."""
    chance = Random(seed)
    drawn = random_workflow(chance)
    try:
        plan = plan_of(drawn.document, SHAKY, workflows=drawn.workflows)
    except InvalidWorkflow:
        return None
    given = {"n": chance.randint(0, 5)}
    workflows = {slug: parse(one) for slug, one in drawn.workflows.items()}
    book = interpret(parse(drawn.document), given, workflows=workflows, answer=answer_to)
    return None if book.ambiguous else Case(seed, plan, given, book)


def simulate(seed: int, plant: Plant | None = None) -> bool:
    """Run a seed whole, then with crashes, and check both; give whether it held a workflow."""
    drawn = case(seed)
    if drawn is None:
        return False
    whole = virtually(drive(drawn.plan, drawn.given, world=world_of(seed, 1), spoil=(plant or Plant()).spoil))
    check_history(whole.events)
    check_bounds(whole)
    assert drawn.book is not None
    check_agreement(whole, drawn.book)
    crashing(drawn, plant or Plant())
    return True


def crashing(drawn: Case, plant: Plant) -> None:
    """Drive a run that crashes up to three times, each time going on from what was committed."""
    chance = Random(f"{drawn.seed} crashes")
    watcher = Watcher()
    kept: list[Event] = []
    for crash in range(4):
        crash_at = chance.uniform(0, 12) if crash < 3 else None
        ran, journal = virtually(_life(drawn, plant, kept, watcher, chance, crash_at))
        kept = journal.events[: journal.safe]
        if ran is not None:
            break
    assert ran is not None
    check_history(ran.events)
    check_calls(ran.events)
    if drawn.book is not None:
        check_agreement(ran, drawn.book)
    assert [(one.seq, one.type) for one in watcher.seen] == [(one.seq, one.type) for one in ran.events], (
        "whoever looked on was shown something else"
    )


async def _life(
    drawn: Case, plant: Plant, kept: list[Event], watcher: Watcher, chance: Random, crash_at: float | None
) -> tuple[Ran | None, LateJournal]:
    """From one start of the process to its crash after so many seconds, or to the end of the run."""
    history = stored(kept)
    journal = plant.journal(history, watcher, chance)
    world = world_of(drawn.seed, chance.randrange(1000))
    world.ahead_s = history[-1].at - BEGINNING if history else 0.0
    execution = world.execution(drawn.plan, journal=journal)
    plant.spoil(execution)
    if history:
        execution.recover(history)
    else:
        execution.start(drawn.given)
    driving = asyncio.ensure_future(execution.drive())
    await asyncio.wait([driving], timeout=crash_at)
    if not driving.done():
        safe = journal.safe
        driving.cancel()
        await asyncio.wait([driving])
        journal.safe = safe
        return None, journal
    outcome = driving.result()
    journal.commit()
    return Ran(execution, outcome, journal.events), journal
