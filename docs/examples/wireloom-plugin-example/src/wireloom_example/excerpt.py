"""The first sentences of a text."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import Field

from wireloom.engine.node_io import Inputs, Output
from wireloom.graph.config import NodeConfig, TemplateField
from wireloom.graph.node_type import NodeType, Port

_END_OF_SENTENCE = re.compile(r"(?<=[.!?])\s+")


class ExcerptConfig(NodeConfig):
    """Give the first sentences of a text."""

    text: TemplateField = Field(title="Text")
    sentences: Annotated[int, Field(ge=1, le=100)] = Field(default=1, title="Sentences")


def excerpt(config: ExcerptConfig, inputs: Inputs) -> Output:
    sentences = _END_OF_SENTENCE.split(inputs.render(config.text).strip())
    return Output(" ".join(sentences[: config.sentences]))


def _from_version_1(config: dict[str, Any]) -> dict[str, Any]:
    """Version 1 called sentences lines."""
    return {"sentences" if name == "lines" else name: value for name, value in config.items()}


EXCERPT = NodeType(
    name="example.excerpt",
    version=2,
    group="data",
    label="Excerpt",
    icon="scissors",
    config=ExcerptConfig,
    run=excerpt,
    flow="inline",
    outputs=(Port("out", "text"),),
    summary="{sentences} of {text}",
    migrations={1: _from_version_1},
)
