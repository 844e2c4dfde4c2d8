"""What GraphBit set out to do and its users need (features and cases of its own tests), as it must work here.

Each test bears the name of the line or of the case that it answers.
"""

from __future__ import annotations

import asyncio
import threading
import time
from random import Random
from typing import Any

import pytest

from tests.engine.virtual import SLEEP, Busy, World, graph, plan_of, play, sleeping
from tests.stubs.provider import Script
from wireloom import Executor, Node, Workflow, tool
from wireloom.engine.execution.retries import FIRST_S, LONGEST_S, delay_s
from wireloom.engine.limits import Limits
from wireloom.graph.document import parse
from wireloom.graph.problems import InvalidWorkflow
from wireloom.graph.topology import Topology
from wireloom.graph.validation import validate
from wireloom.llm.credentials import EnvironmentCredentials
from wireloom.llm.models import Models
from wireloom.nodes import catalogue


def expression(text: str, **policy: Any) -> dict[str, Any]:
    return {"type": "transform", "config": {"expression": text}, "policy": policy}


def condition(text: str) -> dict[str, Any]:
    return {"type": "condition", "config": {"expression": text}}


def agent(prompt: str = "x", **config: Any) -> dict[str, Any]:
    return {"type": "agent", "config": {"prompt": prompt, **config}}


def problems(document: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(one.code, one.node) for one in validate(parse(document), catalogue()).errors]


# -- 1. Features


def test_node_types_a_flow_without_agents_succeeds_and_an_unknown_type_is_refused():
    flow = graph(
        {
            "start": "input",
            "rows": {"type": "split", "config": {"items": "input.rows"}},
            "twice": expression("item * 2"),
            "all": {"type": "join", "config": {"mode": "collect"}},
            "rest": {"type": "delay", "config": {"duration_s": 1}},
            "big": condition("size(nodes.all) > 1"),
            "out": "output",
        },
        "start > rows", "rows > twice", "twice > all", "all > rest", "rest > big", "big.true > out",
    )  # fmt: skip

    assert play(flow, {"rows": [1, 2]}).output == [2, 4]
    assert problems(graph({"x": "custom"})) == [("unknown_type", "x")]


async def test_agent_options_reach_the_provider_unchanged(stub, executor):
    document = graph(
        {"a": agent(model="openai/gpt-4o-mini", temperature=1.8, max_tokens=77, system="Be brief.")}
    )

    await executor.run_async(document)

    body = stub.calls[0]["body"]
    assert (body["temperature"], body["max_completion_tokens"]) == (1.8, 77)
    assert body["messages"][0] == {"role": "system", "content": "Be brief."}


def test_validation_tells_every_error_with_its_node_and_lets_json_stand_in_prompts():
    document = graph(
        {"a": agent("{{ nodes.nowhere }}"), "b": expression("1 +"), "c": condition("vars.unknown")}
    )

    assert problems(document) == [
        ("invalid_expression", "b"), ("unknown_reference", "a"), ("unknown_reference", "c"),
    ]  # fmt: skip
    assert problems(graph({"a": agent('Answer as {"a": {"b": {}}}')})) == []


def test_scheduling_a_child_starts_while_a_slow_sibling_still_runs():
    document = graph({"a": sleeping(1), "b": sleeping(9), "c": sleeping(1)}, "a > c")

    ran = play(document, None, SLEEP)

    assert dict(ran.times("step.started"))["c"] == 1
    assert dict(ran.times("step.succeeded"))["b"] == 9


def test_node_failure_fails_the_run_and_skips_what_depends_on_it():
    ran = play(graph({"bad": expression("1 / 0"), "after": "output"}, "bad > after"))

    assert (ran.outcome.status, ran.steps) == ("failed", {"bad": "failed", "after": "skipped"})


@pytest.mark.parametrize(("policy", "output"), [("continue", "instead"), ("route", "expression_error")])
def test_node_failure_policies_continue_and_route(policy, output):
    document = graph(
        {"bad": expression("1 / 0", on_error=policy, default="instead"), "after": "output"},
        "bad > after" if policy == "continue" else "bad.error > after",
    )

    given = play(document).output
    assert (given["code"] if isinstance(given, dict) else given) == output


def test_templates_missing_input_is_an_error_that_names_its_node_and_model_text_is_never_expanded():
    missing = play(graph({"a": expression("input.topic")}), {})
    world = World(script=lambda request: "{{ input.secret }}")
    document = graph({"a": agent(), "b": agent("Say: {{ nodes.a }}")}, "a > b")

    play(document, {"secret": "hunter2"}, world=world)

    assert (missing.error_code, missing.execution.state.error["node"]) == ("expression_error", "a")
    assert world.asked[1].messages[-1].content == "Say: {{ input.secret }}"


def test_conditions_route_by_expression_pass_the_gated_data_on_and_have_a_default():
    cases = {"type": "condition", "config": {"cases": [{"name": "high", "expression": "input.score >= 7"}]}}
    document = graph({"gate": cases, "yes": "output", "no": "output"}, "gate.high > yes", "gate.default > no")

    assert play(document, {"score": 8}).output == {"yes": {"score": 8}}
    assert play(document, {"score": 2}).steps == {"gate": "succeeded", "yes": "skipped", "no": "succeeded"}


def test_executor_both_timeouts_fire_and_finished_outputs_survive():
    by_node = play(
        graph({"quick": expression("1"), "slow": sleeping(9, timeout_s=2, max_attempts=1)}), None, SLEEP
    )
    by_run = play(
        graph({"quick": expression("1"), "slow": sleeping(9)}, settings={"timeout_s": 2}), None, SLEEP
    )

    assert (by_node.error_code, by_run.error_code) == ("timeout", "run_timeout")
    assert [ran.execution.state.steps["quick"].value for ran in (by_node, by_run)] == [1, 1]


async def test_retries_a_429_is_tried_again_after_its_retry_after_and_a_401_is_not(stub, executor):
    document = graph({"a": agent(model="openai/gpt-4o-mini")})
    stub.scripts.append(Script(status=429, headers={"Retry-After": "1"}))
    began = time.monotonic()

    retried = await executor.run_async(document)
    took = time.monotonic() - began
    stub.scripts.append(Script(status=401))
    refused = await executor.run_async(document)

    assert (retried.status, took >= 1, refused.error["code"], refused.error["attempts"]) == (
        "succeeded", True, "provider_auth", 1,
    )  # fmt: skip
    assert len(stub.calls) == 3


async def test_circuit_breaker_opens_after_five_failures_across_runs(stub, executor):
    document = graph({"a": {**agent(model="openai/gpt-4o-mini"), "policy": {"max_attempts": 1}}})
    stub.otherwise = Script(status=500)

    codes = [(await executor.run_async(document)).error["code"] for _ in range(7)]

    assert (codes, len(stub.calls)) == (["provider_error"] * 5 + ["circuit_open"] * 2, 5)


async def test_concurrency_a_limit_holds_across_two_runs(stub):
    limits, models = Limits({"agent": 3}), Models(local_model=False)
    keys = {"OPENAI_API_KEY": "sk-test-0123456789", "OPENAI_BASE_URL": f"{stub.url}/v1"}
    stub.otherwise = Script(delay_s=0.02)
    fan = graph({f"a{n}": agent(model="openai/gpt-4o-mini") for n in range(6)})
    shared = Executor(models=models, credentials=EnvironmentCredentials(keys), limits=limits)

    results = await asyncio.gather(shared.run_async(fan), shared.run_async(fan))
    await models.aclose()

    assert ([result.status for result in results], limits.use()[0].peak) == (["succeeded"] * 2, 3)


def test_tool_declaration_hints_defaults_and_the_description_reach_the_schema():
    @tool(_description="Adds up.")
    def add(numbers: list[int], scale: float = 1.0, note: str | None = None, loud: bool = True) -> float:
        return sum(numbers) * scale

    spec = add.spec
    assert (spec.description, spec.parameters["required"]) == ("Adds up.", ["numbers"])
    assert spec.parameters["properties"]["numbers"] == {"items": {"type": "integer"}, "type": "array"}
    assert spec.parameters["properties"]["loud"] == {"default": True, "type": "boolean"}


async def test_tool_loop_keeps_system_and_context_runs_each_child_once_and_refuses_what_is_not_listed(
    stub, executor
):
    seen: list[str] = []

    @tool(description="Looks up")
    async def look(word: str) -> str:
        await asyncio.sleep(0)
        seen.append(word)
        return word.upper()

    @tool(description="Not given to the agent")
    def secret() -> str:
        seen.append("secret")
        return "secret"

    calls = (
        {"id": "1", "name": "look", "arguments": '{"word": "tide"}'},
        {"id": "2", "name": "secret", "arguments": "{}"},
    )
    stub.scripts.append(Script("", tool_calls=calls, finish="tool_calls"))
    workflow = Workflow("Tools")
    first = workflow.add_node(Node.transform("Facts", '"facts"'))
    asks = workflow.add_node(
        Node.agent("Ask", "Do it", system="Be kind.", model="openai/gpt-4o-mini", tools=[look])
    )
    other = workflow.add_node(Node.agent("Other", "x", model="openai/gpt-4o-mini", tools=[secret]))
    after = workflow.add_node(Node.transform("After", lambda values: seen.append("after")))
    workflow.connect(first, asks)
    workflow.connect(asks, after)
    workflow.connect(after, other)

    await executor.run_async(workflow)

    second = stub.calls[1]["body"]["messages"]
    assert second[0] == {"role": "system", "content": "Be kind."}
    assert "=== Facts ===" in second[1]["content"]
    assert [message["content"] for message in second[3:]] == [
        "TIDE", "Error: There is no tool 'secret' here. There are: look.",
    ]  # fmt: skip
    assert seen == ["tide", "after"]


async def test_llm_providers_any_base_url_that_speaks_openai_and_the_cost_of_the_run(stub, executor):
    result = await executor.run_async(graph({"a": agent(model="openai/gpt-4o-mini")}))

    assert result.usage.cost_usd == pytest.approx(12 * 0.15e-6 + 7 * 0.6e-6)


async def test_client_batch_result_i_belongs_to_prompt_i_and_errors_are_typed(stub, executor):
    stub.otherwise = Script("ok", delay_s=0.01)
    document = graph(
        {
            "each": {"type": "split", "config": {"items": "input.prompts", "max_concurrency": 5, "on_item_error": "null"}},
            "ask": {**agent("{{ item }}", model="openai/gpt-4o-mini"), "policy": {"max_attempts": 1}},
            "both": expression("[item, nodes.ask]"),
            "all": {"type": "join", "config": {"mode": "collect"}},
        },
        "each > ask", "ask > both", "both > all",
    )  # fmt: skip

    result = await executor.run_async(document, {"prompts": [str(n) for n in range(12)]})

    assert result.output == [[str(n), "ok"] for n in range(12)]


async def test_streaming_events_are_numbered_cancelling_stops_the_calls(stub, executor):
    stub.otherwise = Script(hang=True)
    stream = executor.stream(graph({"a": agent(model="openai/gpt-4o-mini")}))
    numbers = []

    async for event in stream:
        numbers.append(event["seq"])
        if event["type"] == "llm.started":
            executor.cancel(stream.run_id)

    assert numbers == list(range(1, len(numbers) + 1))
    assert stream.result is not None and stream.result.status == "cancelled"


# -- 3. Cases


@pytest.mark.parametrize(("name", "prompt"), [("", "x"), ("  ", "x"), ("A", ""), ("A", "\n")])
def test_node_validation(name, prompt):
    with pytest.raises(ValueError):
        Node.agent(name, prompt)


def test_self_connection_validation():
    assert problems(graph({"a": "output"}, "a > a")) == [("self_loop", "a")]


def test_orphaned_nodes_validation():
    """The policy: a node without edges is a workflow of its own beside the others, and runs on the run's input."""
    document = graph({"a": expression("1"), "b": "output", "orphan": expression("2")}, "a > b")

    assert problems(document) == []
    assert play(document).steps["orphan"] == "succeeded"


def test_remove_node_keeps_indexes():
    document = graph(
        {"a": expression("1"), "b": "output", "c": "output", "d": "output"},
        "a > b",
        "a > c",
        "b > d",
        "c > d",
    )
    without = {
        **document,
        "nodes": [node for node in document["nodes"] if node["id"] != "b"],
        "edges": [edge for edge in document["edges"] if "b" not in (edge["source"], edge["target"])],
    }

    plan = plan_of(without)

    assert {name: node.index for name, node in plan.by_id.items()} == {"a": 0, "c": 1, "d": 2}
    assert Topology(3, [(0, 1), (1, 2)]).order == (0, 1, 2)
    assert play(without).output == {"c": 1, "d": 1}


def test_graph_node_readiness():
    ran = play(graph({"a": sleeping(1), "b": sleeping(5), "c": "join"}, "a > c", "b > c"), None, SLEEP)

    assert dict(ran.times("step.started"))["c"] == 5


def test_nested_get():
    document = graph(
        {"a": expression('{"b": {"c": 7}}'), "d": expression("[nodes.a.b.c, has(nodes.a.x)]")}, "a > d"
    )

    assert play(document).output == [7, False]


def test_parallel_workflow_execution():
    ran = play(graph({f"n{n}": sleeping(3) for n in range(5)}), None, SLEEP)

    assert ran.events[-1].at - ran.events[0].at == 3


def test_nested_conditional_workflow():
    document = graph(
        {"a": condition("input.x > 0"), "b": condition("input.y > 0"), "pp": "output", "pn": "output", "n": "output"},
        "a.true > b", "a.false > n", "b.true > pp", "b.false > pn",
    )  # fmt: skip

    for x, y, leaf in ((1, 1, "pp"), (1, -1, "pn"), (-1, 1, "n")):
        steps = play(document, {"x": x, "y": y}).steps
        assert [name for name in ("pp", "pn", "n") if steps[name] == "succeeded"] == [leaf]


def test_fail_fast_on_error():
    ran = play(
        graph({"bad": expression("1 / 0"), "other": sleeping(1), "later": "output"}, "other > later"),
        None,
        SLEEP,
    )

    assert (ran.outcome.status, ran.steps) == ("failed", {"bad": "failed"})


def test_calculate_delay_no_jitter():
    class Most(Random):
        def uniform(self, low: float, high: float) -> float:
            return high

    delays = [delay_s(attempt, Busy(), Most()) for attempt in range(1, 9)]

    assert delays == [min(LONGEST_S, FIRST_S * 2**n) for n in range(8)]


def test_circuit_breaker_transitions():
    from wireloom.llm.breaker import OPEN_S, Breaker
    from wireloom.llm.errors import ProviderUnavailable

    now = [0.0]
    breaker = Breaker("p/m", lambda: now[0])
    states = [breaker.state]
    for _ in range(5):
        with pytest.raises(ProviderUnavailable), breaker:
            raise ProviderUnavailable("down", provider="p")
    states.append(breaker.state)
    now[0] = OPEN_S
    states.append(breaker.state)
    with breaker:
        pass

    assert [*states, breaker.state] == ["closed", "open", "half_open", "closed"]


def test_concurrent_permit_contention():
    limits = Limits({"sleep": 3})

    ran = play(graph({f"n{n}": sleeping(1) for n in range(20)}), None, SLEEP, world=World(limits=limits))

    assert (set(ran.steps.values()), limits.use()[0].peak, limits.use()[0].in_use) == ({"succeeded"}, 3, 0)


def test_first_event_is_workflow_started():
    events = list(Executor().stream(graph({"a": "output"})))

    assert (events[0]["type"], events[0]["seq"]) == ("run.started", 1)


async def test_small_buffer_does_not_deadlock():
    stream = Executor().stream(graph({f"n{n}": expression("1") for n in range(50)}))
    seen = 0

    async for _ in stream:
        seen += 1
        await asyncio.sleep(0.001)

    assert seen == 102


def test_statistics_tracking_and_reset():
    runner = Executor()
    runner.execute(graph({"a": "output"}))
    runner.execute(graph({"a": expression("1 / 0")}))

    stats = runner.get_stats()
    runner.reset_stats()

    assert (stats.runs, stats.succeeded, stats.failed, runner.get_stats().runs) == (2, 1, 1, 0)


async def test_max_iterations_1(stub, executor):
    @tool(description="x")
    def look() -> str:
        return "x"

    stub.scripts.append(
        Script("thinking", tool_calls=({"id": "1", "name": "look", "arguments": "{}"},), finish="tool_calls")
    )
    workflow = Workflow("One round")
    workflow.add_node(Node.agent("A", "x", model="openai/gpt-4o-mini", tools=[look], max_rounds=1))

    result = await executor.run_async(workflow)

    assert (result.output, result.notes, len(stub.calls)) == ("thinking", {"a": {"truncated": "rounds"}}, 1)


def test_a_workflow_that_cannot_run_is_refused_before_anything_runs():
    with pytest.raises(InvalidWorkflow):
        Executor().execute(graph({"a": "nope"}))
    assert not [one for one in threading.enumerate() if one.name.startswith("wireloom ")]
