"""Node types and tools of other packages: what loads, what does not, and how that is told."""

from __future__ import annotations

import sys

import pytest

from tests.plugins.packages import NAME, installed_example, made_up
from wireloom import Executor, Node, Workflow
from wireloom.agents.builtin import BUILTIN
from wireloom.graph.document import parse
from wireloom.graph.validation import validate
from wireloom.nodes import catalogue
from wireloom.plugins import BrokenPlugin, Fault, load_plugins

TYPE = """
from wireloom.engine.node_io import Output
from wireloom.graph.config import NodeConfig
from wireloom.graph.node_type import NodeType
class Config(NodeConfig):
    "Does something."
def kind(name, **more):
    return NodeType(**{"name": name, "version": 1, "group": "data", "label": "x", "icon": "box", "config": Config,
                       "run": lambda config, inputs: Output(1), "flow": "inline", **more})
"""
TOOL = "from wireloom import tool\ndef named(name):\n    return tool(lambda: 1) if name is None else tool(name=name, description='x')(lambda: 1)\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    known = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - known:
        del sys.modules[name]


@pytest.fixture
def example(monkeypatch):
    monkeypatch.syspath_prepend(str(installed_example()))


def load(*names):
    return load_plugins(names, catalogue(), BUILTIN.values())


def test_nothing_is_loaded_that_nobody_has_named(example):
    assert (load().brought, load().faults) == ((), ())


def test_a_package_brings_node_types_and_tools(example):
    plugins = load(NAME)
    (brought,) = plugins.brought

    assert plugins.faults == ()
    assert (brought.distribution, brought.version) == (NAME, "0.1.0")
    assert [one.name for one in brought.types] == ["example.excerpt"]
    assert list(plugins.tools) == ["example.reading_time"]
    assert (plugins.source_of("example.reading_time"), plugins.source_of("other.tool")) == (NAME, None)
    assert list(plugins.catalogue(catalogue())) == [*catalogue(), "example.excerpt"]


def test_a_script_runs_what_a_package_brings(example):
    plugins = load(NAME)
    document = {
        "nodes": [{"id": "x", "type": "example.excerpt", "v": 2, "config": {"text": "{{ input.t }}"}}]
    }

    assert (
        Executor(catalogue=plugins.catalogue(catalogue())).execute(document, {"t": "One. Two."}).output
        == "One."
    )


def test_its_own_tests_pass(example):
    import runpy

    from tests.plugins.packages import EXAMPLE

    tests = runpy.run_path(str(EXAMPLE / "tests" / "test_plugin.py"))
    for name, test in tests.items():
        if name.startswith("test_"):
            test()


def test_a_function_may_give_several(folder):
    made_up(
        folder,
        "acme",
        TYPE + "def types(): return (kind('acme.one'), kind('acme.two'))",
        nodes="acme = acme:types",
    )

    assert [one.name for one in load("acme").brought[0].types] == ["acme.one", "acme.two"]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("raise RuntimeError('no licence')", "RuntimeError: no licence"),
        ("import nothing_like_this", "ModuleNotFoundError: No module named 'nothing_like_this'"),
        ("raise SystemExit(1)", "SystemExit: 1"),
        ("x = 1", "AttributeError: module 'acme' has no attribute 'types'"),
        ("types = 7", "TypeError: 'int' object is not callable"),
        ("def types(): return ['text']", "TypeError: it gives str, not NodeType."),
        ("def types(): raise ValueError('late')", "ValueError: late"),
        (TYPE + "types = kind('shout')", "A plugin's node type is named vendor.type in small letters, not 'shout'."),
        (TYPE + "types = kind('Acme.Shout')", "A plugin's node type is named vendor.type in small letters, not 'Acme.Shout'."),
        (TYPE + "def types(): return [kind('acme.a')] * 2", "There is another node type 'acme.a' already."),
        (
            TYPE + "types = kind('acme.a', outputs=(1,))",
            "acme.a cannot describe itself: AttributeError: 'int' object has no attribute 'describe'",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_left_out(folder, code, reason, caplog):
    made_up(folder, "acme", code, nodes="acme = acme:types")
    made_up(folder, "good", TYPE + "types = kind('good.one')", nodes="good = good:types")
    plugins = load("acme", "good")

    assert plugins.faults == (Fault("acme", "acme", reason),)
    assert [one.name for one in plugins.brought[1].types] == ["good.one"]
    assert [record.getMessage() for record in caplog.records] == [
        f"The plugin acme, acme could not be loaded: {reason}"
    ]


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (
            TOOL + "tools = named('shout')",
            "A plugin's tool is named vendor.tool in small letters, not 'shout'.",
        ),
        (
            TOOL + "tools = tool(lambda: 1)",
            "A plugin's tool is named vendor.tool in small letters, not '<lambda>'.",
        ),
        (
            TOOL + "def tools(): return [named('a.b_c'), named('a_b.c')]",
            "There is another tool 'a_b.c' already.",
        ),
        (
            TOOL + "tools = named('current.time')",
            "There is another tool 'current.time' already.",
        ),
    ],
)
def test_a_tool_that_no_model_could_call_is_left_out(folder, code, reason):
    made_up(folder, "acme", code, tools="acme = acme:tools")

    assert [fault.reason for fault in load("acme").faults] == [reason]


def test_a_package_that_is_not_there_or_brings_nothing_is_told(folder):
    made_up(folder, "plain", "")

    assert load("absent", "plain").faults == (
        Fault("absent", None, "there is no such package here."),
        Fault("plain", None, "it has no entry point for Wireloom."),
    )


def test_a_workflow_that_uses_what_did_not_load_says_why(folder):
    made_up(folder, "acme-nodes", "raise RuntimeError('/secret/path')", nodes="acme = acme_nodes:types")
    known = load("acme-nodes").catalogue(catalogue())
    document = parse({"nodes": [{"id": "a", "type": "acme.shout"}, {"id": "b", "type": "other.shout"}]})

    assert [(one.code, one.message) for one in validate(document, known).errors] == [
        (
            "unknown_type",
            "There is no node type 'acme.shout': the package 'acme-nodes' could not be loaded; the server's log says why.",
        ),
        ("unknown_type", "There is no node type 'other.shout'."),
    ]


def test_a_tool_that_is_not_there_is_told_where_all_are_known(example):
    config = {"prompt": "x", "tools": ["example.reading_time", "example.gone"]}
    document = parse({"nodes": [{"id": "a", "type": "agent", "config": config}]})
    (problem,) = validate(document, load(NAME).catalogue(catalogue())).errors

    assert (problem.code, problem.field, problem.message) == (
        "unknown_reference",
        "tools.1",
        "There is no tool 'example.gone'. There are: example.reading_time.",
    )
    assert validate(document, catalogue()).errors == ()


def test_a_script_names_the_plugins_that_it_uses(example):
    workflow = Workflow("Excerpts")
    workflow.add_node(Node("First", "example.excerpt", {"text": "{{ input.t }}"}))
    executor = Executor(plugins=[NAME])

    assert executor.execute(workflow, {"t": "One. Two."}).output == "One."
    assert (
        executor.execute({"nodes": [{"id": "x", "type": "transform", "config": {"expression": "1"}}]}).output
        == 1
    )


def test_a_script_is_told_of_a_plugin_that_does_not_load(folder):
    made_up(folder, "acme", "raise RuntimeError('no licence')", nodes="acme = acme:types")

    with pytest.raises(BrokenPlugin) as raised:
        Executor(plugins=["acme", "absent"])

    assert str(raised.value) == (
        "Not every plugin could be loaded. acme: RuntimeError: no licence; absent: there is no such package here."
    )
