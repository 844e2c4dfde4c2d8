"""Each node type's catalogue entry, and its example that the front end reads too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wireloom.graph.document import parse
from wireloom.graph.validation import validate
from wireloom.nodes import catalogue

EXAMPLES = json.loads((Path(__file__).parents[1] / "contracts" / "node_types.json").read_text())


def ports(*names, kind="any"):
    return [{"name": name, "type": kind, "label": name.capitalize()} for name in names]


@pytest.mark.parametrize(
    ("name", "group", "effect", "inputs", "outputs", "rule", "kinds"),
    [
        ("input", "flow", "pure", [], ports("out"), None, {}),
        ("output", "flow", "pure", ports("in"), ports("out"), None, {"value": "expression"}),
        (
            "agent", "AI", "read", ports("in"), ports("out", kind="text"), None,
            {"model": "text", "prompt": "template", "system": "template", "temperature": "text", "max_tokens": "text", "tools": "text", "output_schema": "text", "fallbacks": "text",
                "fallback_on": "text", "limits": "text", "credential": "text",
            },
        ),
        (
            "condition", "flow", "pure", ports("in"), ports("true", "false"),
            {"field": "cases", "name": "name", "then": ["default"]}, {"expression": "expression", "cases": "text"},
        ),
        (
            "route", "AI", "read", ports("in"), [], {"field": "choices", "name": "name", "then": []},
            {"prompt": "template", "choices": "text", "model": "text", "credential": "text"},
        ),
        (
            "split", "flow", "pure", ports("in"), [{"name": "out", "type": "any", "label": "Each item"}], None,
            {"items": "expression", "max_concurrency": "text", "on_item_error": "text"},
        ),
        ("join", "flow", "pure", ports("in"), ports("out"), None, {"mode": "text", "cancel_losers": "text"}),
        (
            "subworkflow", "flow", "pure", ports("in"), ports("out"), None,
            {"workflow": "text", "version": "text", "input": "expression"},
        ),
        (
            "set_variable", "data", "pure", ports("in"), ports("out"), None,
            {"name": "text", "value": "expression", "reducer": "text"},
        ),
        (
            "transform", "data", "pure", ports("in"), ports("out"), None,
            {"expression": "expression", "template": "template", "fields": "expression"},
        ),
        (
            "http_request", "connect", "effect", ports("in"), ports("out", kind="object"), None,
            {
                "method": "text", "url": "template", "headers": "template", "query": "template", "body": "template",
                "credential": "text", "ok_statuses": "text",
            },
        ),
        (
            "code", "data", "read", ports("in"), ports("out"), None,
            {"source": "text", "timeout_s": "text", "memory_mb": "text"},
        ),
        ("delay", "flow", "read", ports("in"), ports("out"), None, {"duration_s": "text", "until": "expression"}),
    ],
)  # fmt: skip
def test_a_catalogue_entry_says_all_that_a_canvas_needs(name, group, effect, inputs, outputs, rule, kinds):
    entry = catalogue()[name].describe()

    assert entry.keys() == {
        "type", "version", "group", "label", "help", "icon", "effect", "runs_code", "inputs", "outputs", "output_rule", "summary",
        "config_schema",
    }  # fmt: skip
    assert [entry[key] for key in ("type", "version", "group", "effect", "inputs", "outputs", "output_rule")] == [
        name, 1, group, effect, inputs, outputs, rule,
    ]  # fmt: skip
    assert entry["help"] and entry["label"] and entry["icon"]
    assert {
        field: schema["x-kind"] for field, schema in entry["config_schema"]["properties"].items()
    } == kinds
    json.dumps(entry)


def test_the_catalogue_stands_in_the_order_of_the_palette():
    assert list(catalogue()) == [
        "input", "output", "agent", "route", "condition", "split", "join", "subworkflow", "transform", "set_variable", "code",
        "delay", "http_request",
    ]  # fmt: skip


def test_there_is_one_example_of_each_type():
    assert EXAMPLES.keys() == catalogue().keys()


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_is_sound(name):
    document = {
        "inputs": {"properties": {"topic": {}, "publish_at": {}}},
        "nodes": [
            {"id": "write", "type": "transform", "config": {"expression": "1"}},
            {"id": "x", "type": name, "config": EXAMPLES[name]},
        ],
        "edges": [{"source": "write", "target": "x"}] if name != "input" else [],
    }

    inner = parse({"nodes": [{"id": "out", "type": "output"}]})
    report = validate(parse(document), catalogue(), lambda slug, version: inner)

    assert (report.errors, report.warnings) == ((), ())
