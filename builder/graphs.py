"""Graphs as the API takes, stores and judges them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from builder.errors import InvalidWorkflow, MalformedGraph, TooManyNodes
from builder.nesting import workflows_of
from builder.palette import catalogue, is_allowed
from wireloom.graph import document, problems
from wireloom.graph.document import Document
from wireloom.graph.problems import Problem
from wireloom.graph.upgrades import upgraded
from wireloom.graph.validation import Report, validate

EMPTY: dict[str, Any] = {"schema": 1, "inputs": {}, "nodes": [], "edges": [], "settings": {}, "notes": []}


def parsed(graph: Any) -> Document:
    """The document in `graph`. Raises MalformedGraph or TooManyNodes, with every problem."""
    try:
        return document.parse(graph)
    except problems.TooManyNodes as error:
        raise TooManyNodes(error.message, errors=told(error.problems)) from None
    except problems.MalformedDocument as error:
        raise MalformedGraph("The graph is not a workflow document.", errors=told(error.problems)) from None


def canonical(graph: Any) -> str:
    """`graph` as the text that is stored: what the client sent, once it is known to be a document."""
    parsed(graph)
    return json.dumps(graph, sort_keys=True, separators=(",", ":"))


def loaded(text: str) -> Document:
    """The document in a stored text."""
    return document.parse(json.loads(text))


def unpinned(text: str) -> str:
    """A stored text without the outputs that are pinned while drafting."""
    if '"pin"' not in text:
        return text
    graph = json.loads(text)
    for node in graph["nodes"]:
        node.pop("pin", None)
    return json.dumps(graph, sort_keys=True, separators=(",", ":"))


def shown(text: str) -> str:
    """A draft's stored text as it is edited: nodes made with older versions of their types are brought to the present."""
    grown = (name for name, one in catalogue().items() if one.version > 1)
    if not any(f'"{name}"' in text for name in grown):
        return text
    return json.dumps(upgraded(json.loads(text), catalogue()), sort_keys=True, separators=(",", ":"))


def report_on(graph: Document, workspace_id: str, slug: str | None = None) -> Report:
    """Everything that is wrong with `graph` in that workspace; `slug` is the name of its own workflow."""
    report = validate(graph, catalogue(), workflows_of(workspace_id), slug=slug)
    return replace(report, warnings=(*report.warnings, *_not_allowed(report)))


def _not_allowed(report: Report) -> Iterator[Problem]:
    """The nodes that are sound and may not run here."""
    for one in report.nodes.values():
        if not is_allowed(one.type):
            message = (
                f"{one.node.name!r} runs code, which this server does not until WIRELOOM_ALLOW_CODE is 1."
            )
            yield Problem("code_disabled", message, node=one.node.id, field="type")


def require_valid(graph: Document, workspace_id: str, slug: str) -> None:
    """Raise InvalidWorkflow, with every error, if `graph` cannot run."""
    report = report_on(graph, workspace_id, slug)
    if report.errors:
        raise InvalidWorkflow("The workflow cannot run as it is.", errors=told(report.errors))


def told(found: Iterable[Problem]) -> list[dict[str, Any]]:
    """Problems as the API lists them."""
    return [problem.to_json() for problem in found]
