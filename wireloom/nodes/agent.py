from __future__ import annotations

import json
from typing import Annotated

from pydantic import Field

from wireloom.engine.node_io import Inputs, Output, Source
from wireloom.engine.services import ChatRequest, Message, Services
from wireloom.graph.config import NodeConfig, TemplateField, widget
from wireloom.graph.expressions.functions import render
from wireloom.graph.node_type import NodeType, Port


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
    credential: str | None = Field(
        default=None,
        title="Credential",
        description="By name. Empty: the provider's default.",
        json_schema_extra=widget("credential"),
    )


async def ask(config: AgentConfig, inputs: Inputs, services: Services) -> Output:
    messages = [Message("user", compose(config, inputs))]
    if config.system is not None:
        messages.insert(0, Message("system", inputs.render(config.system)))
    reply = await services.llm.complete(
        ChatRequest(
            model=config.model or "",
            messages=tuple(messages),
            temperature=config.temperature,
            max_tokens=config.max_tokens,
            credential=config.credential,
        )
    )
    return Output(reply.text)


def compose(config: AgentConfig, inputs: Inputs) -> str:
    """The prompt as the model gets it: a titled section per parent in edge order, one JSON block, the task.

    Left out are parents behind an edge without context and those that a template names itself.
    """
    task = inputs.render(config.prompt)
    injected = _injected(config, inputs)
    if not injected:
        return task
    sections = "\n\n".join(f"=== {source.label} ===\n{render(source.value)}" for source in injected)
    block = {source.id: {"label": source.label, "output": source.value} for source in injected}
    context = json.dumps(block, ensure_ascii=False, indent=2)
    return f"Context from earlier steps:\n\n{sections}\n\n[Context JSON]\n{context}\n\n[Task]\n{task}"


def _injected(config: AgentConfig, inputs: Inputs) -> list[Source]:
    sources = [source for source in inputs.sources if source.context]
    if not sources:
        return []
    references = config.prompt.references + (config.system.references if config.system else ())
    named = {one.path[0] for one in references if one.root == "nodes" and one.path}
    if any(one.root == "input" for one in references):
        # A parent that only hands on the run's input is named by `input` too.
        sources = [source for source in sources if source.value != inputs.run_input]
    return [source for source in sources if source.id not in named]


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
    summary="{model}: {prompt}",
)
