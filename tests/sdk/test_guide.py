"""README.md and docs/library.md are true: their workflows run as they stand, and every constructor named is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.stubs.provider import StubProvider
from wireloom import Executor, LlmConfig, Node

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def run_first_workflow(text: str, **names: Any) -> dict[str, Any]:
    code = next(
        block for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "Workflow(" in block
    )
    exec(code, names)
    return names


def test_the_readmes_workflow_runs_as_it_stands(
    stub: StubProvider, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test-0123456789")

    names = run_first_workflow(README)

    assert names["result"].is_success(), names["result"].error
    assert capsys.readouterr().out.splitlines()[0] == names["result"].get_node_output("Writer")
    assert len(README.splitlines()) < 200


def test_the_guides_workflow_runs_as_it_stands(stub: StubProvider) -> None:
    names = run_first_workflow(GUIDE, key="sk-test-0123456789")

    assert names["result"].is_success(), names["result"].error
    assert stub.calls[0]["body"]["messages"][-1]["content"] == "Research: tides"


def test_every_constructor_that_the_guide_names_is_there_and_none_is_left_out() -> None:
    named = set(re.findall(r"Node\.(\w+)\(", GUIDE))
    there = {name for name, one in vars(Node).items() if isinstance(one, classmethod)}

    assert named == there


def test_what_the_guide_says_of_executors_and_configs_is_there() -> None:
    for name in ("execute", "run_async", "stream", "cancel", "get_stats", "reset_stats"):
        assert callable(getattr(Executor, name))
    assert callable(LlmConfig.custom) and callable(LlmConfig.litellm)
