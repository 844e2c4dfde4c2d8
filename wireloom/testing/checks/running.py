"""That a node does what its type says, on its examples and on what else may reach it."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from wireloom.engine.errors import StepError
from wireloom.engine.node_io import Output, Wait
from wireloom.engine.values import check_output
from wireloom.errors import WireloomError
from wireloom.graph.config import NodeConfig
from wireloom.graph.node_type import NodeType
from wireloom.testing.checks.configs import read
from wireloom.testing.example import ANYTHING, Example
from wireloom.testing.outside import Outside

#: What may reach any node, whatever it was made for.
_ODD: tuple[Any, ...] = (None, True, 0, "", [], {})
#: HTTP methods that change nothing (RFC 9110, 9.2.1).
_SAFE = ("http GET", "http HEAD", "http OPTIONS")


@dataclass(frozen=True, slots=True)
class Done:
    """How one run of a node ended: with an output, or with an error."""

    output: Output | None = None
    error: Exception | None = None


async def carry_out(node_type: NodeType, example: Example, outside: Outside) -> Done:
    """Run a node as the engine does; what it raises is given, cancellation aside."""
    config = read(node_type, example.config, example)
    try:
        result = _begin(node_type, config, example, outside)
        if inspect.isawaitable(result):
            result = await result
    except asyncio.CancelledError:
        if asyncio.current_task().cancelling():  # type: ignore[union-attr]
            raise
        return Done(error=RuntimeError("it raises CancelledError by itself"))
    except Exception as error:  # noqa: BLE001 - here a node's code is looked at
        return Done(error=error)
    output = result.output if isinstance(result, Wait) else result
    if not isinstance(output, Output):
        return Done(error=TypeError(f"it gives {type(output).__name__}, not Output or Wait"))
    return Done(output)


def _begin(node_type: NodeType, config: NodeConfig, example: Example, outside: Outside) -> Any:
    if node_type.flow in ("call", "wait"):
        return node_type.run(config, example.inputs(), outside)
    return node_type.run(config, example.inputs())


async def check_runs(node_type: NodeType, example: Example) -> list[str]:
    outside = Outside(example.answers)
    done = await carry_out(node_type, example, outside)
    faults = [
        *_check_end(example, done),
        *_check_ports(node_type, example, done),
        *_check_effect(node_type, outside.asked),
    ]
    if node_type.effect == "pure":
        again = await carry_out(node_type, example, Outside(example.answers))
        if again.output != done.output:
            faults.append("It is pure, but does not give the same twice.")
    return faults + await _check_odd(node_type, example)


def _check_end(example: Example, done: Done) -> Iterator[str]:
    shown = f"{dict(example.config)!r:.80}"
    if done.error is not None:
        if not isinstance(done.error, WireloomError):
            yield _untyped(done.error, f"On the example {shown}")
        elif example.error != done.error.code:
            yield f"The example {shown} fails with {done.error.code}: {done.error}"
        return
    assert done.output is not None
    if example.error is not None:
        yield f"The example {shown} should fail with {example.error}, but gives {done.output.value!r:.80}."
        return
    try:
        check_output(done.output.value)
        check_output(done.output.notes)
    except StepError as error:
        yield f"On the example {shown} it gives what is no JSON: {error}"
    if example.output is not ANYTHING and done.output.value != example.output:
        yield f"The example {shown} should give {example.output!r:.80}, but gives {done.output.value!r:.80}."


def _check_ports(node_type: NodeType, example: Example, done: Done) -> Iterator[str]:
    if done.output is None:
        return
    declared = {port.name for port in node_type.output_ports(read(node_type, example.config, example))}
    for port in done.output.ports:
        if port not in declared:
            yield f"It gives through the port {port!r}, but declares {', '.join(sorted(declared)) or 'none'}."
    if example.ports is not None and done.output.ports != example.ports:
        yield f"It should give through {example.ports}, but does through {done.output.ports}."


def _check_effect(node_type: NodeType, asked: list[str]) -> Iterator[str]:
    if node_type.effect == "pure" and asked:
        yield f"It is pure, but asks {asked[0]}."
    changing = [one for one in asked if one.startswith("http ") and one not in _SAFE]
    if node_type.effect == "read" and changing:
        yield f"It only reads, but sends {changing[0].removeprefix('http ')}; its effect is 'effect'."


async def _check_odd(node_type: NodeType, example: Example) -> list[str]:
    """Whatever reaches it, it gives or fails in words of its own."""
    faults = []
    for odd in _ODD:
        given = replace(example, input=odd, sources=None, scope={**example.scope, "input": odd})
        try:
            read(node_type, given.config, given)
        except ValueError:  # a template that names an input which is not there now
            continue
        error = (await carry_out(node_type, given, Outside(example.answers))).error
        if error is not None and not isinstance(error, WireloomError):
            faults.append(_untyped(error, f"When {odd!r} reaches it"))
    return faults


def _untyped(error: Exception, when: str) -> str:
    return f"{when} it raises {type(error).__name__} ({error}), which is no WireloomError."
