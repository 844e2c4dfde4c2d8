from __future__ import annotations

from typing import Literal

from pydantic import Field

from wireloom.engine.node_io import Inputs, Output
from wireloom.graph.config import NodeConfig
from wireloom.graph.node_type import NodeType, Port


class JoinConfig(NodeConfig):
    """Bring branches together: gives what reached it, as an object by source."""

    mode: Literal["all", "any"] = Field(
        default="all",
        title="Waits for",
        description="all: every branch must arrive, else it is skipped. any: those that arrive are enough.",
        json_schema_extra={"x-kind": "text"},
    )


def bring_together(config: JoinConfig, inputs: Inputs) -> Output:
    return Output(inputs.by_source())


JOIN = NodeType(
    name="join",
    version=1,
    group="flow",
    label="Join",
    icon="merge",
    config=JoinConfig,
    run=bring_together,
    flow="inline",
    outputs=(Port("out", "object"),),
    start_field="mode",
    summary="waits for {mode}",
)
