from __future__ import annotations

import ast
from typing import Annotated

from pydantic import Field, model_validator

from wireloom.engine.node_io import Inputs, Output
from wireloom.engine.services import CodeRequest, Services
from wireloom.graph.config import ConfigError, NodeConfig, widget
from wireloom.graph.node_type import NodeType

_LONGEST_SOURCE = 64 * 1024


class CodeConfig(NodeConfig):
    """Run Python of your own, where the operator allows it. It defines main(inputs), which is given what reaches the node and gives JSON; what it prints is kept with the step. It has Python's standard library, and no files, network or other processes."""

    source: Annotated[str, Field(max_length=_LONGEST_SOURCE)] = Field(
        title="Code", description="Python that defines main(inputs).", json_schema_extra=widget("long")
    )
    timeout_s: Annotated[float, Field(gt=0, le=3_600)] = Field(
        default=30.0,
        title="Time",
        description="In seconds; then it is stopped.",
        json_schema_extra=widget("duration"),
    )
    memory_mb: Annotated[int, Field(ge=64, le=4_096)] = Field(
        default=256, title="Memory", description="In MiB, Python's own 20 included."
    )

    @model_validator(mode="after")
    def _can_be_called(self) -> CodeConfig:
        try:
            body = ast.parse(self.source).body
        except SyntaxError as error:
            raise ConfigError(f"Line {error.lineno or 1}: {error.msg}.", "source") from None
        except (ValueError, MemoryError, RecursionError):
            raise ConfigError("Python cannot read this.", "source") from None
        if not any(map(_defines_main, body)):
            raise ConfigError("The code must define main(inputs).", "source", missing=not self.source.strip())
        return self


def _defines_main(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.FunctionDef) and statement.name == "main"


async def run_code(config: CodeConfig, inputs: Inputs, services: Services) -> Output:
    asked = CodeRequest(config.source, inputs.value, config.timeout_s, config.memory_mb)
    reply = await services.code.run(asked)
    notes = {"printed": reply.printed, "cut": reply.cut} if reply.printed else None
    return Output(reply.value, notes=notes)


CODE = NodeType(
    name="code",
    version=1,
    group="data",
    label="Code",
    icon="code",
    config=CodeConfig,
    run=run_code,
    effect="read",
    runs_code=True,
    summary="{source}",
)
