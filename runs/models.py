"""Runs and their journal: what is stored of everything that ever happened.

The event table is the truth. `Run`, `Step` and `Call` are what its events
amount to, written in the same transaction, so that history can be listed and
searched. JSON is text, never a database's JSON type: models produce what those
refuse. A foreign key has no index of its own where another index begins with it.
"""

from __future__ import annotations

from django.db import models

from accounts.ids import LENGTH
from accounts.models import Workspace, id_field
from accounts.scoping import Scoped
from builder.models import Workflow


class RunStatus(models.TextChoices):
    PENDING = "pending"
    RUNNING = "running"
    WAITING = "waiting"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


#: After which nothing happens to a run any more.
ENDED = (RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED)
UNFINISHED = (RunStatus.PENDING, RunStatus.RUNNING, RunStatus.WAITING)


class Worker(models.Model):
    """A process that drives runs. Times are by the database's clock."""

    id = id_field()
    started_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField()


class Blob(models.Model):
    """JSON text too long to stand in a row, by its hash within the workspace; and every graph that was run.

    It is kept for as long as a run uses it (`BlobUse`).
    """

    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    hash = models.CharField(max_length=64)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "hash"], name="blob_once")]


class Run(Scoped):
    """One execution of a workflow.

    `worker` and `fence` say who may drive it: every takeover raises the fence,
    and the journal takes nothing written under an older one. Payload columns
    (`input`, `output`, `variables`) hold what `runs.journal.payloads` writes.
    """

    id = id_field()
    workspace = models.ForeignKey(Workspace, models.CASCADE, related_name="+", db_index=False)
    workflow = models.ForeignKey(Workflow, models.PROTECT, related_name="+", db_index=False)
    #: The run whose finished steps this one inherits, which is kept for that long.
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    #: The version's number; null for a run of the draft.
    version = models.PositiveIntegerField(null=True)
    #: The hash of the graph's blob.
    graph = models.CharField(max_length=64)
    status = models.CharField(max_length=9, choices=RunStatus.choices, default=RunStatus.PENDING)

    worker = models.CharField(max_length=LENGTH, null=True)
    fence = models.PositiveIntegerField(default=0)
    last_seq = models.PositiveIntegerField(default=0)
    #: When a waiting run goes on.
    wake_at = models.FloatField(null=True)

    input = models.TextField()
    variables = models.TextField(default="j{}")
    output = models.TextField(default="jnull")
    error = models.TextField(null=True)

    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=LENGTH, null=True)
    started_at = models.FloatField(null=True)
    finished_at = models.FloatField(null=True)
    #: How long it was driven so far: waits, and times in which no process drove it, are left out.
    active_ms = models.FloatField(default=0.0)

    input_tokens = models.PositiveBigIntegerField(default=0)
    output_tokens = models.PositiveBigIntegerField(default=0)
    cost_usd = models.FloatField(null=True)
    cost_complete = models.BooleanField(default=True)
    #: JSON: how many steps have each status.
    step_counts = models.TextField(default="{}")

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "id"], name="run_recent"),
            models.Index(fields=["workflow", "id"], name="run_of_workflow"),
            models.Index(fields=["status", "wake_at"], name="run_unfinished"),
            models.Index(fields=["finished_at"], name="run_ended"),
        ]


class BlobUse(models.Model):
    """A run that refers to a blob, from whichever of its rows."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="+", db_index=False)
    blob = models.ForeignKey(Blob, models.CASCADE, related_name="uses")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "blob"], name="blob_use_once")]


class Event(models.Model):
    """One fact, exactly as it is shown to clients. `at` is seconds since the epoch, `data` JSON text.

    `refs` names, with commas, the members of `data` that are references to blobs.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="+", db_index=False)
    seq = models.PositiveIntegerField()
    type = models.CharField(max_length=32)
    step = models.CharField(max_length=1000, null=True)
    node = models.CharField(max_length=400, null=True)
    at = models.FloatField()
    data = models.TextField()
    refs = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "seq"], name="event_seq_once")]


class Step(models.Model):
    """One node's part of a run. `sources` names the steps whose outputs it was given, as a JSON list.

    `given` is what a sub-workflow's body was given as its input.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=1000)
    #: The seq of its first event: the order in which steps are listed.
    position = models.PositiveIntegerField()
    node = models.CharField(max_length=400)
    status = models.CharField(max_length=9)
    handled = models.BooleanField(default=False)
    ports = models.TextField(default="[]")
    attempt = models.PositiveIntegerField(default=0)
    sources = models.TextField(default="[]")
    given = models.TextField(default="jnull")
    output = models.TextField(default="jnull")
    notes = models.TextField(null=True)
    error = models.TextField(null=True)
    started_at = models.FloatField(null=True)
    duration_ms = models.FloatField(null=True)
    input_tokens = models.PositiveBigIntegerField(default=0)
    output_tokens = models.PositiveBigIntegerField(default=0)
    cost_usd = models.FloatField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "key"], name="step_once")]
        indexes = [models.Index(fields=["run", "position"], name="step_order")]


class Call(models.Model):
    """One call that a step made to the outside."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="+", db_index=False)
    step = models.CharField(max_length=1000)
    n = models.PositiveIntegerField()
    attempt = models.PositiveIntegerField()
    kind = models.CharField(max_length=9)
    name = models.TextField()
    request = models.TextField()
    result = models.TextField(default="jnull")
    error = models.TextField(null=True)
    usage = models.TextField(null=True)
    started_at = models.FloatField()
    duration_ms = models.FloatField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "step", "n", "attempt"], name="call_once")]


class Signal(models.Model):
    """A wish of whoever may steer a run, kept until the event that it causes is committed."""

    class Kind(models.TextChoices):
        CANCEL = "cancel"

    id = id_field()
    run = models.ForeignKey(Run, models.CASCADE, related_name="+", db_index=False)
    #: Empty for a wish about the whole run.
    step = models.CharField(max_length=1000, default="")
    kind = models.CharField(max_length=9, choices=Kind.choices)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "step", "kind"], name="signal_once")]
