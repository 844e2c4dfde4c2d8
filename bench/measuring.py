"""How things are measured: CPU and wall time, the best of a few rounds, ours and the reference by turns.

These machines are noisy, so a ratio within one run says more than a figure.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

ROUNDS = 5

type Work = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds."""

    cpu: float
    wall: float


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `ours` and `reference` are in `unit`; `aim` is what the figure should not exceed."""

    name: str
    unit: str
    ours: float
    reference: float | None = None
    aim: str = ""

    def __str__(self) -> str:
        beside = f"{self.reference:10.2f} {self.ours / self.reference:7.2f}×" if self.reference else " " * 19
        return f"{self.name:<44} {self.ours:10.2f} {beside} {self.unit:<14} {self.aim}"


HEADER = f"{'':<44} {'ours':>10} {'reference':>10} {'ratio':>8} {'unit':<14} aim"


async def cost_of(work: Work) -> Cost:
    cpu, wall = time.process_time(), time.perf_counter()
    await work()
    return Cost(time.process_time() - cpu, time.perf_counter() - wall)


def compare(
    ours: Work, reference: Work, *, rounds: int = ROUNDS, closing: Work | None = None
) -> tuple[Cost, Cost]:
    """The cheapest round of each, taken by turns on one event loop; `closing` is awaited there in the end."""

    async def take_turns() -> tuple[list[Cost], list[Cost]]:
        mine, theirs = [], []
        for _ in range(rounds + 1):
            mine.append(await cost_of(ours))
            theirs.append(await cost_of(reference))
        if closing is not None:
            await closing()
        return mine[1:], theirs[1:]  # the first round warms up

    mine, theirs = asyncio.run(take_turns())
    return min(mine, key=_cpu), min(theirs, key=_cpu)


def _cpu(cost: Cost) -> float:
    return cost.cpu
