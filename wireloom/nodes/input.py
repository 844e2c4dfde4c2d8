from __future__ import annotations

from wireloom.engine.node_io import Inputs, Output
from wireloom.graph.config import NodeConfig
from wireloom.graph.node_type import NodeType


class InputConfig(NodeConfig):
    """Where a run begins: gives the run's input."""


def give_input(config: InputConfig, inputs: Inputs) -> Output:
    return Output(inputs.value)


INPUT = NodeType(
    name="input",
    version=1,
    group="flow",
    label="Input",
    icon="log-in",
    config=InputConfig,
    run=give_input,
    flow="inline",
    inputs=(),
)
