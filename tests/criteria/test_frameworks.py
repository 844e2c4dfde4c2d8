"""What LangGraph, LangChain and Haystack users need, as it must work here. Each test bears the name of its line."""

from __future__ import annotations

import asyncio
import time
from itertools import islice, product
from typing import Any

import pytest

from tests.engine.virtual import BREAK, SLEEP, graph, play, sleeping
from tests.stubs.provider import Script
from wireloom import Executor, Node, Workflow
from wireloom.graph.config import NodeConfig
from wireloom.graph.document import parse
from wireloom.graph.node_type import Catalogue, NodeType, Port
from wireloom.graph.validation import validate
from wireloom.nodes import catalogue

COLLECT = {"type": "join", "config": {"mode": "collect"}}
SCHEMA = {"type": "object", "properties": {"score": {"type": "number"}}, "required": ["score"]}


def expression(text: str, **policy: Any) -> dict[str, Any]:
    return {"type": "transform", "config": {"expression": text}, "policy": policy}


def condition(text: str) -> dict[str, Any]:
    return {"type": "condition", "config": {"expression": text}}


def split(**config: Any) -> dict[str, Any]:
    return {"type": "split", "config": {"items": "input", **config}}


def write(value: str, reducer: str | None = None) -> dict[str, Any]:
    return {"type": "set_variable", "config": {"name": "x", "value": value, "reducer": reducer}}


def agent(**config: Any) -> dict[str, Any]:
    return {"type": "agent", "config": {"model": "openai/gpt-4o-mini", "prompt": "x", **config}}


def problems(document: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(one.code, one.node) for one in validate(parse(document), catalogue()).errors]


# -- LG1: cycles and state


def looping(limit: int, *more: str) -> dict[str, Any]:
    nodes = {"body": expression("iteration"), "enough": condition("false"), "spent": "output"}
    return graph(nodes, "body > enough", f"enough.false > body ~{limit}", *more)


def test_lg1a_a_loop_of_five_runs_its_body_five_times_and_leaves_by_exhausted():
    ran = play(looping(5, "enough.exhausted > spent"))

    assert (sum(key.startswith("body") for key in ran.steps), ran.output) == (5, 5)


def test_lg1b_the_step_budget_fails_step_limit_names_the_node_and_keeps_the_state():
    ran = play(looping(9_000, "enough.exhausted > spent"))

    error = ran.execution.state.error
    assert (error["code"], error["node"]) == ("step_limit", "body")
    assert ran.execution.state.steps["body~400"].value == 400


def test_lg1c_two_parallel_writers_without_a_reducer_are_refused_when_saved():
    assert problems(graph({"a": write("1"), "b": write("2")})) == [("conflicting_writes", "b")]


@pytest.mark.parametrize(
    ("reducer", "values", "together"),
    [
        ("append", ["1", "2", "3"], [1, 2, 3]), ("merge", ['{"a": 1}', '{"a": 2}', '{"b": 3}'], {"a": 2, "b": 3}),
        ("sum", ["1", "2", "3.5"], 6.5), ("last_by_order", ["1", "2", "3"], 3),
    ],
)  # fmt: skip
def test_lg1d_reducers_give_one_result_over_a_hundred_orders_of_completion(reducer, values, together):
    for delays in islice(product((1, 2, 3, 4, 5), repeat=3), 100):
        nodes: dict[str, Any] = {"after": expression("vars.x")}
        edges = []
        for n, (value, delay) in enumerate(zip(values, delays, strict=True)):
            nodes |= {f"wait{n}": sleeping(delay), f"w{n}": write(value, reducer)}
            edges += [f"wait{n} > w{n}", f"w{n} > after"]
        assert play(graph(nodes, *edges), None, SLEEP).output == together


def test_lg1e_a_cycle_without_a_bound_is_refused():
    unbounded = graph({"a": "output", "b": "output"}, "a > b")
    unbounded["edges"].append({"source": "b", "target": "a", "loop": {}})

    assert problems(unbounded) == [("loop_unbounded", "a")]
    assert problems(graph({"a": "output", "b": "output"}, "a > b", "b > a")) == [
        ("cycle", "a"),
        ("cycle", "b"),
    ]


# -- LG5: streaming


async def test_lg5c_the_texts_that_were_shown_make_the_final_text(stub, executor):
    stream = executor.stream(graph({"a": agent()}))
    pieces = [event["data"]["text"] async for event in stream if event["type"] == "step.delta"]

    assert stream.result is not None
    assert (len(pieces) > 1, "".join(pieces)) == (True, stream.result.output)


# -- LG6: map and subgraphs


def test_lg6a_a_thousand_items_never_more_than_n_in_flight_results_in_order():
    document = graph(
        {
            "each": split(max_concurrency=7),
            "work": {"type": "sleep", "config": {"behaviour": "1"}},
            "give": expression("item"),
            "all": COLLECT,
        },
        "each > work", "work > give", "give > all",
    )  # fmt: skip
    in_flight: set[str] = set()
    most = 0

    def watch(event: Any) -> None:
        nonlocal most
        step = getattr(event, "step", "")
        if step.startswith("work:") and event.type == "step.started":
            in_flight.add(step)
            most = max(most, len(in_flight))
        elif step.startswith("work:"):
            in_flight.discard(step)

    ran = play(document, list(range(1000)), SLEEP, listener=watch)

    assert (ran.output, most) == (list(range(1000)), 7)


@pytest.mark.parametrize(("policy", "output"), [("fail", None), ("null", [1, None, 4]), ("drop", [1, 4])])
def test_lg6b_an_item_that_fails_fails_all_or_is_collected_or_skipped(policy, output):
    nodes = {"each": split(on_item_error=policy), "work": expression("4 / item"), "all": COLLECT}

    assert play(graph(nodes, "each > work", "work > all"), [4, 0, 1]).output == output


def test_lg6c_an_empty_list_still_joins():
    assert (
        play(
            graph({"each": split(), "w": expression("item"), "all": COLLECT}, "each > w", "w > all"), []
        ).output
        == []
    )


def test_lg6d_a_workflow_inside_is_cancelled_with_the_one_around():
    inner = Workflow("Inner")
    inner.add_node(Node.delay("Rest", 1000))
    outer = Workflow("Outer")
    outer.add_node(Node.subworkflow("Inside", inner))
    runner = Executor()
    stream = runner.stream(outer)
    ended = []

    for event in stream:
        if event["type"] == "step.waiting":
            runner.cancel(stream.run_id)
        if event["type"].endswith(".cancelled"):
            ended.append(event["step"])

    assert ended == ["inside.rest", "inside", None]


def test_lg6e_a_workflow_never_stands_in_itself():
    snake = Workflow("Snake")
    snake.add_node(Node.subworkflow("Again", snake))

    assert [one.code for one in snake.validate().errors] == ["cycle"]


# -- LG7: retries, timeouts


async def test_lg7a_429_and_5xx_are_tried_again_and_other_4xx_never(stub, executor):
    async def calls(status: int) -> int:
        stub.calls.clear()
        stub.otherwise = Script(status=status, headers={"Retry-After": "0"})
        await executor.run_async(graph({"a": agent(model=f"openai/m{status}")}))
        return len(stub.calls)

    assert [await calls(status) for status in (429, 503, 400, 404, 422)] == [3, 3, 1, 1, 1]


async def test_lg7b_each_attempt_can_be_seen(stub, executor):
    stub.scripts.extend([Script(status=500), Script(status=500), Script("third")])
    stream = executor.stream(graph({"a": agent()}))

    events = [(event["type"], event["data"].get("attempt")) async for event in stream]

    assert [attempt for kind, attempt in events if kind == "step.started"] == [1, 2, 3]
    assert [attempt for kind, attempt in events if kind == "step.retrying"] == [1, 2]


async def test_lg7c_blocking_code_does_not_stall_other_runs():
    slow, quick = Workflow("Slow"), Workflow("Quick")
    slow.add_node(Node.transform("Blocks", lambda values: time.sleep(1)))
    quick.add_node(Node.transform("Quick", "1"))
    runner = Executor()
    blocking = asyncio.create_task(runner.run_async(slow))
    await asyncio.sleep(0.05)

    await runner.run_async(quick)

    assert not blocking.done()
    assert (await blocking).is_success()


def test_lg7e_an_error_edge_gets_code_message_node_and_attempts():
    bad = {"type": "break", "config": {"behaviour": "no"}, "policy": {"on_error": "route"}}

    ran = play(graph({"bad": bad, "after": "output"}, "bad.error > after"), None, BREAK)

    assert ran.output == {"code": "error", "message": "no", "node": "bad", "attempts": 1}


# -- LC2: structured output


async def test_lc2a_every_answer_is_validated(stub, executor):
    stub.otherwise = Script('{"score": "high"}')

    result = await executor.run_async(graph({"a": agent(output_schema=SCHEMA)}))

    assert result.error["code"] == "invalid_output"


async def test_lc2b_two_repairs_carry_the_validators_words_then_it_fails_and_the_text_is_kept(stub, executor):
    stub.otherwise = Script("nothing of the kind")

    result = await executor.run_async(graph({"a": agent(output_schema=SCHEMA)}))

    asked = [call["body"]["messages"][-1]["content"] for call in stub.calls]
    assert (len(asked), all("It is no JSON" in text for text in asked[1:])) == (3, True)
    assert result.error["message"].endswith("nothing of the kind")


@pytest.mark.parametrize("text", ['```json\n{"score": 1}\n```', '{"score": 1}', 'Sure: {"score": 1}'])
async def test_lc2c_fenced_json_is_read(stub, executor, text):
    stub.otherwise = Script(text)

    assert (await executor.run_async(graph({"a": agent(output_schema=SCHEMA)}))).output == {"score": 1}


def test_lc2d_the_schema_types_the_output_port():
    kind = catalogue()["agent"]

    def port(**more: Any) -> str:
        return kind.output_ports(kind.config.model_validate({"prompt": "x", **more}))[0].type

    assert [port(), port(output_schema=SCHEMA), port(output_schema={"type": "array"})] == [
        "text",
        "object",
        "list",
    ]


# -- LC3: failures


async def test_lc3c_exhausted_retries_are_a_failed_node_and_never_an_answer(stub, executor):
    stub.otherwise = Script(status=500, body='{"error": {"message": "down"}}')
    document = graph({"a": {**agent(), "policy": {"max_attempts": 2}}, "after": "output"}, "a > after")

    result = await executor.run_async(document)

    assert result.error is not None
    assert (result.status, result.output, result.outputs, result.error["attempts"]) == ("failed", None, {}, 2)


# -- Haystack: typed pipelines


def test_haystack_a_a_wrong_port_type_is_refused_with_its_reason():
    numbers = NodeType(
        name="numbers", version=1, group="data", label="N", icon="x", config=NodeConfig, run=lambda c, i: None,
        flow="inline", inputs=(Port("in", "number"),),
    )  # fmt: skip
    document = graph({"a": {"type": "agent", "config": {"prompt": "x"}}, "n": "numbers"}, "a > n")

    report = validate(parse(document), Catalogue((*catalogue().values(), numbers)))

    assert [(one.code, one.message) for one in report.errors] == [
        ("incompatible_types", "'a' gives text, but 'n' takes number.")
    ]


def test_haystack_b_a_node_whose_branches_are_all_dead_is_skipped_and_nothing_hangs():
    nodes = {"gate": condition("false"), "a": "output", "b": {"type": "join", "config": {"mode": "all"}}}

    steps = play(graph(nodes, "gate.true > a", "gate.true > b", "a > b")).steps

    assert steps == {"gate": "succeeded", "a": "skipped", "b": "skipped"}


def test_haystack_c_a_document_goes_round_without_loss():
    nodes = {"each": split(), "work": expression("item"), "all": COLLECT}
    once = parse(graph(nodes, "each > work", "work > all", "work > work ~3")).to_json()

    assert parse(once).to_json() == once
