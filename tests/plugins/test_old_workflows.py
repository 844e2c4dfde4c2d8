"""Workflows saved with older versions of node types: they are valid, they run, they are shown as today's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.plugins.packages import NAME, installed_example
from wireloom import Executor
from wireloom.graph.document import parse
from wireloom.graph.upgrades import upgraded
from wireloom.graph.validation import validate
from wireloom.nodes import catalogue as own
from wireloom.plugins import load_plugins

OLD = json.loads((Path(__file__).parents[1] / "contracts" / "old_workflows.json").read_text())


@pytest.fixture
def catalogue(monkeypatch):
    monkeypatch.syspath_prepend(str(installed_example()))
    return load_plugins([NAME], own()).catalogue(own())


def test_there_is_one_for_each_version_that_is_past(catalogue):
    past = {(name, version) for name, one in catalogue.items() for version in range(1, one.version)}

    assert {(one["type"], one["version"]) for one in OLD} == past


@pytest.mark.parametrize("old", OLD, ids=lambda old: f"{old['type']}-{old['version']}")
def test_it_is_valid_and_runs(catalogue, old):
    report = validate(parse(old["document"]), catalogue)
    result = Executor(catalogue=catalogue).execute(old["document"], old["input"])

    assert (report.errors, report.warnings) == ((), ())
    assert (result.is_success(), result.output) == (True, old["output"])


@pytest.mark.parametrize("old", OLD, ids=lambda old: f"{old['type']}-{old['version']}")
def test_it_is_shown_as_todays(catalogue, old):
    before = json.dumps(old["document"])
    shown = upgraded(old["document"], catalogue)
    node, rest = shown["nodes"][0], shown["nodes"][1:]

    assert node == {
        **old["document"]["nodes"][0],
        "config": old["shown"],
        "v": catalogue[old["type"]].version,
    }
    assert rest == old["document"]["nodes"][1:]
    assert upgraded(shown, catalogue) == shown
    assert json.dumps(old["document"]) == before


@pytest.mark.parametrize(
    "node",
    [
        {"id": "a", "type": "example.gone", "config": {"x": 1}},
        {"id": "a", "type": "example.excerpt", "config": {"x": 1}, "v": 9},
        {"id": "a", "type": "transform"},
    ],
)
def test_what_cannot_be_brought_to_the_present_is_left_as_it_is(catalogue, node):
    assert upgraded({"nodes": [node]}, catalogue) == {"nodes": [node]}


def test_a_version_of_tomorrow_is_told(catalogue):
    node = {"id": "a", "type": "example.excerpt", "config": {"text": "x"}, "v": 3}
    (problem,) = validate(parse({"nodes": [node]}), catalogue).errors

    assert (problem.code, problem.field, problem.message) == (
        "unknown_type",
        "v",
        "'a' was made with version 3 of example.excerpt; this server has 2.",
    )
