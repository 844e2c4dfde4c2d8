"""The library from a plain script, as README and CONTRACT.md show it, against a scripted provider."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from tests.stubs.provider import Script, StubProvider
from wireloom import Executor, LlmConfig, Node, WireloomError, Workflow, health_check, tool

KEY = "sk-test-0123456789"


def executor(**options: Any) -> Executor:
    return Executor(LlmConfig.openai(KEY, "gpt-4o-mini"), timeout_seconds=30, **options)


def prompts(stub: StubProvider) -> list[str]:
    return [call["body"]["messages"][-1]["content"] for call in stub.calls]


def test_the_workflow_of_the_contract(stub: StubProvider) -> None:
    @tool(description="Current weather for a city")
    def get_weather(location: str) -> dict[str, Any]:
        return {"location": location, "temperature": 22}

    stub.scripts.append(
        Script(
            "",
            tool_calls=({"id": "c", "name": "get_weather", "arguments": '{"location": "x"}'},),
            finish="tool_calls",
        )
    )
    stub.scripts.extend([Script("They rise."), Script("An article.")])
    workflow = Workflow("Research Pipeline")
    research = workflow.add_node(
        Node.agent(name="Researcher", prompt="Research: {topic}", temperature=0.3, tools=[get_weather])
    )
    write = workflow.add_node(Node.agent(name="Writer", prompt="Write an article from the research"))
    workflow.connect(research, write)

    result = executor().execute(workflow, {"topic": "tides"})

    assert (result.is_success(), result.output) == (True, "An article.")
    assert (result.get_node_output("Writer"), result.get_node_output("researcher")) == (
        "An article.",
        "They rise.",
    )
    assert (result.usage.input_tokens, result.usage.output_tokens) == (36, 21)
    assert stub.calls[0]["body"]["messages"] == [{"role": "user", "content": "Research: tides"}]
    assert stub.calls[0]["headers"]["authorization"] == f"Bearer {KEY}"
    assert prompts(stub)[2] == (
        "Context from earlier steps:\n\n=== Researcher ===\nThey rise.\n\n[Context JSON]\n"
        '{\n  "researcher": {\n    "label": "Researcher",\n    "output": "They rise."\n  }\n}\n\n[Task]\n'
        "Write an article from the research"
    )


def test_wirelooms_own_tools_need_not_be_given(stub: StubProvider) -> None:
    wish = {"id": "c1", "name": "calculate", "arguments": '{"expression": "7 / 2"}'}
    stub.scripts.extend([Script("", tool_calls=(wish,), finish="tool_calls"), Script("It is 3.5.")])
    agent = {"id": "a", "type": "agent", "config": {"prompt": "Half of 7?", "tools": ["calculate"]}}

    result = executor().execute({"nodes": [agent]})

    assert result.output == "It is 3.5."
    assert stub.calls[1]["body"]["messages"][-1] == {"role": "tool", "content": "3.5", "tool_call_id": "c1"}


def test_prompts_take_inputs_in_both_ways_and_leave_other_braces(stub: StubProvider) -> None:
    workflow = Workflow("Braces")
    workflow.add_node(Node.agent("A", 'One {topic}, two {{ input.topic }}, {"json": {"a": 1}}, {other}'))

    executor().execute(workflow, {"topic": "tides"})

    assert prompts(stub) == ['One tides, two tides, {"json": {"a": 1}}, {other}']


def test_ids_are_made_from_names() -> None:
    workflow = Workflow("Ids")

    ids = [workflow.add_node(Node.transform(name, "1")) for name in ("My Node", "my node", "my-node", "7th")]

    assert ids == ["my_node", "my_node_2", "my_node_3", "n7th"]


def test_transforms_and_conditions_may_be_functions_of_their_parents_outputs() -> None:
    workflow = Workflow("Functions")
    one = workflow.add_node(Node.transform("One", "1"))
    two = workflow.add_node(Node.transform("Two", lambda values: values[0]["start"] + 1))
    both = workflow.add_node(Node.transform("Both", sum))
    odd = workflow.add_node(Node.condition("Odd", lambda values: values[0] % 2 == 1))
    yes = workflow.add_node(Node.output("Yes"))
    no = workflow.add_node(Node.output("No", '"even"'))
    for source in (two, one):
        workflow.connect(source, both)
    workflow.connect(both, odd)
    workflow.connect(odd, yes, "true")
    workflow.connect(odd, no, "false")

    assert Executor().execute(workflow, {"start": 1}).output == {"yes": 3}
    assert Executor().execute(workflow, {"start": 2}).output == {"no": "even"}


def test_two_workflows_that_look_alike_keep_their_own_functions() -> None:
    runner = Executor()

    def giving(value: int) -> Workflow:
        workflow = Workflow("Same")
        workflow.add_node(Node.transform("Give", lambda values: value))
        return workflow

    assert [runner.execute(giving(n)).output for n in (1, 2)] == [1, 2]


def test_a_function_that_holds_up_its_thread_holds_up_nothing_else() -> None:
    all_four = threading.Barrier(4)
    workflow = Workflow("Slow")
    for n in range(4):
        workflow.add_node(Node.transform(f"Slow {n}", lambda values: all_four.wait(20) >= 0))

    assert Executor().execute(workflow).is_success()


def test_a_condition_may_choose_among_many_ports_and_async_functions_are_awaited() -> None:
    async def choose(values: list[Any]) -> str:
        await asyncio.sleep(0)
        return str(values[0]["go"])

    workflow = Workflow("Ports")
    gate = workflow.add_node(Node.condition("Gate", choose, ports=("left", "right")))
    for port in ("left", "right"):
        workflow.connect(gate, workflow.add_node(Node.output(port, f'"{port}"')), port)

    assert Executor().execute(workflow, {"go": "right"}).output == {"right": "right"}
    failed = Executor().execute(workflow, {"go": "up"})
    assert (failed.is_failed(), failed.error["code"] if failed.error else None) == (True, "invalid_node")


def test_loops_splits_variables_and_workflows_inside() -> None:
    inner = Workflow("Double it", inputs={"type": "object", "required": ["n"]})
    inner.add_node(Node.transform("Double", lambda values: values[0]["n"] * 2))
    workflow = Workflow("All", settings={"variables": {"total": 0}})
    split = workflow.add_node(Node.split("Each", "input.numbers", max_concurrency=2))
    double = workflow.add_node(Node.subworkflow("Double", inner, fields={"n": "item"}))
    add = workflow.add_node(Node.set_variable("Add", "total", "nodes.double", reducer="sum"))
    join = workflow.add_node(Node.join("All", "collect"))
    count = workflow.add_node(Node.transform("Count", "iteration"))
    enough = workflow.add_node(Node.condition("Enough", "iteration == 3"))
    out = workflow.add_node(Node.output("Out", "[nodes.all, vars.total, nodes.count]"))
    for source, target in ((split, double), (double, add), (add, join), (join, count), (count, enough)):
        workflow.connect(source, target)
    workflow.connect(enough, count, "false", max_iterations=5)
    workflow.connect(enough, out, "true")

    assert Executor().execute(workflow, {"numbers": [1, 2, 3]}).output == [[2, 4, 6], 12, 3]


def test_all_that_is_wrong_is_told() -> None:
    workflow = Workflow("Wrong")
    one = workflow.add_node(Node.transform("One", "nodes.nowhere"))
    workflow.connect(one, one)

    assert {problem.code for problem in workflow.validate().errors} == {"self_loop", "unknown_reference"}
    with pytest.raises(WireloomError):
        Executor().execute(workflow)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Node.agent("", "prompt"), lambda: Node.agent("Name", "  "), lambda: Node.agent("Name", "x", nonsense=1),
        lambda: Workflow("W").connect("a", "b"), lambda: LlmConfig.openai("", "gpt"), lambda: LlmConfig.openai(KEY, " "),
        lambda: LlmConfig.litellm("command-a", KEY),
    ],
)  # fmt: skip
def test_what_cannot_be_is_a_value_error_at_once(make: Any) -> None:
    with pytest.raises(ValueError) as caught:
        make()
    assert isinstance(caught.value, WireloomError)


def test_a_temperature_reaches_the_provider_unchanged(stub: StubProvider) -> None:
    workflow = Workflow("Hot")
    workflow.add_node(Node.agent("A", "x", temperature=1.8))

    executor().execute(workflow)

    assert stub.calls[0]["body"]["temperature"] == 1.8


def test_events_stream_with_numbers_and_the_texts_make_the_answer(stub: StubProvider) -> None:
    workflow = Workflow("Stream")
    workflow.add_node(Node.agent("A", "x"))

    stream = executor().stream(workflow)
    events = list(stream)

    stored = [event for event in events if event["seq"] is not None]
    assert [event["seq"] for event in stored] == list(range(1, len(stored) + 1))
    assert [event["type"] for event in stored] == [
        "run.started", "step.started", "llm.started", "llm.finished", "step.succeeded", "run.succeeded",
    ]  # fmt: skip
    text = "".join(event["data"]["text"] for event in events if event["type"] == "step.delta")
    assert stream.result is not None
    assert (text, stream.result.output) == ("The tide turns twice a day.",) * 2


async def test_events_stream_asynchronously() -> None:
    workflow = Workflow("Stream")
    workflow.add_node(Node.transform("A", "1"))

    stream = Executor().stream(workflow)

    assert [event["type"] async for event in stream] == [
        "run.started", "step.started", "step.succeeded", "run.succeeded",
    ]  # fmt: skip
    assert stream.result is not None and stream.result.output == 1


def test_a_stream_that_is_left_ends_its_run(stub: StubProvider) -> None:
    stub.otherwise = Script(hang=True)
    workflow = Workflow("Left")
    workflow.add_node(Node.agent("A", "x"))

    stream = executor().stream(workflow)
    for event in stream:
        if event["type"] == "llm.started":
            break

    assert stream.result is None or stream.result.status == "cancelled"
    assert f"wireloom {stream.run_id}" not in {thread.name for thread in threading.enumerate()}


def test_what_cannot_run_is_raised_from_a_stream() -> None:
    workflow = Workflow("Wrong")
    workflow.add_node(Node.transform("One", "1 +"))

    with pytest.raises(WireloomError):
        list(Executor().stream(workflow))


def test_runs_are_cancelled_from_another_thread(stub: StubProvider) -> None:
    stub.otherwise = Script(hang=True)
    workflow = Workflow("Hangs")
    workflow.add_node(Node.agent("A", "x"))
    runner = executor()
    timer = threading.Timer(0.3, runner.cancel)
    timer.start()

    result = runner.execute(workflow)

    assert (result.status, result.error["code"] if result.error else None) == ("cancelled", "cancelled")


def test_statistics_count_runs_tokens_and_costs(stub: StubProvider) -> None:
    good, bad = Workflow("Good"), Workflow("Bad")
    good.add_node(Node.agent("A", "x"))
    bad.add_node(Node.transform("B", "1 / 0"))
    runner = executor()

    runner.execute(good)
    runner.execute(bad)
    stats = runner.get_stats()

    assert (stats.runs, stats.succeeded, stats.failed, stats.cancelled) == (2, 1, 1, 0)
    assert (stats.input_tokens, stats.output_tokens) == (12, 7)
    assert stats.cost_usd > 0
    runner.reset_stats()
    assert runner.get_stats().runs == 0


def test_a_light_executor_does_less_at_once(stub: StubProvider) -> None:
    stub.otherwise = Script(delay_s=0.2)
    workflow = Workflow("Wide")
    for n in range(8):
        workflow.add_node(Node.agent(f"A{n}", "x"))

    def most_at_once(*, lightweight_mode: bool) -> int:
        under_way, most = 0, 0
        for event in executor(lightweight_mode=lightweight_mode).stream(workflow):
            under_way += {"llm.started": 1, "llm.finished": -1}.get(event["type"], 0)
            most = max(most, under_way)
        return most

    assert [most_at_once(lightweight_mode=light) for light in (True, False)] == [4, 8]


def test_a_key_is_never_shown() -> None:
    config = LlmConfig.openai(KEY, "gpt-4o-mini")

    assert KEY not in repr(config) + str(config)
    assert config.model_id == "openai/gpt-4o-mini"


def test_a_custom_endpoint_is_asked_where_it_is(stub: StubProvider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_BASE_URL")
    workflow = Workflow("Custom")
    workflow.add_node(Node.agent("A", "x"))

    result = Executor(LlmConfig.custom("my-model", f"{stub.url}/v1")).execute(workflow)

    assert (result.is_success(), stub.calls[0]["body"]["model"]) == (True, "my-model")


def test_health_tells_what_is_here_and_opens_nothing() -> None:
    health = health_check()

    assert (health["healthy"], "openai" in health["providers"]) == (True, False)
