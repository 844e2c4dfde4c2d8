"""docs/library.md is true: its workflow runs as it stands, and every constructor it names is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.stubs.provider import StubProvider
from wireloom import Executor, LlmConfig, Node

GUIDE = (Path(__file__).parents[2] / "docs" / "library.md").read_text(encoding="utf-8")


def test_the_guides_workflow_runs_as_it_stands(stub: StubProvider) -> None:
    code = next(
        block for block in re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL) if "Workflow(" in block
    )
    names: dict[str, Any] = {"key": "sk-test-0123456789"}

    exec(code, names)

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
