"""The bodies that builder takes and gives."""

from __future__ import annotations

from typing import Any

import orjson
from rest_framework import serializers

from accounts.web.fields import AnyJSON, Fields, JSONObject
from accounts.web.paging import Paging
from builder.gallery import Template
from builder.graphs import shown
from builder.models import Version, Workflow
from builder.palette import is_allowed
from wireloom.agents.tool import Tool
from wireloom.graph.expressions.functions import Function
from wireloom.graph.node_type import NodeType

MAX_REVISION = 2**31 - 1


class Name(serializers.CharField):
    """What people call a workflow."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=200, **kwargs)


class Revision(serializers.IntegerField):
    """The number of a save."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=MAX_REVISION, **kwargs)


class NewWorkflow(Fields):
    """A workflow to make; without a graph it is empty."""

    name = Name()
    graph = AnyJSON(required=False, help_text="A workflow document.")


class WorkflowSave(Fields):
    """A save of the draft; what is not given stays as it is."""

    revision = Revision(help_text="The revision that was edited.")
    name = Name(required=False)
    graph = AnyJSON(required=False)


class WorkflowSummary(Fields):
    """A workflow in a list, without its graph."""

    id = serializers.CharField()
    slug = serializers.CharField()
    name = serializers.CharField()
    revision = serializers.IntegerField()
    published_version = serializers.IntegerField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class WorkflowAnswer(WorkflowSummary):
    """A workflow with its draft."""

    graph = JSONObject()


class WorkflowPaging(Paging):
    """Which workflows to list."""

    q = serializers.CharField(max_length=200, required=False, help_text="Text in the name.")


class PublishOrder(Fields):
    """What to publish: the draft, as it was at `revision`."""

    revision = Revision(required=False)


class VersionSummary(Fields):
    """A version in a list."""

    version = serializers.IntegerField()
    content_hash = serializers.CharField()
    created_by = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()


class VersionAnswer(VersionSummary):
    """A version with its graph."""

    graph = JSONObject()


class GraphToValidate(Fields):
    """A graph to look at."""

    graph = AnyJSON()


class GraphPerhaps(Fields):
    """A graph to look at instead of the draft."""

    graph = AnyJSON(required=False)


class ProblemItem(Fields):
    """One thing that is wrong."""

    code = serializers.CharField()
    message = serializers.CharField()
    node = serializers.CharField(required=False)
    field = serializers.CharField(required=False)
    loc = JSONObject(required=False)


class RegionItem(Fields):
    """Nodes that repeat: a loop, opened by its head, or what a split does for each item, up to the joins that collect it."""

    kind = serializers.ChoiceField(choices=["loop", "split"])
    opener = serializers.CharField()
    members = serializers.ListField(child=serializers.CharField())
    closers = serializers.ListField(child=serializers.CharField())


class ValidationAnswer(Fields):
    """All that is wrong with a graph, and where it repeats: outer regions first."""

    valid = serializers.BooleanField()
    errors = ProblemItem(many=True)  # type: ignore[assignment]  # a field, not the serializer's own errors
    warnings = ProblemItem(many=True)
    regions = RegionItem(many=True)


class ExportQuery(Fields):
    """The form of an export."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`as` is a word of Python's, so it cannot be a class attribute."""
        return {"as": serializers.CharField(default="json", help_text="`json`.")}


class Exported(Fields):
    """A workflow as a file."""

    format = serializers.ChoiceField(["wireloom.workflow.1"], default="wireloom.workflow.1")
    name = Name()
    slug = serializers.CharField(max_length=64, required=False)
    graph = AnyJSON()


class TemplateAnswer(Fields):
    """A workflow of the gallery."""

    slug = serializers.CharField()
    name = serializers.CharField()
    description = serializers.CharField()
    graph = JSONObject()
    sample_input = JSONObject()
    needs = serializers.ListField(
        child=serializers.CharField(),
        help_text="Templates that run inside it; using it makes and publishes them.",
    )


class NodeTypeAnswer(Fields):
    """One kind of node."""

    type = serializers.CharField()
    version = serializers.IntegerField()
    group = serializers.CharField()
    help = serializers.CharField()
    icon = serializers.CharField()
    effect = serializers.CharField()
    inputs = serializers.ListField(child=JSONObject())
    outputs = serializers.ListField(child=JSONObject())
    output_rule = JSONObject(allow_null=True)
    summary = serializers.CharField()
    config_schema = JSONObject()
    runs_code = serializers.BooleanField(help_text="Whether it runs code that people wrote.")
    allowed = serializers.BooleanField(help_text="Whether nodes of this type may run on this server.")


class ToolAnswer(Fields):
    """A tool that agents may be given. `parameters` is a JSON Schema."""

    name = serializers.CharField()
    description = serializers.CharField()
    parameters = JSONObject()
    source = serializers.CharField(help_text="The package that brought it.")  # type: ignore[assignment]  # a field, not the serializer's own source


class FunctionAnswer(Fields):
    """A function that expressions may call."""

    name = serializers.CharField()
    help = serializers.CharField(help_text="One line.")
    least = serializers.IntegerField(help_text="How many arguments it needs.")
    most = serializers.IntegerField(help_text="How many it takes.")


class Evaluation(Fields):
    """An expression, and what its names stand for."""

    expression = serializers.CharField(trim_whitespace=False)
    values = JSONObject(
        default=dict, help_text="Values of `input`, `nodes`, `vars`, `item`, `index`, `iteration`."
    )


class EvaluationAnswer(Fields):
    """What an expression gives."""

    value = AnyJSON()
    type = serializers.CharField()


def workflow_summary(workflow: Workflow) -> dict[str, Any]:
    """A workflow without its graph."""
    return {
        "id": workflow.id,
        "slug": workflow.slug,
        "name": workflow.name,
        "revision": workflow.revision,
        "published_version": workflow.published,
        "created_at": workflow.created_at,
        "updated_at": workflow.updated_at,
    }


def workflow_answer(workflow: Workflow) -> dict[str, Any]:
    """A workflow with its draft, which is passed on as text."""
    return {**workflow_summary(workflow), "graph": orjson.Fragment(shown(workflow.draft))}


def version_summary(version: Version) -> dict[str, Any]:
    """A version without its graph."""
    return {
        "version": version.number,
        "content_hash": version.content_hash,
        "created_by": version.created_by,
        "created_at": version.created_at,
    }


def version_answer(version: Version) -> dict[str, Any]:
    """A version with its graph."""
    return {**version_summary(version), "graph": orjson.Fragment(version.graph)}


def template_answer(template: Template) -> dict[str, Any]:
    """A workflow of the gallery."""
    return {
        "slug": template.slug,
        "name": template.name,
        "description": template.description,
        "graph": template.graph,
        "sample_input": template.sample_input,
        "needs": list(template.needs),
    }


def node_type_answer(node_type: NodeType) -> dict[str, Any]:
    """A catalogue entry, and whether it may run here."""
    return {**node_type.describe(), "allowed": is_allowed(node_type)}


def tool_answer(tool: Tool, source: str) -> dict[str, Any]:
    """A tool, and the package that brought it."""
    return {
        "name": tool.name,
        "description": tool.description,
        "parameters": tool.spec.parameters,
        "source": source,
    }


def function_answer(name: str, function: Function) -> dict[str, Any]:
    """A function that expressions may call."""
    return {"name": name, "help": function.help, "least": function.least, "most": function.most}
