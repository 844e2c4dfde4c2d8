from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from wireloom.engine.errors import StepLimit
from wireloom.engine.node_io import Inputs, Output, items_of
from wireloom.graph.config import ExpressionField, NodeConfig
from wireloom.graph.expressions import ExpressionError, type_name
from wireloom.graph.node_type import NodeType, Port

MAX_ITEMS = 10_000


class SplitConfig(NodeConfig):
    """Do what follows once for each item of a list, or of an object as key and value. A join that collects brings the results back in order."""

    items: ExpressionField = Field(
        title="Items", description="A list, or an object: its entries as `{key, value}`."
    )
    max_concurrency: Annotated[int, Field(ge=1, le=1_000)] = Field(
        default=10, title="At a time", description="How many items are done at once."
    )
    on_item_error: Literal["fail", "null", "drop"] = Field(
        default="fail",
        title="If an item fails",
        description="fail: stop the others and the run. null: go on, with null in its place. drop: go on without it.",
        json_schema_extra={"x-kind": "text"},
    )


def split(config: SplitConfig, inputs: Inputs) -> Output:
    items = _items(config, inputs)
    if len(items) > MAX_ITEMS:
        raise StepLimit(f"A split may do {MAX_ITEMS:,} items; {config.items.source!r} gave {len(items):,}.")
    return Output(items)


def _items(config: SplitConfig, inputs: Inputs) -> Sequence[object]:
    value = inputs.evaluate(config.items)
    if isinstance(value, list | dict):
        return items_of(value)
    raise NotAList(
        f"A split does the items of a list or an object, but {config.items.source!r} gave {type_name(value)}."
    )


class NotAList(ExpressionError):
    """A split was given something that has no items."""

    code = "type_mismatch"


SPLIT = NodeType(
    name="split",
    version=1,
    group="flow",
    label="Split",
    icon="layers",
    config=SplitConfig,
    run=split,
    flow="split",
    outputs=(Port("out", label="Each item"),),
    summary="each of {items}",
)
