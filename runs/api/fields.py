"""The bodies and queries that runs take and give."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.web.fields import AnyJSON, Fields, JSONObject
from accounts.web.paging import Paging
from runs.models import RunStatus


class VersionField(serializers.Field[Any, Any, Any, Any]):
    """A version's number, or `draft`."""

    default_error_messages = {"no_version": "This must be a version's number or 'draft'."}

    def to_internal_value(self, data: Any) -> Any:
        """`data` itself, if it can be one."""
        if data != "draft" and not (
            isinstance(data, int) and not isinstance(data, bool) and 0 < data < 2**31
        ):
            self.fail("no_version")
        return data

    def to_representation(self, value: Any) -> Any:
        """`value` itself."""
        return value


class NodeName(serializers.CharField):
    """A node's id."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=64, **options)


class NewRun(Fields):
    """A run to start."""

    input = AnyJSON(required=False, help_text="The run's input; it must fit the workflow's `inputs` schema.")
    version = VersionField(
        required=False, help_text="The published version by default, the draft where there is none."
    )
    variables = JSONObject(required=False, help_text="Values that override those of `settings.variables`.")
    only = NodeName(required=False, help_text="Run this node alone.")
    until = NodeName(required=False, help_text="Run this node and all that leads to it.")
    pins = JSONObject(required=False, help_text="Outputs by node: these nodes give them without running.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`from` is a word of Python's, so it cannot be a class attribute."""
        start = NodeName(required=False, help_text="Run this node and all that follows it.")
        return {**super().get_fields(), "from": start}


class ErrorAnswer(Fields):
    """Why a run or a step failed."""

    code = serializers.CharField()
    message = serializers.CharField()
    node = serializers.CharField(allow_null=True)
    attempts = serializers.IntegerField()


class UsageAnswer(Fields):
    """What models consumed. `cost_usd` sums the known prices, null where none is; `cost_complete` says whether all are."""

    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    cost_usd = serializers.FloatField(allow_null=True)
    cost_complete = serializers.BooleanField(required=False)


class RunAnswer(Fields):
    """A run."""

    id = serializers.CharField()
    workflow = serializers.CharField(help_text="The workflow's id.")
    workflow_name = serializers.CharField()
    workflow_slug = serializers.CharField()
    version = VersionField()
    status = serializers.ChoiceField(RunStatus.choices)
    input = AnyJSON()
    output = AnyJSON(allow_null=True)
    error = ErrorAnswer(allow_null=True)
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # a field may bear a serializer attribute's name
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    duration_ms = serializers.FloatField(allow_null=True)
    active_ms = serializers.FloatField(
        help_text="How long it was driven so far, which `timeout_s` bounds: waits, and times in which no process drove it, are left out."
    )
    usage = UsageAnswer()
    steps = serializers.DictField(
        child=serializers.IntegerField(), help_text="How many steps have each status."
    )


class OneRunAnswer(RunAnswer):
    """A run, with the graph that it executes."""

    graph = JSONObject()


class CallAnswer(Fields):
    """A call that a step made to the outside."""

    n = serializers.IntegerField()
    attempt = serializers.IntegerField()
    kind = serializers.ChoiceField(["llm", "tool", "http", "retrieval"])
    name = serializers.CharField()
    request = AnyJSON()
    result = AnyJSON(allow_null=True)
    error = ErrorAnswer(allow_null=True)
    started_at = serializers.DateTimeField()
    duration_ms = serializers.FloatField(allow_null=True)
    usage = UsageAnswer(allow_null=True)


class StepAnswer(Fields):
    """One node's part of a run."""

    key = serializers.CharField()
    node = serializers.CharField()
    type = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # as above
    status = serializers.ChoiceField([*RunStatus.values, "skipped"])
    handled = serializers.BooleanField()
    ports = serializers.ListField(child=serializers.CharField())
    attempt = serializers.IntegerField()
    input = AnyJSON(allow_null=True)
    output = AnyJSON(allow_null=True)
    notes = JSONObject(
        allow_null=True,
        help_text="What is to be known of the output: `truncated` if an agent was stopped, say.",
    )
    error = ErrorAnswer(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    duration_ms = serializers.FloatField(allow_null=True)
    usage = UsageAnswer()
    calls = CallAnswer(many=True)


class EventAnswer(Fields):
    """A fact of a run. In `data`, a long member may stand as `{"$blob": …, "size": …}`: the step has it whole."""

    seq = serializers.IntegerField()
    type = serializers.CharField()
    run = serializers.CharField()
    step = serializers.CharField(allow_null=True)
    node = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField()
    data = JSONObject()  # type: ignore[assignment]  # as above


class RunFilter(Paging):
    """Which runs to list."""

    workflow = serializers.CharField(max_length=64, required=False, help_text="A workflow's id or slug.")
    status = serializers.ChoiceField(RunStatus.choices, required=False)
    since = serializers.DateTimeField(required=False, help_text="Made at this time or later.")
    until = serializers.DateTimeField(required=False, help_text="Made before this time.")
    q = serializers.CharField(
        max_length=200,
        required=False,
        help_text="Found in the id, the workflow's name, the input or the error.",
    )


class EventQuery(Fields):
    """Where in a run's events to begin."""

    after = serializers.CharField(required=False, allow_blank=True, help_text="The seq after which to begin.")
    deltas = serializers.CharField(
        max_length=400, default="all", help_text="For streams: `all`, `none` or a step's key."
    )
    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)


class LimitAnswer(Fields):
    """How many steps of a node type may run at once in this process, and how many do. `peak` is since the start."""

    name = serializers.CharField()
    limit = serializers.IntegerField()
    in_use = serializers.IntegerField()
    peak = serializers.IntegerField()
    queued = serializers.IntegerField(help_text="Steps that wait for their turn.")


class Task(Fields):
    """A task for a workflow."""

    task = serializers.CharField(max_length=1_000_000, allow_blank=True, help_text="Arrives as `input.task`.")
    workflow = serializers.CharField(
        max_length=64, required=False, help_text="A slug; the server's default without it."
    )
    input = JSONObject(required=False, help_text="Further members of the input.")


class TaskAnswer(Fields):
    """What became of a task."""

    run_id = serializers.CharField()
    status = serializers.ChoiceField(RunStatus.choices)
    output = AnyJSON(allow_null=True)
