"""docs/write-a-node.md is true: its node passes its test, and what it quotes is what the suite says."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from wireloom.engine.node_io import Output
from wireloom.engine.services import HttpRequest
from wireloom.testing import Example, UnfitNode, check_node

GUIDE = (Path(__file__).parents[2] / "docs" / "write-a-node.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def names() -> dict[str, Any]:
    made: dict[str, Any] = {"__name__": "guide"}
    # As its readers' file: without what this one has chosen.
    exec(compile("\n".join(blocks("python")), "guide", "exec", dont_inherit=True), made)
    return made


def test_the_guides_node_passes_the_guides_test(names: dict[str, Any]) -> None:
    names["test_headlines"]()


def test_the_guides_migration_brings_its_old_config_to_the_present(names: dict[str, Any]) -> None:
    assert names["from_version_1"]({"subject": "tides"}) == {"topic": "tides"}


def test_what_the_guide_quotes_is_what_is_told(names: dict[str, Any]) -> None:
    async def posts(config: Any, inputs: Any, services: Any) -> Output:
        return Output((await services.http.send(HttpRequest("POST", "https://news.example.com"))).body)

    with pytest.raises(UnfitNode) as raised:
        check_node(replace(names["HEADLINES"], icon="", run=posts), Example({"topic": "tides"}))

    assert str(raised.value) + "\n" == blocks("text")[0]
