"""Text with expressions in it, and all that only looks like one."""

from __future__ import annotations

import pytest

from wireloom.graph.expressions import ExpressionError, ExpressionLimit, InvalidExpression
from wireloom.graph.templates import compile_template

SCOPE = {
    "input": {
        "topic": "tides",
        "n": 3,
        "none": None,
        "o": {"b": [1, "é"]},
        "evil": "{{ input.topic }} {topic}",
    },
    "nodes": {"a": "first"},
}


def rendered(source, inputs=("topic", "n")):
    return compile_template(source, inputs).render(SCOPE)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("", ""),
        ("Write about {{ input.topic }}.", "Write about tides."),
        ("{{input.topic}}{{input.n}}", "tides3"),
        ("About {topic}, {n} times, {other}.", "About tides, 3 times, {other}."),
        ("<{{ input.none }}>", "<>"),
        ("{{ input.o }}", '{"b":[1,"é"]}'),
        ("{{ size(input.topic) + 1 }}", "6"),
        ("{{ has(input.topic) ? 'yes' : 'no' }}", "yes"),
        (r"\{{ input.topic }} \{{{{ input.topic }}", "{{ input.topic }} {{tides"),
        # values are data
        ("{{ input.evil }}", "{{ input.topic }} {topic}"),
        # JSON in prompts
        ('Answer {"a": {"b": {}}} or {{"a": 1}}.', 'Answer {"a": {"b": {}}} or {{"a": 1}}.'),
        ("{{ }} {{}} {{ 1 + 1 }} {{ topic }} {{{topic}}}", "{{ }} {{}} {{ 1 + 1 }} {{ topic }} {{tides}}"),
        ("function() {{ return 1; }}", "function() {{ return 1; }}"),
        ("{{ inptu.x }}", "{{ inptu.x }}"),
        # braces that belong to the expression
        ("{{ input.topic + '}}' }}", "tides}}"),
        ('{{ input.topic + "{{" }}', "tides{{"),
        ("{{ string({'a': {'b': {'c': 1}}}) }}", '{"a":{"b":{"c":1}}}'),
        ("{{ string({'a': '}'})}}", '{"a":"}"}'),
        ("{{ input.topic + r'\\' }}", "tides\\"),
        ("{{ input.topic + 'it\\'s }}' }}", "tidesit's }}"),
        ("{{ input.topic + '''a'b}}''' }}", "tidesa'b}}"),
        ("{{ input\n.topic\n}}", "tides"),
    ],
)
def test_a_template_gives(source, text):
    assert rendered(source) == text


@pytest.mark.parametrize(
    ("source", "places"),
    [
        ("a {{ input.topic }} {topic} {{ nodes.a }}", ["input.topic", "{topic}", "nodes.a"]),
        ("{topic}", ["{topic}"]),
        ("é🙂 {{ size(input.topic) + nodes.a.b }}", ["input.topic", "nodes.a.b"]),
    ],
)
def test_references_stand_where_they_are_written(source, places):
    references = compile_template(source, ("topic",)).references

    assert [source[one.loc.start : one.loc.end] for one in references] == places


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("{{ inptu.x }} and {{ node.a.b }}", ["inptu", "node"]),
        ("{{ input.x }} {{ name }} {{ a b.c }} {{ 1.x }} {{ x.y", []),
        ('{"a": {{"b.c": 1}}}', []),
        (r"\{{ inptu.x }}", []),
    ],
)
def test_what_looks_like_a_slip_of_the_pen_is_suspected(source, names):
    suspicions = compile_template(source).suspicions

    assert [one.name for one in suspicions] == names
    assert [source[one.loc.start : one.loc.end] for one in suspicions] == names


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("a {{ input.topic", "{{ input.topic"),
        ("a {{ input.topic }", "{{ input.topic }"),
        ("a {{ input.x + 'open }} b", "{{ input.x + 'open }} b"),
        ("a {{ input.x + }} b", ""),
        ("a {{ input.x @ 1 }}", "@"),
        ("a {{ size() }}", "size()"),
        ("a {{ input.x + y }}", "y"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_in_the_template(source, place):
    with pytest.raises(InvalidExpression) as caught:
        compile_template(source)

    assert source[caught.value.loc.start : caught.value.loc.end] == place


@pytest.mark.parametrize(("source", "place"), [("ab {{ input.x }}", "input.x"), ("ab {x}", "{x}")])
def test_what_goes_wrong_while_it_renders_is_told_with_its_place_in_the_template(source, place):
    with pytest.raises(ExpressionError) as caught:
        compile_template(source, ("x",)).render(SCOPE)

    loc = caught.value.loc
    assert source[loc.start : loc.end] == place


def test_more_than_25_mib_is_refused_before_it_is_made():
    template = compile_template("{{ input.o }}" * 100)

    with pytest.raises(ExpressionLimit):
        template.render({"input": {"o": ["x" * 1_000_000]}})


def test_a_value_nested_too_deep_is_refused():
    deep: list = []
    for _ in range(5000):
        deep = [deep]

    with pytest.raises(ExpressionLimit):
        compile_template("{{ input }}").render({"input": deep})


@pytest.mark.parametrize(
    "source", ["{" * 1_000_000, "{{ input.x" * 100_000, "{{ input.x + {" * 10_000, "'{{ \"" * 200_000]
)
def test_a_million_braces_take_no_time(source):
    try:
        compile_template(source)
    except InvalidExpression:
        pass
