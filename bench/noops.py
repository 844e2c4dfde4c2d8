"""Nodes that do nothing, in memory: what the executor itself costs, beside one asyncio task per node."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from typing import Any

from bench.measuring import Row, Work, compare
from wireloom.engine.clock import SystemClock
from wireloom.engine.execution import Execution
from wireloom.engine.journal import MemoryJournal
from wireloom.engine.node_io import Inputs, Output
from wireloom.engine.plan import Plan, compile_plan
from wireloom.engine.services import Calls, Services
from wireloom.graph.config import NodeConfig
from wireloom.graph.document import Settings, parse
from wireloom.graph.node_type import Catalogue, NodeType

SEED = 20_261_124
AIM = "at most 1.5×, wish below 1.0×"

type Edges = list[tuple[int, int]]


class NoopConfig(NodeConfig):
    """Does nothing."""


def noop(config: NoopConfig, inputs: Inputs) -> Output:
    return Output(None)


NOOP = Catalogue(
    (
        NodeType(
            name="noop",
            version=1,
            group="data",
            label="Noop",
            icon="x",
            config=NoopConfig,
            run=noop,
            flow="inline",
        ),
    )
)


def chain(size: int) -> tuple[int, Edges]:
    return size, [(one, one + 1) for one in range(size - 1)]


def fan(width: int) -> tuple[int, Edges]:
    """One node, `width` after it, one that joins them."""
    return width + 2, [edge for one in range(1, width + 1) for edge in ((0, one), (one, width + 1))]


def scattered(size: int) -> tuple[int, Edges]:
    """Every node after up to two earlier ones, chosen by the seed."""
    chance = random.Random(SEED)
    return size, [
        (parent, node) for node in range(1, size) for parent in {chance.randrange(node) for _ in range(2)}
    ]


def plan_of(size: int, edges: Edges) -> Plan:
    document: dict[str, Any] = {
        "nodes": [{"id": f"n{one}", "type": "noop"} for one in range(size)],
        "edges": [{"source": f"n{source}", "target": f"n{target}"} for source, target in edges],
    }
    return compile_plan(parse(document), NOOP)


def nothing(calls: Calls, settings: Settings) -> Services:
    raise AssertionError("a node that does nothing asks for nothing")


def ours(plan: Plan, times: int) -> Work:
    clock = SystemClock()

    async def work() -> None:
        for _ in range(times):
            execution = Execution("bench", plan, services=nothing, journal=MemoryJournal(), clock=clock)
            execution.start({})
            await execution.drive()

    return work


def bare(size: int, edges: Edges, times: int) -> Work:
    parents: list[list[int]] = [[] for _ in range(size)]
    for source, target in edges:
        parents[target].append(source)

    async def node(one: int, tasks: list[asyncio.Task[None]]) -> None:
        for parent in parents[one]:
            await tasks[parent]

    async def work() -> None:
        for _ in range(times):
            tasks: list[asyncio.Task[None]] = []
            for one in range(size):
                tasks.append(asyncio.create_task(node(one, tasks)))
            await asyncio.gather(*tasks)

    return work


def rows() -> Iterator[Row]:
    for name, (size, edges), times in (
        ("no-ops, chain of 100", chain(100), 50),
        ("no-ops, 1 → 1000 → 1", fan(1000), 5),
        ("no-ops, random graph of 1,000", scattered(1000), 5),
    ):
        mine, theirs = compare(ours(plan_of(size, edges), times), bare(size, edges, times))
        scale = 1e6 / (size * times)
        yield Row(name, "µs CPU/node", mine.cpu * scale, theirs.cpu * scale, AIM)
