"""The suite that every node type passes."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any

from wireloom.errors import WireloomError
from wireloom.graph.node_type import NodeType
from wireloom.testing.checks.configs import check_configs, check_migrations
from wireloom.testing.checks.describing import check_description, check_ports
from wireloom.testing.checks.running import check_runs
from wireloom.testing.checks.stopping import check_cancelling, check_refusals
from wireloom.testing.example import Example


class UnfitNode(WireloomError, AssertionError):
    """A node type that is not what others rely on. The message lists all that is wrong with it."""

    code = "unfit_node"

    def __init__(self, name: str, faults: tuple[str, ...]) -> None:
        super().__init__(
            "\n".join([f"The node type {name!r} does not pass:", *(f"  - {one}" for one in faults)])
        )
        self.faults = faults


def check_node(
    node_type: NodeType, *examples: Example, old: Mapping[int, Mapping[str, Any]] | None = None
) -> None:
    """Look at a node type from every side, on `examples` of its use, of which there is at least one.

    `old` holds one config for each version that is past, by its number. Not to
    be called on an event loop. Raises UnfitNode with everything that is wrong.
    """
    faults = tuple(dict.fromkeys(_faults(node_type, examples, old or {})))
    if faults:
        raise UnfitNode(node_type.name, faults)


def _faults(
    node_type: NodeType, examples: tuple[Example, ...], old: Mapping[int, Mapping[str, Any]]
) -> Iterator[str]:
    yield from check_ports(node_type)
    yield from check_description(node_type)
    if not node_type.config.__pydantic_complete__:
        return  # nothing can be read into it, as its description has said
    if not examples:
        yield "There is no example of it."
    unsound = list(check_configs(node_type, examples))
    yield from unsound
    yield from check_migrations(node_type, old)
    if not unsound:
        yield from asyncio.run(_carried_out(node_type, examples))


async def _carried_out(node_type: NodeType, examples: tuple[Example, ...]) -> list[str]:
    return [
        fault
        for example in examples
        for check in (check_runs, check_cancelling, check_refusals)
        for fault in await check(node_type, example)
    ]
