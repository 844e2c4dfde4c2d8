"""The verbs of runs: whatever starts or steers one. Called in threads; all rows are committed when they return."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.ids import new_id
from accounts.web.lifecycle import lifecycle
from builder.models import Workflow
from builder.palette import require_allowed
from runs.driving.graphs import RunGraph, graph_for
from runs.driving.loading import Claimed
from runs.errors import Draining, InputInvalid, RunEnded
from runs.journal.blobs import write_blobs
from runs.journal.journal import Hold
from runs.journal.payloads import Payloads
from runs.journal.projection import Projection
from runs.models import ENDED, Run, RunStatus, Signal
from runs.process import engine
from wireloom.engine.errors import InvalidInput
from wireloom.engine.plan import Plan
from wireloom.engine.values import check_input
from wireloom.graph.schemas import schema_problems
from wireloom.graph.selection import WHOLE, Selection


@dataclass(frozen=True, slots=True)
class Start:
    """A run that may begin: everything is checked and compiled, so storing it takes a moment."""

    actor: Actor
    workflow: Workflow
    graph: RunGraph
    input: Any
    variables: dict[str, Any]

    def store(self) -> Run:
        """Store the run and have it driven, once the transaction around this is committed."""
        payloads = Payloads()
        actor, graph = self.actor, self.graph
        run = Run(
            id=new_id(),
            workspace=actor.workspace,
            workflow=self.workflow,
            version=graph.version,
            graph=graph.hash,
            worker=engine().worker,
            fence=1,
            input=payloads.keep(self.input),
            variables=payloads.keep(self.variables),
            created_at=timezone.now(),
            created_by=actor.user.pk if actor.user else None,
        )
        texts = {**payloads.blobs, graph.hash: graph.text}
        prepared = _prepared(run, graph.plan, self.input, self.variables)
        with transaction.atomic(), connection.cursor() as cursor:
            run.save(force_insert=True)
            write_blobs(cursor, run_id=run.pk, workspace_id=run.workspace_id, texts=texts)
            transaction.on_commit(lambda: engine().submit(run.pk, prepared))
        return run


def prepare_run(
    actor: Actor,
    workflow: Workflow,
    *,
    run_input: Any,
    variables: Mapping[str, Any] | None = None,
    version: str | int | None = None,
    selection: Selection = WHOLE,
) -> Start:
    """Make ready a new run of `workflow`, or of the part of it that `selection` names; nothing is stored yet.

    Without `version` it is the published one, or the draft where there is
    none. Raises UnknownVersion, SelectionInvalid, WorkflowInvalid,
    CodeDisabled, InputInvalid, Draining.
    """
    if lifecycle.draining:
        raise Draining("The server is stopping; the next one takes new runs.", retry_after_s=5)
    graph = graph_for(workflow, version, selection)
    require_allowed(node.type for node in graph.plan.nodes if node.pin is None)
    values = dict(variables or {})
    _check_input(run_input, values, graph.plan)
    return Start(actor, workflow, graph, run_input, values)


def cancel_run(run: Run) -> Run:
    """Wish that `run` ends; give it as it stands. Cancelling twice is the same as once. Raises RunEnded."""
    # Locked, so that no end is committed between our look and our signal.
    rows = Run.objects.unscoped().select_related("workflow").select_for_update(of=("self",))
    with transaction.atomic():
        run.refresh_from_db(from_queryset=rows)
        if run.status in ENDED:
            if run.status != RunStatus.CANCELLED:
                raise RunEnded(f"The run has {run.status} already.")
            return run
        Signal.objects.bulk_create(
            [Signal(run=run, kind=Signal.Kind.CANCEL, created_at=timezone.now())], ignore_conflicts=True
        )
        transaction.on_commit(lambda: engine().cancel(run.pk))
    return run


def _check_input(run_input: Any, variables: dict[str, Any], plan: Plan) -> None:
    try:
        check_input("input", run_input)
        check_input("variables", variables)
    except InvalidInput as error:
        item = {"code": error.code, "message": error.message, "field": error.field}
        raise InputInvalid(error.message, errors=[item]) from None
    problems = schema_problems(run_input, plan.inputs, code="invalid_input")
    if problems:
        raise InputInvalid("The input does not fit the workflow.", errors=[one.to_json() for one in problems])


def _prepared(run: Run, plan: Plan, run_input: Any, variables: dict[str, Any]) -> Claimed:
    return Claimed(
        hold=Hold(run.pk, run.workspace_id, run.worker or "", run.fence, Projection()),
        plan=plan,
        input=run_input,
        variables=variables,
        events=(),
        cancelled=False,
    )
