from __future__ import annotations

from pydantic import Field

from wireloom.engine.node_io import Inputs, Output
from wireloom.graph.config import NodeConfig
from wireloom.graph.node_type import NodeType, StartRule


class JoinConfig(NodeConfig):
    """Bring branches together, take the first that arrives, or collect what each item of a split gave."""

    mode: StartRule = Field(
        default="all",
        title="Waits for",
        description="all: every branch must arrive, else it is skipped. any: those that arrive are enough."
        " first: the first to arrive goes on alone. collect: every item of the split before it, in order.",
        json_schema_extra={"x-kind": "text"},
    )
    cancel_losers: bool = Field(
        default=False,
        title="Stop the others",
        description="With first: stop what nothing else needs.",
        json_schema_extra={"x-kind": "text"},
    )


def bring_together(config: JoinConfig, inputs: Inputs) -> Output:
    return Output(inputs.value if config.mode in ("first", "collect") else inputs.by_source())


JOIN = NodeType(
    name="join",
    version=1,
    group="flow",
    label="Join",
    icon="merge",
    config=JoinConfig,
    run=bring_together,
    flow="inline",
    start_field="mode",
    cancels_field="cancel_losers",
    summary="waits for {mode}",
)
