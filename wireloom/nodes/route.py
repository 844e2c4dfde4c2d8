from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, model_validator

from wireloom.engine.node_io import Inputs, Output
from wireloom.engine.services import ChatReply, ChatRequest, Message, Services
from wireloom.graph.config import ConfigError, NodeConfig, TemplateField, widget
from wireloom.graph.node_type import ERROR_PORT, EXHAUSTED_PORT, NodeType, PortsFrom
from wireloom.nodes.prompting import compose


class Choice(NodeConfig):
    """A port, and when the model should take it."""

    name: Annotated[
        str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$", title="Port", json_schema_extra={"x-kind": "text"})
    ]
    description: str = Field(default="", title="When", description="In words that a model understands.")


class RouteConfig(NodeConfig):
    """Let a model choose the branch. What reaches it passes on through the port of its choice."""

    prompt: TemplateField = Field(
        title="Prompt", description="What to decide.", json_schema_extra=widget("long")
    )
    choices: tuple[Choice, ...] = Field(min_length=2, max_length=50, title="Choices")
    model: str | None = Field(
        default=None,
        title="Model",
        description="Provider and name. Empty: the workflow's default.",
        json_schema_extra=widget("model"),
    )
    credential: str | None = Field(
        default=None,
        title="Credential",
        description="By name. Empty: the provider's default.",
        json_schema_extra=widget("credential"),
    )

    @model_validator(mode="after")
    def _named_once(self) -> RouteConfig:
        names = [choice.name for choice in self.choices]
        for name in names:
            if names.count(name) > 1 or name in (ERROR_PORT, EXHAUSTED_PORT):
                raise ConfigError(f"The port {name!r} is taken already.", "choices")
        return self


async def choose(config: RouteConfig, inputs: Inputs, services: Services) -> Output:
    # Loaded by the nodes that need it: schemas take a while.
    from wireloom.agents.structure import fitting

    schema = _schema(config)
    messages = (
        Message("system", _instruction(config)),
        Message("user", compose(config.prompt, None, inputs)),
    )

    async def ask(said: tuple[Message, ...]) -> ChatReply:
        return await services.llm.complete(
            ChatRequest(
                config.model or "", said, temperature=0.0, output_schema=schema, credential=config.credential
            )
        )

    reply = await ask(messages)
    answer = await fitting(reply, (*messages, Message("assistant", reply.text)), schema, ask)
    return Output(inputs.value, (answer["choice"],))


def _schema(config: RouteConfig) -> dict[str, Any]:
    names = [choice.name for choice in config.choices]
    return {
        "type": "object",
        "properties": {"choice": {"type": "string", "enum": names}},
        "required": ["choice"],
        "additionalProperties": False,
    }


def _instruction(config: RouteConfig) -> str:
    lines = [
        f"- {one.name}: {one.description}" if one.description else f"- {one.name}" for one in config.choices
    ]
    return "\n".join(
        ["Decide which of these fits best:", *lines, 'Answer with JSON: {"choice": "<one of these names>"}.']
    )


ROUTE = NodeType(
    name="route",
    version=1,
    group="AI",
    label="Route",
    icon="route",
    config=RouteConfig,
    run=choose,
    effect="read",
    outputs=(),
    output_rule=PortsFrom("choices"),
    summary="{prompt}",
)
