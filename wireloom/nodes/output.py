from __future__ import annotations

from pydantic import Field

from wireloom.engine.node_io import Inputs, Output
from wireloom.graph.config import ExpressionField, NodeConfig
from wireloom.graph.node_type import NodeType


class OutputConfig(NodeConfig):
    """What a run gives back: its input, or the value of an expression."""

    value: ExpressionField | None = Field(
        default=None, title="Value", description="What the run gives. Empty: what reaches this node."
    )


def give_output(config: OutputConfig, inputs: Inputs) -> Output:
    return Output(inputs.value if config.value is None else inputs.evaluate(config.value))


OUTPUT = NodeType(
    name="output",
    version=1,
    group="flow",
    label="Output",
    icon="log-out",
    config=OutputConfig,
    run=give_output,
    flow="inline",
    result=True,
    summary="{value}",
)
