"""Runs driven by an engine in the test's own process."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from accounts.actors import Actor
from accounts.web.threads import in_thread
from builder.models import Workflow
from builder.services import create_workflow
from runs.journal.payloads import load
from runs.models import Event, Run
from runs.process import engine
from runs.services import prepare_run
from tests.runs.outside import check_history

QUICK = {"schema": 1, "nodes": [{"id": "a", "type": "transform", "config": {"template": "x"}}]}


def delay(seconds: float) -> dict[str, Any]:
    return {"schema": 1, "nodes": [{"id": "rest", "type": "delay", "config": {"duration_s": seconds}}]}


def made(person: Any, graph: dict[str, Any]) -> Workflow:
    return create_workflow(person.actor, name="Inside", graph=graph)


def start_run(actor: Actor, workflow: Workflow, *, run_input: Any) -> Run:
    return prepare_run(actor, workflow, run_input=run_input).store()


def started(person: Any, graph: dict[str, Any], run_input: Any = None) -> Run:
    return start_run(person.actor, made(person, graph), run_input=run_input or {})


@contextlib.asynccontextmanager
async def driving() -> AsyncIterator[None]:
    """The process' engine, started; all that is unfinished is taken over."""
    await engine().start()
    try:
        yield
    finally:
        await engine().stop()


def row(run: Run) -> Run:
    return Run.objects.unscoped().get(pk=run.pk)


def history(run: Run) -> list[dict[str, Any]]:
    """The run's events, which must keep every rule."""
    rows = Event.objects.filter(run=run).order_by("seq")
    events = [{"seq": one.seq, "type": one.type, "step": one.step, "data": load(one.data)} for one in rows]
    check_history(events)
    return events


async def until(true: Callable[[], Any], within_s: float = 10) -> Any:
    """What `true`, called in a thread, gives once that is something."""
    deadline = time.monotonic() + within_s
    while not (found := await in_thread(true)):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
    return found


async def ended(run: Run, within_s: float = 10) -> Run:
    return await until(
        lambda: Run.objects.unscoped().filter(pk=run.pk, finished_at__isnull=False).first(), within_s
    )
