"""X8: a workflow inside a workflow is a region with keys, input, variables and output of its own."""

from __future__ import annotations

import pytest

from tests.engine.virtual import SLEEP, World, drive, graph, plan_of, sleeping, virtually
from wireloom.graph.problems import InvalidWorkflow


def expression(text: str, **policy: object) -> dict:
    return {"type": "transform", "config": {"expression": text}, "policy": policy}


def inside(slug: str, **config: object) -> dict:
    return {"type": "subworkflow", "config": {"workflow": slug, **config}}


REVIEW = graph({"judge": expression("input.n * 2"), "out": "output"}, "judge > out")


def run(document, run_input=None, *types, workflows=None, **options):
    plan = plan_of(document, *types, workflows=workflows or {"review": REVIEW})
    return virtually(drive(plan, run_input, **options))


def test_x8_a_sub_workflow_is_given_an_input_of_its_own_and_gives_its_output():
    document = graph(
        {"review": inside("review", input={"n": "input.n + 1"}), "after": "output"}, "review > after"
    )

    ran = run(document, {"n": 1})

    assert ran.output == 4
    assert ran.steps == {
        "review": "succeeded", "review.judge": "succeeded", "review.out": "succeeded", "after": "succeeded",
    }  # fmt: skip
    assert [one.node for one in ran.events if one.type == "step.started"] == [
        "review", "review.judge", "review.out", "after",
    ]  # fmt: skip


def test_x8_without_input_fields_it_is_given_what_reaches_it():
    document = graph({"a": expression('{"n": 5}'), "review": inside("review")}, "a > review")

    assert run(document).output == 10


def test_x8_keys_lead_through_items_and_sub_workflows():
    document = graph(
        {
            "split": {"type": "split", "config": {"items": "input"}},
            "review": inside("review", input={"n": "item"}),
            "join": {"type": "join", "config": {"mode": "collect"}},
        },
        "split > review",
        "review > join",
    )

    ran = run(document, [1, 2])

    assert ran.output == [2, 4]
    assert [key for key in ran.steps if "judge" in key] == ["review:0.judge", "review:1.judge"]


def test_x18_an_item_in_which_a_workflow_waits_gives_its_place_to_another():
    resting = graph({"rest": {"type": "delay", "config": {"duration_s": 10}}})
    document = graph(
        {
            "split": {"type": "split", "config": {"items": "[1, 2, 3]", "max_concurrency": 1}},
            "review": inside("resting"),
            "join": {"type": "join", "config": {"mode": "collect"}},
        },
        "split > review",
        "review > join",
    )

    ran = run(document, workflows={"resting": resting})

    assert ran.times("step.waiting") == [(f"review:{n}.rest", 0) for n in range(3)]
    assert ran.output == [1, 2, 3]


def test_x8_a_split_inside_numbers_its_own_items():
    many = graph(
        {
            "split": {"type": "split", "config": {"items": "input.list"}},
            "judge": expression("item"),
            "join": {"type": "join", "config": {"mode": "collect"}},
        },
        "split > judge",
        "judge > join",
    )
    document = graph({"review": inside("many", input={"list": "[7, 8]"})})

    ran = run(document, workflows={"many": many})

    assert (ran.output, "review.judge:1" in ran.steps) == ([7, 8], True)


def test_x9_neither_sees_the_nodes_and_variables_of_the_other():
    inner = graph({"look": expression("vars")}, settings={"variables": {"own": 1}})
    document = graph(
        {"review": inside("inner"), "after": expression("vars")},
        "review > after",
        settings={"variables": {"ours": 2}},
    )

    ran = run(document, workflows={"inner": inner})

    assert ran.execution.state.steps["review.look"].value == {"own": 1}
    assert ran.output == {"ours": 2}


def test_an_input_that_does_not_fit_fails_the_step_and_not_more():
    strict = graph(
        {"out": "output"},
        inputs={"type": "object", "required": ["n"], "properties": {"n": {"type": "number"}}},
    )
    document = graph(
        {
            "review": {**inside("strict", input={"m": "1"}), "policy": {"on_error": "route"}},
            "after": "output",
        },
        "review.error > after",
    )

    ran = run(document, workflows={"strict": strict})

    assert (ran.outcome.status, ran.output["code"], ran.output["node"]) == (
        "succeeded",
        "invalid_input",
        "review",
    )


def test_x11_a_failure_inside_fails_the_node_which_may_handle_it():
    broken = graph({"bad": expression("1 / 0"), "behind": "output"}, "bad > behind")
    document = graph(
        {
            "review": {**inside("broken"), "policy": {"on_error": "continue", "default": "none"}},
            "after": "output",
        },
        "review > after",
    )

    ran = run(document, workflows={"broken": broken})

    assert (ran.outcome.status, ran.output) == ("succeeded", "none")
    assert ran.steps == {
        "review": "failed", "review.bad": "failed", "review.behind": "skipped", "after": "succeeded",
    }  # fmt: skip
    error = ran.execution.state.steps["review"].error
    assert (error["code"], error["node"]) == ("expression_error", "review.bad")


def test_x11_a_failure_inside_that_nothing_handles_fails_the_run_and_points_at_its_cause():
    broken = graph({"bad": expression("1 / 0")})

    ran = run(
        graph({"review": inside("broken"), "after": "output"}, "review > after"), workflows={"broken": broken}
    )

    assert (ran.outcome.status, ran.execution.state.error["node"], ran.steps["after"]) == (
        "failed", "review.bad", "skipped",
    )  # fmt: skip


def test_x11_a_failure_inside_that_fails_the_run_cancels_what_waits_outside():
    broken = graph({"first": sleeping(5), "bad": expression("1 / 0")}, "first > bad")
    document = graph({"review": inside("broken"), "wait": {"type": "delay", "config": {"duration_s": 500}}})

    ran = run(document, None, SLEEP, workflows={"broken": broken})

    assert ran.steps == {
        "review": "failed", "review.first": "succeeded", "review.bad": "failed", "wait": "cancelled",
    }  # fmt: skip


def test_x11_a_workflow_that_has_failed_inside_when_the_run_fails_outside_ends_as_failed():
    failing = graph({"slow": sleeping(5), "wait": sleeping(1), "bad": expression("1 / 0")}, "wait > bad")
    document = graph(
        {"review": inside("failing"), "wait": sleeping(2), "worse": expression("{}.x")}, "wait > worse"
    )

    ran = run(document, None, SLEEP, workflows={"failing": failing})

    assert ran.execution.state.error["node"] == "worse"
    assert ran.steps == {
        "review": "failed", "review.slow": "succeeded", "review.wait": "succeeded", "review.bad": "failed",
        "wait": "succeeded", "worse": "failed",
    }  # fmt: skip


def test_x11_a_failure_outside_ends_what_is_under_way_inside():
    slow = graph({"first": sleeping(5), "second": sleeping(5)}, "first > second")
    document = graph(
        {"review": inside("slow"), "wait": sleeping(1), "bad": expression("1 / 0")}, "wait > bad"
    )

    ran = run(document, None, SLEEP, workflows={"slow": slow})

    assert (ran.outcome.status, ran.steps) == (
        "failed",
        {"review": "cancelled", "wait": "succeeded", "review.first": "succeeded", "bad": "failed"},
    )


def test_x4_a_sub_workflow_on_a_branch_not_taken_is_skipped_with_all_in_it():
    document = graph(
        {"gate": {"type": "condition", "config": {"expression": "false"}}, "review": inside("review")},
        "gate.true > review",
    )

    assert run(document).steps == {
        "gate": "succeeded", "review": "skipped", "review.judge": "skipped", "review.out": "skipped",
    }  # fmt: skip


def test_x19_cancelling_ends_what_is_inside_first():
    slow = graph({"first": sleeping(50)})

    async def cancel(execution):
        execution.cancel()

    ran = run(graph({"review": inside("slow")}), None, SLEEP, workflows={"slow": slow}, meanwhile=cancel)

    assert [one.step for one in ran.events if one.type == "step.cancelled"] == ["review.first", "review"]


def test_an_agent_inside_asks_the_inner_workflows_default_model():
    asking = graph(
        {"ask": {"type": "agent", "config": {"prompt": "hello"}}}, settings={"default_model": "inner/one"}
    )
    world = World()

    run(graph({"review": inside("asking")}), workflows={"asking": asking}, world=world)

    assert [one.default_model for one in world.seen_settings] == ["inner/one"]


@pytest.mark.parametrize(
    ("workflows", "code"),
    [
        ({}, "unknown_reference"),
        ({"review": graph({"again": inside("review")})}, "cycle"),
        ({"review": graph({"bad": expression("1 +")})}, "invalid_config"),
        ({f"w{n}": graph({"in": inside(f"w{n + 1}")}) for n in range(9)} | {"review": graph({"in": inside("w0")})}, "invalid_config"),
    ],
)  # fmt: skip
def test_what_cannot_stand_inside_is_told_at_the_node(workflows, code):
    with pytest.raises(InvalidWorkflow) as caught:
        plan_of(graph({"review": inside("review")}), workflows=workflows)

    assert [(one.code, one.node, one.field) for one in caught.value.problems] == [
        (code, "review", "workflow")
    ]


def test_workflows_may_stand_five_deep_in_each_other():
    workflows = {f"w{n}": graph({"in": inside(f"w{n + 1}")}) for n in range(1, 5)} | {"w5": REVIEW}

    ran = run(graph({"in": inside("w1")}), {"n": 3}, workflows=workflows)

    assert (ran.output, "in.in.in.in.in.judge" in ran.steps) == (6, True)


def test_x13_a_sub_workflow_that_takes_too_long_is_stopped_inside_and_fails_as_a_timeout():
    slow = graph({"first": sleeping(2), "second": sleeping(50)}, "first > second")
    document = graph(
        {
            "review": {
                **inside("slow"),
                "policy": {"timeout_s": 10, "on_error": "continue", "default": "too slow"},
            },
            "after": "output",
        },
        "review > after",
    )

    ran = run(document, None, SLEEP, workflows={"slow": slow})

    assert (ran.outcome.status, ran.output, ran.events[-1].at - ran.events[0].at) == (
        "succeeded",
        "too slow",
        10,
    )
    assert ran.steps == {
        "review": "failed", "review.first": "succeeded", "review.second": "cancelled", "after": "succeeded",
    }  # fmt: skip
    assert ran.execution.state.steps["review"].error["code"] == "timeout"
    ended = [one.step for one in ran.events if one.type in ("step.cancelled", "step.failed")]
    assert ended == ["review.second", "review"]


def test_x13_a_sub_workflow_that_waits_is_bounded_too_and_one_in_time_is_not_touched():
    rests = graph({"rest": {"type": "delay", "config": {"duration_s": 100}}})
    bounded = {**inside("rests"), "policy": {"timeout_s": 10}}

    late = run(graph({"review": bounded}), workflows={"rests": rests})
    timely = run(graph({"review": {**bounded, "policy": {"timeout_s": 101}}}), workflows={"rests": rests})

    assert (late.error_code, late.steps) == ("timeout", {"review": "failed", "review.rest": "cancelled"})
    assert timely.outcome.status == "succeeded"
