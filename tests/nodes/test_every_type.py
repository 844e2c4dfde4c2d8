"""Every node type of ours passes the suite that plugins' pass."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from wireloom.engine.services import HttpReply
from wireloom.nodes import catalogue
from wireloom.testing import Answers, Example, check_node

CONFIGS = json.loads((Path(__file__).parents[1] / "contracts" / "node_types.json").read_text())
DRAFT = {"text": "A draft.", "score": 8}

EXAMPLES = {
    "input": [Example({}, input={"topic": "tides"}, output={"topic": "tides"})],
    "output": [
        Example({}, input=1, output=1),
        Example(CONFIGS["output"], scope={"nodes": {"write": "text"}}, output="text"),
    ],
    "agent": [
        Example({"prompt": "Say it."}, answers=Answers(llm=("It.",)), output="It."),
        Example(
            CONFIGS["agent"],
            scope={"input": {"topic": "tides"}},
            answers=Answers(llm=(json.dumps(DRAFT),)),
            output=DRAFT,
        ),
    ],
    "route": [
        Example(
            CONFIGS["route"],
            input="I want my money back.",
            scope={"nodes": {"write": "Money."}},
            answers=Answers(llm=('{"choice": "refund"}',)),
            output="I want my money back.",
            ports=("refund",),
        )
    ],
    "condition": [
        Example({"expression": "input > 1"}, input=2, output=2, ports=("true",)),
        Example(CONFIGS["condition"], input={"topic": "tides"}, output={"topic": "tides"}, ports=("short",)),
        Example({"expression": "input"}, input="yes", error="expression_error"),
    ],
    "split": [Example(CONFIGS["split"], scope={"nodes": {"write": [1, 2]}}, output=[1, 2])],
    "join": [
        Example(CONFIGS["join"], sources={"a": 1, "b": 2}, output={"a": 1, "b": 2}),
        Example({"mode": "first"}, sources={"a": 1}, output=1),
    ],
    "subworkflow": [
        Example(CONFIGS["subworkflow"], scope={"nodes": {"write": "text"}}, output={"text": "text"}),
        Example({"workflow": "review"}, input=[1], output=[1]),
    ],
    "transform": [
        Example({"template": "About {topic}"}, input={"topic": "tides"}, output="About tides"),
        Example(CONFIGS["transform"], input={"topic": "high tide"}, output={"topic": "high tide", "words": 2}),
        Example({"expression": "input.gone"}, input={}, error="expression_error"),
    ],
    "set_variable": [Example(CONFIGS["set_variable"], scope={"nodes": {"write": "text"}}, output="text")],
    "code": [Example(CONFIGS["code"], input="a b", answers=Answers(code={"words": 2}), output={"words": 2})],
    "delay": [
        Example({"duration_s": 5}, input=1, output=1),
        Example(CONFIGS["delay"], input={"publish_at": "2026-01-02"}, output={"publish_at": "2026-01-02"}),
        Example({"until": "input"}, input="soon", error="expression_error"),
    ],
    "http_request": [
        Example(
            CONFIGS["http_request"],
            scope={"nodes": {"write": "text"}},
            answers=Answers(http=HttpReply(201, {"x": "y"}, {"id": 1})),
            output={"status": 201, "headers": {"x": "y"}, "body": {"id": 1}},
        )
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", catalogue())
def test_it_passes(name: str) -> None:
    check_node(catalogue()[name], *EXAMPLES[name])
