from __future__ import annotations

from pydantic import Field, model_validator

from wireloom.engine.node_io import Inputs, Output
from wireloom.graph.config import ConfigError, ExpressionField, NodeConfig, TemplateField
from wireloom.graph.node_type import NodeType


class TransformConfig(NodeConfig):
    """Make a value from what is in sight: by an expression, a text template, or field by field."""

    expression: ExpressionField | None = Field(
        default=None, title="Expression", description="The value to give."
    )
    template: TemplateField | None = Field(
        default=None,
        title="Template",
        description="The text to give.",
        json_schema_extra={"x-widget": "long"},
    )
    fields: dict[str, ExpressionField] | None = Field(
        default=None, title="Fields", description="An object: each field's name and its expression."
    )

    @model_validator(mode="after")
    def _one_of_three(self) -> TransformConfig:
        given = [name for name in ("expression", "template", "fields") if getattr(self, name) is not None]
        if not given:
            raise ConfigError(
                "A transform needs an expression, a template or fields.", "expression", missing=True
            )
        if len(given) > 1:
            raise ConfigError(f"A transform has one of {', '.join(given)}, not several.", given[1])
        return self


def transform(config: TransformConfig, inputs: Inputs) -> Output:
    if config.expression is not None:
        return Output(inputs.evaluate(config.expression))
    if config.template is not None:
        return Output(inputs.render(config.template))
    return Output({name: inputs.evaluate(expression) for name, expression in (config.fields or {}).items()})


TRANSFORM = NodeType(
    name="transform",
    version=1,
    group="data",
    label="Transform",
    icon="braces",
    config=TransformConfig,
    run=transform,
    flow="inline",
    summary="{expression}{template}",
)
