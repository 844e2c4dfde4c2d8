"""That a node can be stopped, and says what it was told when the outside refuses."""

from __future__ import annotations

import asyncio

from wireloom.errors import WireloomError
from wireloom.graph.node_type import NodeType
from wireloom.testing.checks.running import carry_out
from wireloom.testing.example import Example
from wireloom.testing.outside import Outside

#: How long a cancelled node may tidy up, seconds.
_PATIENCE_S = 1.0


async def check_cancelling(node_type: NodeType, example: Example) -> list[str]:
    """Cancelled while it waits for the outside, it ends by CancelledError, and soon."""
    if node_type.flow != "call":
        return []
    task = asyncio.ensure_future(carry_out(node_type, example, Outside(example.answers, "silent")))
    await asyncio.wait([task], timeout=0.05)
    if task.done():  # it asks nothing of anybody
        return []
    task.cancel()
    await asyncio.wait([task], timeout=_PATIENCE_S)
    if not task.done():
        task.cancel()
        return [f"It goes on for more than {_PATIENCE_S:g} s after it was cancelled."]
    if not task.cancelled():
        return ["It swallows CancelledError: a run that is cancelled would go on."]
    return []


async def check_refusals(node_type: NodeType, example: Example) -> list[str]:
    """When the outside refuses, it gives something, or a typed error."""
    error = (await carry_out(node_type, example, Outside(example.answers, "refusing"))).error
    if error is None or isinstance(error, WireloomError):
        return []
    return [
        f"When the outside refuses it raises {type(error).__name__} ({error}), which is no WireloomError."
    ]
