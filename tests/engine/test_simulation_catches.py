"""The test of the test: faults that are planted on purpose, each of which the simulation must catch."""

from __future__ import annotations

import dataclasses

import pytest

from tests.engine.simulated import LateJournal, Plant, simulate
from wireloom.engine.events import Event
from wireloom.engine.execution import Execution
from wireloom.engine.execution.telling import Teller
from wireloom.engine.node_io import Output
from wireloom.engine.plan import PlannedEdge, PlannedNode
from wireloom.engine.state import Frame, Step
from wireloom.engine.state.flow import Flow

SEEDS = 40


class FinishesTwice(Teller):
    """Tells the end of an agent's step once more, under a number of its own."""

    def succeeded(self, step: Step, output: Output) -> None:
        super().succeeded(step, output)
        if step.node.type.name == "agent" and not self.closed:
            self.state.seq += 1
            self.journal.append(dataclasses.replace(self.journal.events[-1], seq=self.state.seq))  # type: ignore[attr-defined]


def finishes_twice(execution: Execution) -> None:
    execution.tell = FinishesTwice(execution.state, execution.journal, execution.clock)


class ShowsEarly(LateJournal):
    """Shows each event as it is told, before it is committed."""

    def append(self, event: Event) -> None:
        super().append(event)
        self.watcher.seen.append(event)

    def show(self, new: list[Event]) -> None:
        pass


class LosesEvents(LateJournal):
    """Shows some events that it never commits."""

    def append(self, event: Event) -> None:
        if self.chance.random() < 0.1:
            self.watcher.seen.append(event)
        else:
            super().append(event)

    async def committed(self, seq: int) -> None:
        return


class HastyFlow(Flow):
    """Decides a join on its first live edge."""

    def _settle(self, frame: Frame, edges: tuple[PlannedEdge, ...], ports: tuple[str, ...]) -> None:  # type: ignore[override]
        super()._settle(frame, edges, ports)
        for edge in edges:
            unit = frame.region.units[edge.unit]
            is_join = isinstance(unit, PlannedNode) and unit.type.name == "join"
            if is_join and edge.source_port in ports and frame.cells[edge.unit] is None:
                frame.pending[edge.unit] = -1  # it is not decided again
                self._decide(frame, edge.unit)


def joins_hastily(execution: Execution) -> None:
    state = execution.state
    state.flow = HastyFlow(execution.plan)
    state.steps = state.flow.steps


@pytest.mark.parametrize(
    ("plant", "complaint"),
    [
        pytest.param(Plant(spoil=finishes_twice), "after the end of its step", id="a step finished twice"),
        pytest.param(
            Plant(ShowsEarly), "was shown something else", id="an event shown before it is committed"
        ),
        pytest.param(Plant(LosesEvents), "a gap in the numbers", id="an event shown that is never committed"),
        pytest.param(Plant(spoil=joins_hastily), "not what the rules say", id="a join that fires early"),
    ],
)
def test_a_planted_fault_is_caught(plant, complaint):
    with pytest.raises(AssertionError, match=complaint):
        _simulate_many(plant)


def test_nothing_is_caught_where_nothing_is_planted():
    _simulate_many(Plant())


def _simulate_many(plant: Plant) -> None:
    for seed in range(SEEDS):
        simulate(seed, plant)
