"""The door for other programs: give a task, get an answer."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.roles import Role
from accounts.throttle import Throttle
from accounts.web.access import Access
from accounts.web.describe import describe
from accounts.web.problems import Forbidden, Invalid, NotFound, Refusal, TooMany
from builder.models import Workflow
from runs.api.fields import Task, TaskAnswer
from runs.api.render import blobs_for
from runs.api.views import RunView, located
from runs.api.waiting import applied, preferred_wait_s, wait_for_end
from runs.journal.payloads import load, restore
from runs.models import ENDED, Run, RunStatus
from runs.services import Start, prepare_run
from wireloom.graph.expressions.functions import render

DEFAULT_WAIT_S = 60.0


class NoWorkflow(Invalid):
    """The body names no workflow and the server has no default."""

    code = "no_workflow"


class RunFailed(Refusal):
    """The workflow was run, and failed."""

    status, code = 502, "run_failed"


#: Starts from one address without a token.
anonymous = Throttle(limit=30, window_s=60)


class Execute(RunView):
    """`/workflow/execute`: a workflow as a function of a task."""

    access: ClassVar[Access] = Access("runs")

    def check_permissions(self, request: Request) -> None:
        """Let in who may start runs; anyone, where the operator says so (WIRELOOM_EXECUTE_ANONYMOUS)."""
        if request.user is not None or not settings.WIRELOOM.execute_anonymous:
            super().check_permissions(request)
            return
        address = str(request.META.get("REMOTE_ADDR", ""))
        if wait_s := anonymous.wait_s(address):
            raise TooMany("Too many runs were started from this address.", retry_after_s=wait_s)
        anonymous.fail(address)

    @property
    def actor(self) -> Actor:
        """Who calls; for anyone, somebody in the workspace of the default workflow."""
        if self.request.user is not None:
            return super().actor
        return Actor(self._default().workspace, Role.EDITOR, user=None)

    @describe(takes=Task, gives=TaskAnswer, also={202: TaskAnswer, (200, "text/plain"): str})
    def post(self, request: Request) -> HttpResponse:
        """Run a workflow on a task and wait for the answer, 60 s or as `Prefer: wait` says."""
        body = self.body(Task)
        workflow = self._workflow(body.get("workflow"))
        wished_s = preferred_wait_s(request)
        wait_s = DEFAULT_WAIT_S if wished_s is None else wished_s

        def prepare() -> Start:
            run_input = {**body.get("input", {}), "task": body["task"]}
            return prepare_run(self.actor, workflow, run_input=run_input)

        run_id, _ = self.start(prepare, route=self._route)
        plain = "text/plain" in request.headers.get("Accept", "")

        def answer() -> HttpResponse:
            answer = self._answer(self.run(run_id), plain=plain)
            for name, value in applied(wished_s).items():
                answer[name] = value
            return answer

        return self.later(lambda: wait_for_end(run_id, wait_s), answer)

    @property
    def _route(self) -> str:
        """Whose Idempotency-Keys these are: a stranger's key must not lead to a member's run."""
        return "execute" if self.request.user is not None else "execute:anonymous"

    def _workflow(self, slug: str | None) -> Workflow:
        if self.request.user is None:
            if slug not in (None, settings.WIRELOOM.execute_workflow):
                raise Forbidden("Without a token, only the server's default workflow can be run.")
            return self._default()
        slug = slug or _default_slug()
        row = Workflow.objects.visible_to(self.actor).filter(archived_at=None, slug=slug).first()
        if row is None:
            raise NotFound(f"There is no workflow {slug!r}.")
        return row

    def _default(self) -> Workflow:
        """The default workflow; where several workspaces have one of that slug, the oldest."""
        slug = _default_slug()
        rows = Workflow.objects.unscoped().select_related("workspace").filter(archived_at=None, slug=slug)
        row = rows.order_by("id").first()
        if row is None:
            raise NotFound(f"There is no workflow {slug!r}.")
        return row

    def _answer(self, run: Run, *, plain: bool) -> HttpResponse:
        if run.status in ENDED and run.status != RunStatus.SUCCEEDED:
            error: dict[str, Any] = (
                load(run.error) if run.error else {"code": run.status, "message": run.status}
            )
            item = {"code": error["code"], "message": error["message"]}
            if error.get("node"):
                item["node"] = error["node"]
            raise RunFailed(error["message"], errors=[item], run_id=run.pk)
        output = restore(run.output, blobs_for(run, [run.output]))
        status = 200 if run.status in ENDED else 202
        if plain and status == 200:
            return HttpResponse(render(output), content_type="text/plain; charset=utf-8")
        headers = located(run) if status == 202 else {}
        told = {"run_id": run.pk, "status": run.status, "output": output}
        return Response(told, status=status, headers=headers)


def _default_slug() -> str:
    """Raises NoWorkflow."""
    slug: str | None = settings.WIRELOOM.execute_workflow
    if slug is None:
        message = "Name a workflow by its slug: the server has no default (WIRELOOM_EXECUTE_WORKFLOW)."
        raise NoWorkflow(message, errors=[{"code": "no_workflow", "message": message, "field": "workflow"}])
    return slug
