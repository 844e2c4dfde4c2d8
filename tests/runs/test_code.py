"""Code nodes on a server: refused until the operator allows them, then run."""

from __future__ import annotations

import contextlib
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.test import override_settings

from tests.accounts.people import Person
from tests.runs.outside import make_workflow, until
from tests.server.live import Live, serve

WAIT = {"Prefer": "wait=20"}


def graph(source: str, **node: Any) -> dict[str, Any]:
    return {"schema": 1, "nodes": [{"id": "count", "type": "code", "config": {"source": source}, **node}]}


COUNT = graph("def main(inputs):\n    print('counting')\n    return len(inputs['words'])\n")


def test_while_code_is_off_a_start_is_403_and_drawing_says_so(alice: Person) -> None:
    workflow = alice.ask("POST", "/workflows/", {"name": "Count", "graph": COUNT}).json()["id"]
    judged = alice.ask("POST", f"/workflows/{workflow}/validate/").json()
    refused = alice.ask("POST", f"/workflows/{workflow}/runs/", {"input": {}})

    assert (judged["valid"], judged["errors"]) == (True, [])
    assert judged["warnings"] == [
        {
            "code": "code_disabled",
            "message": "'count' runs code, which this server does not until WIRELOOM_ALLOW_CODE is 1.",
            "node": "count",
            "field": "type",
        }
    ]
    assert (refused.status_code, refused.json()["code"]) == (403, "code_disabled")
    assert refused.json()["detail"] == "The workflow runs code (code), and this server does not."


def test_a_workflow_inside_is_looked_into_and_a_pinned_node_runs_no_code(alice: Person) -> None:
    inner = alice.ask("POST", "/workflows/", {"name": "Inner", "graph": COUNT}).json()
    alice.ask("POST", f"/workflows/{inner['id']}/publish/")
    outside = {
        "schema": 1,
        "nodes": [{"id": "in", "type": "subworkflow", "config": {"workflow": inner["slug"]}}],
    }
    outer = alice.ask("POST", "/workflows/", {"name": "Outer", "graph": outside}).json()["id"]
    pinned = alice.ask(
        "POST", "/workflows/", {"name": "Pinned", "graph": graph("def main(inputs): pass", pin={"output": 1})}
    )

    assert alice.ask("POST", f"/workflows/{outer}/runs/", {"input": {}}).json()["code"] == "code_disabled"
    assert alice.ask("POST", f"/workflows/{pinned.json()['id']}/runs/", {"input": {}}).status_code == 202


def test_where_code_is_on_nothing_warns_and_the_catalogue_says_so(alice: Person, settings: Any) -> None:
    with override_settings(WIRELOOM=replace(settings.WIRELOOM, allow_code=True)):
        judged = alice.ask("POST", "/workflows/validate/", {"graph": COUNT}).json()
        entries = alice.ask("GET", "/node-types/").json()["results"]

    assert judged["warnings"] == []
    assert [entry["allowed"] for entry in entries if entry["runs_code"]] == [True]


def test_a_server_runs_code_that_the_operator_allows(tmp_path: Any) -> None:
    with serve(tmp_path / "data", WIRELOOM_ALLOW_CODE="1") as live:
        workflow = make_workflow(live, COUNT)
        run = live.ask(
            "POST", f"/api/v1/workflows/{workflow}/runs/", {"input": {"words": ["a", "b"]}}, headers=WAIT
        ).json
        step = live.ask("GET", f"/api/v1/runs/{run['id']}/steps/count/").json

    assert (run["status"], run["output"], run["error"]) == ("succeeded", 2, None)
    assert (step["output"], step["notes"]) == (2, {"printed": "counting\n", "cut": False})


def test_a_run_that_is_cancelled_ends_its_code(tmp_path: Any) -> None:
    with serve(tmp_path / "data", WIRELOOM_ALLOW_CODE="1") as live:
        workflow = make_workflow(live, graph("import time\ndef main(inputs):\n    time.sleep(60)\n"))
        run = live.ask("POST", f"/api/v1/workflows/{workflow}/runs/", {"input": {}}).json["id"]
        _come_to(live, processes=1)
        live.ask("POST", f"/api/v1/runs/{run}/cancel/")
        until(live, run, "cancelled")
        _come_to(live, processes=0)


def _come_to(live: Live, *, processes: int) -> None:
    deadline = time.monotonic() + 20
    while len(_codes_of(live.process.pid)) != processes:
        assert time.monotonic() < deadline
        time.sleep(0.03)


def _codes_of(server: int) -> list[int]:
    """The processes in which a server runs people's code."""
    found = []
    for one in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            parent = int((one / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == server and b"sandbox/child.py" in (one / "cmdline").read_bytes():
                found.append(int(one.name))
    return found
