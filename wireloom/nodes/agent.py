from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from wireloom.engine.node_io import Inputs, Output
from wireloom.engine.services import ChatReply, ChatRequest, Llm, Message, Services
from wireloom.graph.config import NodeConfig, TemplateField, widget
from wireloom.graph.node_type import NodeType, Port
from wireloom.graph.schemas import check_schema
from wireloom.nodes.prompting import compose


class AgentLimits(NodeConfig):
    """How far an agent may go before it must have answered."""

    max_rounds: Annotated[int, Field(ge=1, le=100)] = Field(
        default=10, title="Rounds", description="Answers that may ask for tools."
    )
    tool_timeout_s: Annotated[float, Field(gt=0, le=3_600)] | None = Field(
        default=None,
        title="Time for a tool",
        description="In seconds. Empty: as each tool says, a minute otherwise.",
        json_schema_extra=widget("duration"),
    )
    max_cost_usd: Annotated[float, Field(ge=0)] | None = Field(
        default=None,
        title="Money",
        description="US dollars for all its calls together. A call that could cost more than is left is not made.",
    )


class Fallback(NodeConfig):
    """Another model, by provider and name, and the credential to ask it with."""

    model: str = Field(min_length=1, title="Model", json_schema_extra=widget("model"))
    credential: str | None = Field(default=None, title="Credential", json_schema_extra=widget("credential"))

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, value: object) -> object:
        """A model's name alone will do."""
        return {"model": value} if isinstance(value, str) else value


class AgentConfig(NodeConfig):
    """Ask a language model. Its prompt is preceded by what its parents gave, unless the prompt names them itself."""

    model: str | None = Field(
        default=None,
        title="Model",
        description="Provider and name. Empty: the workflow's default.",
        json_schema_extra=widget("model"),
    )
    prompt: TemplateField = Field(title="Prompt", json_schema_extra=widget("long"))
    system: TemplateField | None = Field(
        default=None,
        title="System prompt",
        description="Who the model is and how it answers.",
        json_schema_extra=widget("long"),
    )
    temperature: Annotated[float, Field(ge=0, le=2)] | None = Field(
        default=None,
        title="Temperature",
        description="0: always the likeliest word. Empty: the model's own default.",
    )
    max_tokens: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        default=None, title="Longest answer", description="In tokens."
    )
    tools: tuple[str, ...] = Field(
        default=(),
        title="Tools",
        description="By name: what the model may call before it answers.",
        json_schema_extra=widget("tools"),
    )
    output_schema: dict[str, Any] | None = Field(
        default=None,
        title="Answer's schema",
        description="A JSON Schema. The answer is then an object that fits it, or the step fails.",
        json_schema_extra=widget("schema"),
    )
    fallbacks: tuple[Fallback, ...] = Field(
        default=(),
        max_length=10,
        title="Other models",
        description="Asked in turn when the one before gives no answer.",
        json_schema_extra=widget("models"),
    )
    fallback_on: tuple[
        Literal["provider_rate_limit", "provider_error", "content_filter", "context_length"], ...
    ] = Field(
        default=(),
        title="Go on for these too",
        description="Failures that would not pass on by themselves.",
        json_schema_extra={"x-kind": "text"},
    )
    limits: AgentLimits = Field(default=AgentLimits(), title="Limits")
    credential: str | None = Field(
        default=None,
        title="Credential",
        description="By name. Empty: the provider's default.",
        json_schema_extra=widget("credential"),
    )

    @field_validator("output_schema")
    @classmethod
    def _is_a_schema(cls, schema: dict[str, Any] | None) -> dict[str, Any] | None:
        if schema is not None:
            check_schema(schema)
        return schema


async def ask(config: AgentConfig, inputs: Inputs, services: Services) -> Output:
    request, llm = _request(config, inputs), _llm(config, services)
    if config.tools or config.output_schema is not None:
        return await _converse(config, request, llm, services)
    return Output((await llm.complete(request)).text)


def _llm(config: AgentConfig, services: Services) -> Llm:
    """The model to ask, with those that stand in for it and what they may cost."""
    llm = services.llm
    if config.limits.max_cost_usd is not None:
        from wireloom.agents.spending import BoundedLlm

        llm = BoundedLlm(llm, config.limits.max_cost_usd)
    if config.fallbacks:
        from wireloom.agents.fallback import Candidate, FallbackLlm

        first = Candidate(config.model or "", config.credential)
        others = [Candidate(one.model, one.credential) for one in config.fallbacks]
        llm = FallbackLlm(llm, [first, *others], config.fallback_on)
    return llm


def _request(config: AgentConfig, inputs: Inputs) -> ChatRequest:
    messages = [Message("user", compose(config.prompt, config.system, inputs))]
    if config.system is not None:
        messages.insert(0, Message("system", inputs.render(config.system)))
    return ChatRequest(
        model=config.model or "",
        messages=tuple(messages),
        temperature=config.temperature,
        max_tokens=config.max_tokens,
        output_schema=config.output_schema,
        credential=config.credential,
    )


async def _converse(config: AgentConfig, request: ChatRequest, llm: Llm, services: Services) -> Output:
    # Loops and schemas are loaded by the agents that use them.
    from wireloom.agents.loop import converse
    from wireloom.agents.structure import fitting

    if config.tools:
        request = replace(request, tools=services.tools.specs(config.tools))
    answered = await converse(
        llm,
        services.tools,
        request,
        names=config.tools,
        max_rounds=config.limits.max_rounds,
        tool_timeout_s=config.limits.tool_timeout_s,
    )
    notes = {"truncated": answered.truncated} if answered.truncated else None
    if config.output_schema is None:
        return Output(answered.reply.text, notes=notes)

    def again(messages: tuple[Message, ...]) -> Awaitable[ChatReply]:
        return llm.complete(replace(request, messages=messages, tools=()))

    value = await fitting(answered.reply, answered.messages, config.output_schema, again)
    return Output(value, notes=notes)


AGENT = NodeType(
    name="agent",
    version=1,
    group="AI",
    label="Agent",
    icon="bot",
    config=AgentConfig,
    run=ask,
    effect="read",
    outputs=(Port("out", "text"),),
    schema_field="output_schema",
    tools_field="tools",
    summary="{model}: {prompt}",
)
