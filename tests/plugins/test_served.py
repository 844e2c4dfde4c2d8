"""A plugin on a running server: its node and its tool in a workflow, and what is told of those that do not load."""

from __future__ import annotations

import json

import pytest

from tests.plugins.packages import NAME, installed_example, made_up
from tests.runs.outside import make_workflow, provider
from tests.server.live import manage, serve

WAIT = {"Prefer": "wait=20"}
EXCERPT = {
    "id": "first",
    "type": "example.excerpt",
    "config": {"text": "{{ input.text }}", "lines": 2},
    "v": 1,
}
TOOLS = {
    "id": "ask",
    "type": "agent",
    "config": {"model": "openai/stub", "prompt": "How long?", "tools": ["example.reading_time"]},
}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    broken = tmp_path_factory.mktemp("broken")
    made_up(broken, "acme-nodes", "raise RuntimeError('no licence')", nodes="acme = acme_nodes:types")
    with (
        provider(broken) as stub,
        serve(
            tmp_path_factory.mktemp("data") / "data",
            PYTHONPATH=f"{installed_example()}:{broken}",
            WIRELOOM_PLUGINS=f"{NAME}, acme-nodes",
            **stub.environment,
        ) as live,
    ):
        yield live, stub


def test_its_node_type_is_in_the_catalogue_and_its_tool_in_the_list(served):
    live, _ = served
    types = live.ask("GET", "/api/v1/node-types/").json["results"]
    tools = live.ask("GET", "/api/v1/tools/").json

    assert [one["version"] for one in types if one["type"] == "example.excerpt"] == [2]
    assert {**tools, "results": [one for one in tools["results"] if one["source"] == NAME]} == {
        "results": [
            {
                "name": "example.reading_time",
                "description": "How many seconds a person needs to read a text.",
                "parameters": {
                    "type": "object",
                    "properties": {"text": {"type": "string"}},
                    "required": ["text"],
                    "additionalProperties": False,
                },
                "source": NAME,
            }
        ],
        "next": None,
    }


def test_its_node_runs_written_for_an_older_version_too(served):
    live, _ = served
    workflow = make_workflow(live, {"schema": 1, "nodes": [EXCERPT]})
    run = live.ask(
        "POST", f"/api/v1/workflows/{workflow}/runs/", {"input": {"text": "One. Two. Three."}}, headers=WAIT
    ).json

    assert (run["status"], run["output"], run["error"]) == ("succeeded", "One. Two.", None)


def test_a_workflow_of_an_older_version_is_shown_upgraded_and_its_versions_stay(served):
    live, _ = served
    workflow = make_workflow(live, {"schema": 1, "nodes": [EXCERPT]})
    live.ask("POST", f"/api/v1/workflows/{workflow}/publish/", {})
    draft = live.ask("GET", f"/api/v1/workflows/{workflow}/").json
    version = live.ask("GET", f"/api/v1/workflows/{workflow}/versions/1/").json
    saved = live.ask(
        "PATCH",
        f"/api/v1/workflows/{workflow}/",
        {"revision": draft["revision"], "graph": draft["graph"]},
    )

    now = {**EXCERPT, "config": {"text": "{{ input.text }}", "sentences": 2}, "v": 2}
    assert draft["graph"]["nodes"] == [now]
    assert version["graph"]["nodes"] == [EXCERPT]
    assert (saved.status, saved.json["graph"]["nodes"]) == (200, [now])


def test_an_agent_calls_its_tool(served):
    live, stub = served
    wish = {"id": "c1", "name": "example_reading_time", "arguments": json.dumps({"text": "word " * 240})}
    stub.script({"text": "", "tool_calls": [wish], "finish": "tool_calls"}, {"text": "A minute."})
    workflow = make_workflow(live, {"schema": 1, "nodes": [TOOLS]})
    run = live.ask("POST", f"/api/v1/workflows/{workflow}/runs/", {"input": {}}, headers=WAIT).json
    step = live.ask("GET", f"/api/v1/runs/{run['id']}/steps/ask/").json

    assert (run["status"], run["output"]) == ("succeeded", "A minute.")
    assert stub.prompts == ["How long?", '{"words":240,"seconds":60}']
    assert [(call["kind"], call["name"]) for call in step["calls"]] == [
        ("llm", "openai/stub"),
        ("tool", "example_reading_time"),
        ("llm", "openai/stub"),
    ]


def test_a_tool_that_is_not_there_is_told_while_drawing(served):
    live, _ = served
    node = {**TOOLS, "config": {**TOOLS["config"], "tools": ["example.gone"]}}
    judged = live.ask("POST", "/api/v1/workflows/validate/", {"graph": {"schema": 1, "nodes": [node]}}).json

    assert judged["errors"] == [
        {
            "code": "unknown_reference",
            "message": "There is no tool 'example.gone'. There are: calculate, current_time, example.reading_time.",
            "node": "ask",
            "field": "tools.0",
        }
    ]


def test_one_that_is_broken_stops_nothing_and_is_told(served):
    live, _ = served
    judged = live.ask(
        "POST",
        "/api/v1/workflows/validate/",
        {"graph": {"schema": 1, "nodes": [{"id": "a", "type": "acme.shout"}]}},
    ).json
    ready = live.ask("GET", "/health/ready", token=None)

    assert judged["errors"][0]["message"] == (
        "There is no node type 'acme.shout': the package 'acme-nodes' could not be loaded; the server's log says why."
    )
    assert (ready.status, ready.json["checks"]["plugins"]) == (200, "1 could not be loaded")
    assert any(
        "The plugin acme-nodes, acme could not be loaded: RuntimeError: no licence" in line
        for line in live.output
    )


def test_doctor_says_what_each_brings_and_what_is_wrong(tmp_path):
    made_up(tmp_path, "acme-nodes", "raise RuntimeError('no licence')", nodes="acme = acme_nodes:types")
    told = manage(
        "doctor",
        tmp_path / "data",
        PYTHONPATH=f"{installed_example()}:{tmp_path}",
        WIRELOOM_PLUGINS=f"{NAME},acme-nodes",
        WIRELOOM_ALLOW_CODE="1",
    )
    lines = [" ".join(line.split()) for line in told.stdout.splitlines()]

    assert told.returncode == 1
    assert f"ok plugin {NAME} 0.1.0 brings example.excerpt, example.reading_time" in lines
    assert "BAD plugin acme-nodes could not be loaded: RuntimeError: no licence" in lines
    assert any(line.split()[1:3] == ["code", "on,"] for line in lines)
