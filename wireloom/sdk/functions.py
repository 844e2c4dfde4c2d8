"""Python functions as nodes: each becomes a node type of its own, known to the workflow that holds it."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from typing import Any

from wireloom.engine.node_io import Inputs, Output
from wireloom.engine.services import Json, Services
from wireloom.graph.config import NodeConfig
from wireloom.graph.node_type import NodeType, Port
from wireloom.sdk.errors import InvalidNode

#: A function of its parents' outputs, in edge order; of a node without parents, of the run's input alone.
type NodeFunction = Callable[[list[Any]], Any]

_numbers = count(1)


class FunctionConfig(NodeConfig):
    """A Python function of a script."""


def transform_type(function: NodeFunction) -> NodeType:
    """A node that gives what the function gives. A plain function runs in a thread, so that it holds nothing up."""

    async def run(config: FunctionConfig, inputs: Inputs, services: Services) -> Output:
        return Output(await _called(function, inputs))

    return _node_type("transform", run, (Port("out"),))


def condition_type(function: NodeFunction, ports: Sequence[str]) -> NodeType:
    """A node that passes its input on through the port that the function names; true and false name ports too."""

    async def run(config: FunctionConfig, inputs: Inputs, services: Services) -> Output:
        chosen = await _called(function, inputs)
        port = str(chosen).lower() if isinstance(chosen, bool) else chosen
        if port not in ports:
            raise InvalidNode(f"A condition chose {chosen!r:.100}; its ports are {', '.join(ports)}.")
        return Output(inputs.value, (port,))

    return _node_type("condition", run, tuple(map(Port, ports)))


def _node_type(kind: str, run: Callable[..., Awaitable[Output]], outputs: tuple[Port, ...]) -> NodeType:
    # Numbered, so that two workflows that look alike are never taken for each other.
    return NodeType(
        name=f"python.{kind}_{next(_numbers)}",
        version=1,
        group="data",
        label=kind.capitalize(),
        icon="code",
        config=FunctionConfig,
        run=run,
        effect="read",
        outputs=outputs,
    )


async def _called(function: NodeFunction, inputs: Inputs) -> Json:
    values = [source.value for source in inputs.sources] or [inputs.value]
    if inspect.iscoroutinefunction(function):
        return await function(values)
    return await asyncio.to_thread(function, values)
