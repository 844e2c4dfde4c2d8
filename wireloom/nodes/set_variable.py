from __future__ import annotations

from typing import Annotated

from pydantic import Field

from wireloom.engine.node_io import Inputs, Output
from wireloom.graph.config import ExpressionField, NodeConfig
from wireloom.graph.node_type import NodeType, Reducer, WritesVariable


class SetVariableConfig(NodeConfig):
    """Write a variable, which every node after this one reads as `vars.name`."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")] = Field(
        title="Variable", json_schema_extra={"x-kind": "text"}
    )
    value: ExpressionField = Field(title="Value")
    reducer: Reducer | None = Field(
        default=None,
        title="Together with other writes",
        description="append: a list of all values. merge: one object. sum: a number."
        " last_by_order: the last in the graph's order. Empty: only one node may write it at a time.",
        json_schema_extra={"x-kind": "text"},
    )


def set_variable(config: SetVariableConfig, inputs: Inputs) -> Output:
    return Output(inputs.evaluate(config.value))


SET_VARIABLE = NodeType(
    name="set_variable",
    version=1,
    group="data",
    label="Set variable",
    icon="variable",
    config=SetVariableConfig,
    run=set_variable,
    flow="inline",
    writes=WritesVariable(),
    summary="{name} = {value}",
)
