"""What the suite for node types finds: one bad type per check."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import replace
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator

from wireloom.engine.errors import StepError
from wireloom.engine.node_io import Output
from wireloom.engine.services import HttpRequest
from wireloom.graph.config import ExpressionField, NodeConfig, TemplateField
from wireloom.graph.node_type import NodeType, Port, PortsFrom
from wireloom.testing import Answers, Example, UnfitNode, check_node


class RepeatConfig(NodeConfig):
    """Say a text several times."""

    text: TemplateField = Field(title="Text")
    times: int = Field(default=2, title="Times")


def repeat(config: RepeatConfig, inputs: Any) -> Output:
    return Output(inputs.render(config.text) * config.times)


REPEAT = NodeType(
    name="example.repeat",
    version=1,
    group="data",
    label="Repeat",
    icon="repeat",
    config=RepeatConfig,
    run=repeat,
    flow="inline",
    summary="{text}",
)
TWICE = Example({"text": "ha"}, output="haha")


def faults(node_type: NodeType, *examples: Example, **more: Any) -> tuple[str, ...]:
    with pytest.raises(UnfitNode) as raised:
        check_node(node_type, *(examples or (TWICE,)), **more)
    return raised.value.faults


def calling(run: Any, effect: str = "read") -> NodeType:
    return replace(REPEAT, run=run, flow="call", effect=effect)


def test_a_good_type_passes():
    check_node(REPEAT, TWICE)


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(UnfitNode) as raised:
        check_node(replace(REPEAT, label="", version=0), TWICE)

    assert str(raised.value) == (
        "The node type 'example.repeat' does not pass:\n"
        "  - It has no label: it is empty.\n"
        "  - Its version is 0; versions count from 1."
    )


class Undocumented(NodeConfig):
    text: str = ""


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": "Example-Repeat"}, "Its name 'Example-Repeat' is not made of small letters, digits and _, as vendor.type is."),
        ({"label": " "}, "It has no label: it is empty."),
        ({"icon": ""}, "It has no icon: it is empty."),
        ({"group": "toys"}, "Its group is 'toys', not one of flow, AI, data, knowledge, connect."),
        ({"effect": "none"}, "Its effect is 'none', not one of pure, read, effect."),
        ({"flow": "later"}, "Its flow is 'later', not one of inline, wait, call, split, nested."),
        ({"flow": "call"}, "Its flow is 'call', so its run must be a coroutine function."),
        ({"summary": "{words}"}, "Its summary {words} names the field 'words', which its config has not."),
        ({"start_field": "mode"}, "Its start_field names the field 'mode', which its config has not."),
        ({"output_rule": PortsFrom("cases")}, "Its output_rule names the field 'cases', which its config has not."),
        ({"outputs": (Port("out"), Port("out"))}, "2 output ports have the name 'out'."),
        ({"outputs": (Port("out"), Port("error"))}, "The output port 'error' has a name that is kept for every node."),
        ({"outputs": (Port("out"), Port("exhausted"))}, "The output port 'exhausted' has a name that is kept for every node."),
        ({"inputs": (Port("In"),)}, "The input port 'In' is not named by small letters, digits and _."),
        ({"inputs": (Port("in", "picture"),)}, "The input port 'in' is of type 'picture', which there is not."),
        ({"outputs": (Port("result"),)}, "It gives through the port 'out', but declares result."),
    ],
)  # fmt: skip
def test_a_type_that_does_not_describe_itself_does_not_pass(changes: dict[str, Any], fault: str):
    assert fault in faults(replace(REPEAT, **changes))


def test_a_config_without_a_docstring_leaves_the_help_empty():
    silent = replace(REPEAT, config=Undocumented, run=lambda config, inputs: Output(""), summary="")

    assert faults(silent, Example({})) == ("It has no help: its config's docstring is empty.",)


def test_every_field_says_its_kind():
    class Unkind(BaseModel):
        """A config that is made of nothing of ours."""

        model_config = ConfigDict(extra="forbid")
        text: str = ""

    unkind = replace(REPEAT, config=Unkind, run=lambda config, inputs: Output(""))

    assert faults(unkind, Example({})) == (
        "The config field 'text' has the x-kind None, not one of text, template, expression.",
    )


def test_a_config_whose_types_are_nowhere_is_told():
    namespace: dict[str, Any] = {"NodeConfig": NodeConfig, "__name__": "nowhere"}
    exec("class Lost(NodeConfig):\n    'Lost.'\n    text: 'Gone' = ''", namespace)
    (fault,) = faults(replace(REPEAT, config=namespace["Lost"], summary=""), Example({}))

    assert fault.startswith("It cannot describe itself: PydanticUserError: `Lost` is not fully defined")


def test_a_type_needs_an_example():
    with pytest.raises(UnfitNode, match="There is no example of it"):
        check_node(REPEAT)


def test_an_example_that_its_config_refuses_does_not_pass():
    assert faults(REPEAT, Example({"times": "x"})) == (
        "The example {'times': 'x'} is not taken: text: Field required",
    )


def test_a_config_takes_no_field_that_it_does_not_have():
    class Careless(RepeatConfig):
        """Takes anything."""

        model_config = ConfigDict(extra="ignore")

    assert faults(replace(REPEAT, config=Careless)) == (
        "Its config takes fields that it does not have, so a misspelt one goes unseen.",
    )


def test_a_config_fits_its_own_schema():
    class Lenient(RepeatConfig):
        """Takes what its schema does not tell of."""

        @field_validator("times", mode="before")
        @classmethod
        def _word(cls, value: object) -> object:
            return 2 if value == "twice" else value

    assert faults(replace(REPEAT, config=Lenient), Example({"text": "ha", "times": "twice"})) == (
        "The example {'text': 'ha', 'times': 'twice'} does not fit the config's own schema: times: 'twice' is not of type 'integer'.",
    )


def test_a_config_goes_round_without_loss():
    class Doubling(RepeatConfig):
        """Changes each time that it is read."""

        @field_validator("times")
        @classmethod
        def _double(cls, value: int) -> int:
            return value * 2

    assert faults(replace(REPEAT, config=Doubling), Example({"text": "ha"})) == (
        "What is read from {'text': 'ha'} is another config when it is given back.",
    )


OLD = {1: {"text": "ha", "count": 2}}


def renamed(config: dict[str, Any]) -> dict[str, Any]:
    return {"times" if name == "count" else name: value for name, value in config.items()}


def in_place(config: dict[str, Any]) -> dict[str, Any]:
    config["times"] = config.pop("count")
    return config


def test_a_type_with_a_migration_and_an_old_config_passes():
    check_node(replace(REPEAT, version=2, migrations={1: renamed}), TWICE, old=OLD)


@pytest.mark.parametrize(
    ("version", "migrations", "old", "fault"),
    [
        (2, {}, OLD, "Nothing brings a config from version 1 to 2."),
        (2, {1: renamed}, {}, "There is no old config of version 1 to prove its migration with."),
        (1, {1: renamed}, OLD, "There is a migration from version 1, but the present version is 1."),
        (2, {1: dict}, OLD, "The config of version 1 is not taken once it is migrated: count: Extra inputs are not permitted"),
        (2, {1: lambda config: config["gone"]}, OLD, "The config of version 1 cannot be migrated: KeyError: 'gone'"),
        (2, {1: in_place}, OLD, "The migration from version 1 changes the config that it is given; it must make a new one."),
    ],
)  # fmt: skip
def test_old_configs_are_brought_to_the_present(version: int, migrations: Any, old: Any, fault: str):
    assert faults(replace(REPEAT, version=version, migrations=migrations), old=old) == (fault,)


def test_an_output_that_is_not_as_the_example_says_does_not_pass():
    assert faults(REPEAT, Example({"text": "ha"}, output="ha")) == (
        "The example {'text': 'ha'} should give 'ha', but gives 'haha'.",
    )


def test_a_port_that_is_not_as_the_example_says_does_not_pass():
    assert faults(REPEAT, Example({"text": "ha"}, ports=("true",))) == (
        "It should give through ('true',), but does through ('out',).",
    )


def test_an_output_is_json():
    assert "On the example {'text': 'ha'} it gives what is no JSON: set is no JSON value." in faults(
        replace(REPEAT, run=lambda config, inputs: Output({1}))
    )


def test_a_node_gives_an_output():
    assert any(
        "it gives str, not Output or Wait" in one
        for one in faults(replace(REPEAT, run=lambda config, inputs: "text"))
    )


def test_an_example_that_should_fail_fails():
    assert faults(REPEAT, Example({"text": "ha"}, error="expression_error")) == (
        "The example {'text': 'ha'} should fail with expression_error, but gives 'haha'.",
    )
    assert faults(REPEAT, Example({"text": "{{ input.a }}"}, input={}, output="")) == (
        "The example {'text': '{{ input.a }}'} fails with expression_error: There is no 'a': the object is empty.",
    )


def test_errors_are_typed():
    def strict(config: RepeatConfig, inputs: Any) -> Output:
        return Output(inputs.value["text"])

    found = faults(replace(REPEAT, run=strict), Example({"text": "x"}, input={"text": "y"}))

    assert "When [] reaches it it raises TypeError (list indices must be integers or slices, not str), which is no WireloomError." in found  # fmt: skip


def test_what_is_pure_asks_nobody():
    async def timed(config: RepeatConfig, inputs: Any, services: Any) -> Output:
        return Output(services.clock.now())

    assert faults(calling(timed, "pure"), Example({"text": "ha"})) == ("It is pure, but asks clock.",)


def test_what_is_pure_gives_the_same_twice():
    numbers = itertools.count()

    assert faults(
        replace(REPEAT, run=lambda config, inputs: Output(next(numbers))), Example({"text": "x"})
    ) == ("It is pure, but does not give the same twice.",)


def test_what_only_reads_changes_nothing():
    async def post(config: RepeatConfig, inputs: Any, services: Any) -> Output:
        return Output((await services.http.send(HttpRequest("POST", "https://example.com"))).body)

    assert faults(calling(post), Example({"text": "ha"})) == (
        "It only reads, but sends POST; its effect is 'effect'.",
    )
    check_node(calling(post, "effect"), Example({"text": "ha"}))


async def ask(services: Any) -> Output:
    return Output((await services.http.send(HttpRequest("GET", "https://example.com"))).body)


def test_what_swallows_cancellation_does_not_pass():
    async def stubborn(config: RepeatConfig, inputs: Any, services: Any) -> Output:
        try:
            return await ask(services)
        except asyncio.CancelledError:
            return Output("anyway")

    assert faults(calling(stubborn), Example({"text": "ha"})) == (
        "It swallows CancelledError: a run that is cancelled would go on.",
    )


def test_what_does_not_stop_when_cancelled_does_not_pass():
    async def slow(config: RepeatConfig, inputs: Any, services: Any) -> Output:
        try:
            return await ask(services)
        finally:
            if services.asked and asyncio.current_task().cancelling():
                await asyncio.sleep(60)

    assert faults(calling(slow), Example({"text": "ha"})) == (
        "It goes on for more than 1 s after it was cancelled.",
    )


def test_what_hides_a_refusal_in_an_error_of_its_own_does_not_pass():
    async def vague(config: RepeatConfig, inputs: Any, services: Any) -> Output:
        try:
            return await ask(services)
        except StepError as error:
            raise ValueError("it did not work") from error

    assert faults(calling(vague), Example({"text": "ha"})) == (
        "When the outside refuses it raises ValueError (it did not work), which is no WireloomError.",
    )


def test_what_cancels_itself_does_not_pass():
    async def quitter(config: RepeatConfig, inputs: Any, services: Any) -> Output:
        raise asyncio.CancelledError

    assert any(
        "it raises CancelledError by itself" in one
        for one in faults(calling(quitter), Example({"text": "ha"}))
    )


def test_the_outside_says_what_the_example_says():
    class Asking(NodeConfig):
        """Ask a model a question twice."""

        about: ExpressionField = Field(title="About")

    async def twice(config: Asking, inputs: Any, services: Any) -> Output:
        from wireloom.engine.services import ChatRequest, Message

        asked = ChatRequest("", (Message("user", str(inputs.evaluate(config.about))),))
        return Output([(await services.llm.complete(asked)).text for _ in range(3)])

    node_type = replace(REPEAT, config=Asking, run=twice, flow="call", effect="read", summary="")
    check_node(node_type, Example({"about": "1"}, answers=Answers(llm=("a", "b")), output=["a", "b", "b"]))
