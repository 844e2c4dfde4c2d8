"""The workflows of a workspace, as others run them inside themselves (RUNS.md X8)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from builder.models import Version, Workflow
from builder.palette import catalogue
from wireloom.graph.document import Document, parse
from wireloom.graph.validation import WorkflowSource


def workflows_of(workspace_id: str) -> WorkflowSource:
    """Finds a workflow's published graph by slug: of one version, which stays when the workflow is archived, or the present one."""

    @cache
    def find(slug: str, version: int | None) -> Document | None:
        number = version or _published(workspace_id, slug)
        row = _versions(workspace_id, slug).filter(number=number).first() if number else None
        return None if row is None else parse(json.loads(row.graph))

    return find


def has_nested(graph: str) -> bool:
    """Whether a graph's text may hold a sub-workflow; seen without parsing it."""
    return any(f'"{name}"' in graph for name in _nested_types())


def with_versions(graph: str, workspace_id: str) -> str:
    """The canonical text of a graph in which each sub-workflow names its version: the present one where it named none."""
    if not has_nested(graph):
        return graph
    document = json.loads(graph)
    for node in document["nodes"]:
        if node["type"] in _nested_types():
            _name_version(node, workspace_id)
    return json.dumps(document, sort_keys=True, separators=(",", ":"))


def with_workflows(graph: dict[str, Any], slugs: Mapping[str, str]) -> dict[str, Any]:
    """`graph`, in which each sub-workflow runs `slugs[name]` where it named `name`."""
    nested = _nested_types()
    nodes = [_renamed(node, slugs) if node["type"] in nested else node for node in graph["nodes"]]
    return {**graph, "nodes": nodes}


def _renamed(node: dict[str, Any], slugs: Mapping[str, str]) -> dict[str, Any]:
    name = node["config"]["workflow"]
    return {**node, "config": {**node["config"], "workflow": slugs.get(name, name)}}


def _nested_types() -> list[str]:
    return [name for name, one in catalogue().items() if one.flow == "nested"]


def _name_version(node: dict[str, Any], workspace_id: str) -> None:
    config = node.setdefault("config", {})
    slug = config.get("workflow")
    if isinstance(slug, str) and config.get("version") is None:
        number = _published(workspace_id, slug)
        if number is not None:
            config["version"] = number


def _published(workspace_id: str, slug: str) -> int | None:
    rows = Workflow.objects.unscoped().filter(workspace_id=workspace_id, slug=slug, archived_at=None)
    return rows.values_list("published", flat=True).first()


def _versions(workspace_id: str, slug: str) -> Any:
    return Version.objects.unscoped().filter(workflow__workspace_id=workspace_id, workflow__slug=slug)
