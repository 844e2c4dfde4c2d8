"""What steps were given: made again from what others gave, since a step's input is kept as references (RUNS.md, Journal)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from runs.journal.payloads import load
from runs.models import RunStatus, Step
from wireloom.engine.node_io import items_of, joined


def sources_of(steps: Iterable[Step]) -> set[str]:
    """The keys of the steps that these were given something by, and of the sub-workflows that they stand in."""
    found: set[str] = set()
    for step in steps:
        found |= {_key(source) for source in load(step.sources)}
        if around := step.key.rpartition(".")[0]:
            found.add(around)
    return found


def input_of(step: Step, values: Mapping[str, Any], given: Mapping[str, Any], run_input: Any) -> Any:
    """A step's input. `values` are what steps gave and `given` what sub-workflows were, both by key."""
    if step.status in (RunStatus.PENDING, "skipped"):
        return None
    sources = load(step.sources)
    if sources == [step.key]:
        return values.get(step.key)  # a join that collects was given what it gives
    otherwise = given.get(step.key.rpartition(".")[0], run_input)
    return joined({_name(source): _carried(source, values) for source in sources}, otherwise=otherwise)


def _carried(source: str, values: Mapping[str, Any]) -> Any:
    """What one edge carried: a step's output, or of a split the item that is named, `split[3]`."""
    value = values.get(_key(source))
    if not source.endswith("]"):
        return value
    items, number = items_of(value), int(source[:-1].rpartition("[")[2])
    return items[number] if number < len(items) else value


def _key(source: str) -> str:
    return source.partition("[")[0]


def _name(source: str) -> str:
    """The name of the node at an edge's other end."""
    node = _key(source).rpartition(".")[2]
    return node.partition("~")[0].partition(":")[0]
