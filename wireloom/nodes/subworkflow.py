from __future__ import annotations

from typing import Annotated

from pydantic import Field

from wireloom.engine.node_io import Inputs, Output
from wireloom.graph.config import ExpressionField, NodeConfig, widget
from wireloom.graph.node_type import NodeType


class SubworkflowConfig(NodeConfig):
    """Run another workflow as one step of this one, and give its output."""

    workflow: str = Field(
        min_length=1,
        title="Workflow",
        description="By its short name.",
        json_schema_extra=widget("workflow"),
    )
    version: Annotated[int, Field(ge=1)] | None = Field(
        default=None,
        title="Version",
        description="Empty: the one that is published when this workflow is.",
    )
    input: dict[str, ExpressionField] = Field(
        default_factory=dict,
        title="Input",
        description="What it is given, field by field. Empty: what reaches this node.",
    )


def given(config: SubworkflowConfig, inputs: Inputs) -> Output:
    """What the workflow inside is given."""
    if not config.input:
        return Output(inputs.value)
    return Output({name: inputs.evaluate(expression) for name, expression in config.input.items()})


SUBWORKFLOW = NodeType(
    name="subworkflow",
    version=1,
    group="flow",
    label="Sub-workflow",
    icon="workflow",
    config=SubworkflowConfig,
    run=given,
    flow="nested",
    summary="{workflow}",
)
