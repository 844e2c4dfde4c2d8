from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from wireloom.engine.node_io import Inputs, Output
from wireloom.graph.config import ConfigError, ExpressionField, NodeConfig
from wireloom.graph.expressions import ExpressionError, type_name
from wireloom.graph.node_type import ERROR_PORT, NodeType, Port, PortsFrom

DEFAULT_PORT = "default"


class Case(NodeConfig):
    """A port, and when it is taken."""

    name: Annotated[
        str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$", title="Port", json_schema_extra={"x-kind": "text"})
    ]
    expression: ExpressionField = Field(title="When")


class ConditionConfig(NodeConfig):
    """Choose a branch. What reaches it passes through the port of the first case that is true."""

    expression: ExpressionField | None = Field(
        default=None, title="Condition", description="True or false: the port that carries the input on."
    )
    cases: tuple[Case, ...] | None = Field(
        default=None,
        max_length=100,
        title="Cases",
        description="Instead of one condition: a port per case, and `default`.",
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> ConditionConfig:
        if self.expression is None and not self.cases:
            raise ConfigError("A condition needs an expression or cases.", "expression", missing=True)
        if self.expression is not None and self.cases:
            raise ConfigError("A condition has an expression or cases, not both.", "cases")
        names = [case.name for case in self.cases or ()]
        for name in names:
            if names.count(name) > 1 or name in (DEFAULT_PORT, ERROR_PORT):
                raise ConfigError(f"The port {name!r} is taken already.", "cases")
        return self


def choose(config: ConditionConfig, inputs: Inputs) -> Output:
    if config.expression is not None:
        return Output(inputs.value, ("true" if _holds(config.expression, inputs) else "false",))
    for case in config.cases or ():
        if _holds(case.expression, inputs):
            return Output(inputs.value, (case.name,))
    return Output(inputs.value, (DEFAULT_PORT,))


def _holds(expression: ExpressionField, inputs: Inputs) -> bool:
    value = inputs.evaluate(expression)
    if value is True or value is False:
        return value
    raise ExpressionError(f"A condition is true or false, but {expression.source!r} gave {type_name(value)}.")


CONDITION = NodeType(
    name="condition",
    version=1,
    group="flow",
    label="Condition",
    icon="split",
    config=ConditionConfig,
    run=choose,
    flow="inline",
    outputs=(Port("true"), Port("false")),
    output_rule=PortsFrom("cases", then=(DEFAULT_PORT,)),
    summary="{expression}",
)
