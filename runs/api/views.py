"""Runs over REST: started, listed, looked into, cancelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import orjson
from django.db.models import Q, QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.idempotency import Make, once
from accounts.web.access import Access
from accounts.web.describe import describe
from accounts.web.fields import Fields
from accounts.web.paging import Paging
from accounts.web.views import ApiView
from builder.models import Workflow
from runs.api.fields import EventAnswer, EventQuery, NewRun, OneRunAnswer, RunAnswer, RunFilter, StepAnswer
from runs.api.render import render_listed_run, render_one_run, render_run, render_steps
from runs.api.waiting import applied, preferred_wait_s, wait_for_end
from runs.journal.payloads import dump
from runs.live.cursor import read_cursor
from runs.live.feed import Feed
from runs.live.reading import read_page
from runs.live.sse import lines
from runs.models import ENDED, Run, Step
from runs.services import Start, cancel_run, prepare_run
from wireloom.graph.selection import Selection

RUNS = Access("runs")


def located(run: Run) -> dict[str, str]:
    """The header that tells where a run is to be found."""
    return {"Location": f"/api/v1/runs/{run.pk}/"}


class RunView(ApiView):
    """An endpoint about runs."""

    access: ClassVar[Access] = RUNS

    def runs(self) -> QuerySet[Run]:
        """The runs of the caller's workspace."""
        return Run.objects.visible_to(self.actor).select_related("workflow")

    def run(self, run_id: str) -> Run:
        """Raises NotFound."""
        return self.found(self.runs(), pk=run_id)

    def start(self, prepare: Callable[[], Start], *, route: str) -> tuple[str, bool]:
        """The id of the run that the request starts, or once started under its Idempotency-Key; and whether it is new."""
        key = self.request.headers.get("Idempotency-Key")
        if key is None:
            return prepare().store().pk, True

        def make_ready() -> Make:
            ready = prepare()
            return lambda: ready.store().pk

        return once(self.actor, route=route, key=key, body=self.request.data, prepare=make_ready)


class WorkflowRuns(RunView):
    """Runs of one workflow."""

    @describe(takes=NewRun, gives=RunAnswer, status=202, also={200: RunAnswer})
    def post(self, request: Request, id: str) -> HttpResponse:  # noqa: A002 - as the URL names it
        """Start a run. With `Prefer: wait=SECONDS` the answer comes when it has ended, if that is in time."""
        workflow = self.found(Workflow.objects.visible_to(self.actor).filter(archived_at=None), pk=id)
        body = self.body(NewRun)
        wait_s = preferred_wait_s(request)

        def prepare() -> Start:
            return prepare_run(
                self.actor,
                workflow,
                run_input=body.get("input", {}),
                variables=body.get("variables"),
                version=body.get("version"),
                selection=Selection(
                    only=body.get("only"),
                    until=body.get("until"),
                    start=body.get("from"),
                    pins=body.get("pins", {}),
                ),
            )

        run_id, fresh = self.start(prepare, route=f"runs:{workflow.pk}")
        if not wait_s:
            return self._started(run_id, wait_s, fresh=fresh)
        return self.later(
            lambda: wait_for_end(run_id, wait_s), lambda: self._started(run_id, wait_s, fresh=fresh)
        )

    def _started(self, run_id: str, wait_s: float | None, *, fresh: bool) -> Response:
        run = self.run(run_id)
        done = not fresh or (bool(wait_s) and run.status in ENDED)
        headers = applied(wait_s) if done else applied(wait_s) | located(run)
        return Response(render_run(run), status=200 if done else 202, headers=headers)


class Runs(RunView):
    """The history."""

    queries = {"GET": RunFilter}

    @describe(gives=RunAnswer, listed=True)
    def get(self, request: Request) -> Response:
        """Runs, newest first. A long input or output stands as `{"$blob": …}`: the run itself has it whole."""
        return self.page(_filtered(self.runs(), self.query), render_listed_run)


def _filtered(rows: QuerySet[Run], query: dict[str, Any]) -> QuerySet[Run]:
    if (workflow := query.get("workflow")) is not None:
        rows = rows.filter(Q(workflow=workflow) | Q(workflow__slug=workflow))
    if (status := query.get("status")) is not None:
        rows = rows.filter(status=status)
    if (since := query.get("since")) is not None:
        rows = rows.filter(created_at__gte=since)
    if (until := query.get("until")) is not None:
        rows = rows.filter(created_at__lt=until)
    if (words := query.get("q")) is not None:
        stored = dump(words)[1:-1]  # as it stands within JSON
        rows = rows.filter(
            Q(pk=words)
            | Q(workflow__name__icontains=words)
            | Q(input__icontains=stored)
            | Q(error__icontains=stored)
        )
    return rows


class OneRun(RunView):
    """One run."""

    @describe(gives=OneRunAnswer)
    def get(self, request: Request, id: str) -> Response:  # noqa: A002 - as the URL names it
        """A run as it stands, with the graph that it executes."""
        return Response(render_one_run(self.run(id)))


class CancelRun(RunView):
    """The end of one run."""

    @describe(gives=RunAnswer, status=202)
    def post(self, request: Request, id: str) -> Response:  # noqa: A002 - as the URL names it
        """Cancel a run. A second time is answered like the first; a run that ended otherwise is a 409."""
        self.body(Fields)
        run = cancel_run(self.run(id))
        return Response(render_run(run), status=202, headers=located(run))


class Steps(RunView):
    """The steps of one run."""

    queries = {"GET": Paging}

    @describe(gives=StepAnswer, listed=True)
    def get(self, request: Request, id: str) -> Response:  # noqa: A002 - as the URL names it
        """Steps in the order in which they began."""
        run = self.run(id)
        found: list[Step] = []
        answer = self.page(Step.objects.filter(run=run), found.append, order="position")
        answer.data["results"] = render_steps(run, found)
        return answer


class OneStep(RunView):
    """One step."""

    @describe(gives=StepAnswer)
    def get(self, request: Request, id: str, key: str) -> Response:  # noqa: A002 - as the URL names it
        """A step with its input, its output and every call that it made."""
        run = self.run(id)
        return Response(render_steps(run, [self.found(Step.objects.filter(run=run), key=key)])[0])


class Events(RunView):
    """The events of one run."""

    queries = {"GET": EventQuery}

    @describe(gives=EventAnswer, listed=True, also={(200, "text/event-stream"): str})
    def get(self, request: Request, id: str) -> HttpResponseBase:  # noqa: A002 - as the URL names it
        """Events after `after`. With `Accept: text/event-stream` they come live, until the run has ended."""
        run = self.run(id)
        streams = "text/event-stream" in request.headers.get("Accept", "")
        # A browser that reconnects asks for the first address again, and says here how far it came.
        resumed = request.headers.get("Last-Event-ID") if streams else None
        after = read_cursor(resumed or self.query.get("after"), run)
        if streams:
            return _stream(Feed(run.pk, after, self.query["deltas"]))
        page = read_page(run.pk, after, self.query["limit"])
        url = request._request.build_absolute_uri(request._request.path)
        following = f"{url}?after={page.events[-1].seq}&limit={self.query['limit']}" if page.more else None
        return Response(
            {"results": [orjson.Fragment(event.text) for event in page.events], "next": following}
        )


def _stream(feed: Feed) -> HttpResponseBase:
    answer = StreamingHttpResponse(lines(feed), content_type="text/event-stream")
    answer["Cache-Control"] = "no-store"
    answer["X-Accel-Buffering"] = "no"
    return answer
