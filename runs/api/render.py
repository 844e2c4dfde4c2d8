"""Rows as the API shows them. Blobs are fetched once for all that is shown together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from runs.api.inputs import input_of, sources_of
from runs.driving.graphs import plan_of
from runs.journal.payloads import NOTHING, PayloadLost, load, needed, restore
from runs.models import Blob, Call, Run, Step
from wireloom.engine.plan import Plan
from wireloom.graph.problems import DocumentProblems


def blobs_for(run: Run, columns: Iterable[str]) -> dict[str, str]:
    """The blobs that these payload columns name, by hash."""
    hashes = needed(columns)
    if not hashes:
        return {}
    return dict(
        Blob.objects.filter(workspace_id=run.workspace_id, hash__in=hashes).values_list("hash", "text")
    )


def render_run(run: Run) -> dict[str, Any]:
    """A run without its graph; `workflow` must be joined."""
    return _run(run, blobs_for(run, [run.input, run.output]))


def render_listed_run(run: Run) -> dict[str, Any]:
    """A run as one of many: long values are only referred to."""
    return _run(run, {})


def _run(run: Run, blobs: dict[str, str]) -> dict[str, Any]:
    return {
        "id": run.pk,
        "workflow": run.workflow_id,
        "workflow_name": run.workflow.name,
        "workflow_slug": run.workflow.slug,
        "version": run.version or "draft",
        "status": run.status,
        "input": _stored(run.input, blobs),
        "output": _stored(run.output, blobs),
        "error": _fragment(run.error),
        "parent": None,
        "created_at": run.created_at,
        "started_at": _time(run.started_at),
        "finished_at": _time(run.finished_at),
        "duration_ms": _span_ms(run.started_at, run.finished_at),
        "active_ms": run.active_ms,
        "usage": {**_usage(run), "cost_complete": run.cost_complete},
        "steps": orjson.Fragment(run.step_counts),
    }


def render_one_run(run: Run) -> dict[str, Any]:
    """A run with its graph."""
    return {**render_run(run), "graph": _fragment(_graph(run))}


def _graph(run: Run) -> str | None:
    return blobs_for(run, [f"b{run.graph}"]).get(run.graph)


def _fragment(text: str | None) -> orjson.Fragment | None:
    """Stored JSON, which goes out unparsed."""
    return None if text is None else orjson.Fragment(text)


def _stored(column: str, blobs: dict[str, str]) -> orjson.Fragment | dict[str, str]:
    """A payload column; a reference to what is not at hand."""
    if column[0] == "j":
        return orjson.Fragment(column[1:])
    text = blobs.get(column[1:])
    return {"$blob": column[1:]} if text is None else orjson.Fragment(text)


def render_steps(run: Run, steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Steps of one run, each with its input, which is made from the outputs that it was given."""
    keys = {step.key for step in steps}
    sources = {step.key: step for step in Step.objects.filter(run=run, key__in=sources_of(steps) - keys)}
    sources |= {step.key: step for step in steps}
    calls: dict[str, list[Call]] = defaultdict(list)
    for call in Call.objects.filter(run=run, step__in=keys).order_by("n", "attempt"):
        calls[call.step].append(call)
    payloads = [text for made in calls.values() for call in made for text in (call.request, call.result)]
    columns = [run.input, *(text for step in sources.values() for text in (step.output, step.given))]
    blobs = blobs_for(run, columns + payloads)
    nodes = _Nodes(run)
    values = {key: _value(step, blobs) for key, step in sources.items()}
    given = {key: _shown(step.given, blobs) for key, step in sources.items() if step.given != NOTHING}
    run_input = _shown(run.input, blobs)
    return [
        {
            **_step(step, nodes.of(step.node), blobs),
            "input": input_of(step, values, given, run_input),
            "calls": [_call(call, blobs) for call in calls[step.key]],
        }
        for step in steps
    ]


class _Nodes:
    """What a run's nodes are called and what they are; those of sub-workflows are looked up in its plan."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._text = _graph(run) or '{"nodes": []}'
        self._own = {node["id"]: node for node in load(self._text)["nodes"]}
        self._plan: Plan | None = None

    def of(self, node_id: str) -> dict[str, Any]:
        """`type` and `label`; empty where the graph is lost or cannot run here any more."""
        if "." not in node_id:
            own: dict[str, Any] = self._own.get(node_id, {})
            return own
        try:
            self._plan = self._plan or plan_of(self._text, self._run.graph, self._run.workspace_id)
            node = self._plan.by_id[node_id]
        except (DocumentProblems, KeyError):
            return {}
        return {"type": node.type.name, "label": node.label}


def _shown(column: str, blobs: dict[str, str]) -> Any:
    """The value of a payload column, or a reference to what is not there."""
    try:
        return restore(column, blobs)
    except PayloadLost:
        return {"$blob": column[1:]}


def _step(step: Step, node: dict[str, Any], blobs: dict[str, str]) -> dict[str, Any]:
    return {
        "key": step.key,
        "node": step.node,
        "type": node.get("type"),
        "label": node.get("label") or step.node,
        "status": step.status,
        "handled": step.handled,
        "ports": load(step.ports),
        "attempt": step.attempt,
        "output": _stored(step.output, blobs),
        "notes": _fragment(step.notes),
        "error": _fragment(step.error),
        "started_at": _time(step.started_at),
        "duration_ms": step.duration_ms,
        "usage": _usage(step),
    }


def _value(step: Step, blobs: dict[str, str]) -> Any:
    """What a step's live port carries: its output, or its error where it was routed."""
    return load(step.error) if step.error and "error" in load(step.ports) else _shown(step.output, blobs)


def _call(call: Call, blobs: dict[str, str]) -> dict[str, Any]:
    return {
        "n": call.n,
        "attempt": call.attempt,
        "kind": call.kind,
        "name": call.name,
        "request": _stored(call.request, blobs),
        "result": _stored(call.result, blobs),
        "error": _fragment(call.error),
        "started_at": _time(call.started_at),
        "duration_ms": call.duration_ms,
        "usage": _fragment(call.usage),
    }


def _usage(row: Run | Step) -> dict[str, Any]:
    return {"input_tokens": row.input_tokens, "output_tokens": row.output_tokens, "cost_usd": row.cost_usd}


def _time(at: float | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)


def _span_ms(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else (end - start) * 1000
