"""The code node, as a workflow runs it."""

from __future__ import annotations

import pytest

from wireloom import Executor, Node, Workflow
from wireloom.graph.document import parse
from wireloom.graph.validation import validate
from wireloom.nodes import catalogue


def document(source: str, **config):
    return {"nodes": [{"id": "c", "type": "code", "config": {"source": source, **config}}]}


def test_a_code_node_gives_what_main_gives_and_keeps_what_it_prints():
    workflow = Workflow("Count")
    workflow.add_node(
        Node.code("Count", "def main(inputs):\n    print('counting')\n    return len(inputs['words'])")
    )
    result = Executor(allow_code=True).execute(workflow, {"words": ["a", "b"]})

    assert (result.is_success(), result.output) == (True, 2)


def test_code_drawn_in_code_says_how_long_it_may_take():
    workflow = Workflow("Nap")
    workflow.add_node(Node.code("Nap", "import time\ndef main(inputs):\n    time.sleep(60)", timeout_s=0.3))

    assert (
        Executor(allow_code=True).execute(workflow, {}).error["message"] == "The code took longer than 0.3 s."
    )


def test_code_that_fails_fails_its_step_with_its_traceback():
    result = Executor(allow_code=True).execute(document("def main(inputs):\n    return inputs['gone']"), {})

    assert (result.error["code"], result.error["message"].splitlines()[-2:]) == (
        "code_error",
        ['  File "<code>", line 2, in main', "KeyError: 'gone'"],
    )


def test_code_that_takes_too_long_is_not_tried_again():
    result = Executor(allow_code=True).execute(
        document("def main(inputs):\n    while True: pass", timeout_s=0.3), {}
    )

    assert (result.error["code"], result.error["attempts"]) == ("timeout", 1)


def test_a_nodes_own_time_limit_ends_its_code_too():
    nodes = document("import time\ndef main(inputs):\n    time.sleep(60)")
    nodes["nodes"][0]["policy"] = {"timeout_s": 0.3, "max_attempts": 1}

    assert Executor(allow_code=True).execute(nodes, {}).error["code"] == "timeout"


def test_code_does_not_run_where_nobody_has_allowed_it():
    result = Executor().execute(document("def main(inputs): return 1"), {})

    assert (result.error["code"], result.error["message"]) == (
        "code_disabled",
        "Code does not run here. Executor(allow_code=True) allows it.",
    )


@pytest.mark.parametrize(
    ("source", "code", "message"),
    [
        ("def main(inputs:\n  return", "invalid_config", "source: '(' was never closed"),
        ("x = 1", "invalid_config", "The code must define main(inputs)."),
        ("", "missing_config", "The code must define main(inputs)."),
        ("-" * 60_000 + "1", "invalid_config", "Python cannot read this."),
        ("a" + ".a" * 30_000, "invalid_config", "Python cannot read this."),
    ],
)  # fmt: skip
def test_code_that_cannot_run_is_told_while_drawing(source, code, message):
    (problem,) = validate(parse(document(source)), catalogue()).errors

    assert (problem.code, problem.field) == (code, "source")
    assert message.removeprefix("source: ") in problem.message
