"""What an expression may ask for, and that asking for more is refused at once."""

from __future__ import annotations

import time

import pytest

from wireloom.graph.expressions import (
    ExpressionError,
    ExpressionLimit,
    ExpressionProblem,
    ExpressionTooLarge,
    InvalidExpression,
    UnknownName,
    compile_expression,
)

MEGABYTES = 10 * 1024 * 1024
#: Values of ten megabytes; s and t are equal and not the same.
BIG = {
    "input": {
        "s": "é" * (MEGABYTES // 2),
        "t": "".join(["é" * (MEGABYTES // 2 - 1), "é"]),
        "numbers": list(range(2_000_000)),
        "ten_thousand": list(range(10_000)),
        "json": "[" + "[]," * 300_000 + "0]",
        "a": "a" * 1_000_000,
    }
}
#: Huge margins: each takes milliseconds.
AT_ONCE_S = 2.0


def refused(source, scope=BIG):
    began = time.process_time()
    with pytest.raises(ExpressionProblem) as caught:
        compile_expression(source).evaluate(scope)
    assert time.process_time() - began < AT_ONCE_S
    return caught.value


DOUBLED = "[1]" + ".map(a, [a, a])" * 28


@pytest.mark.parametrize(
    "source",
    [
        # steps
        "input.ten_thousand.map(x, x + 1)", "input.ten_thousand.map(x, input.ten_thousand.exists(y, y < 0))",
        "input.numbers.filter(x, true)", "input.numbers == input.numbers", "input.ten_thousand.map(i, input.s == input.t)",
        "input.ten_thousand.map(i, input.s < input.t)", "input.ten_thousand.map(i, input.s in [input.t])",
        "input.ten_thousand.map(i, distinct(input.ten_thousand))", "sort(input.numbers)", "sum(input.numbers)",
        "input.ten_thousand.map(i, input.s.contains('x'))", "string(input.numbers)",
        # patterns: RE2 may read every instruction at every character
        "input.a.matches('(a?){500}a{500}b')", "input.ten_thousand.map(i, 'x'.matches('(a{100}){9}' + string(i)))",
        # text
        "input.s + input.t", "input.s.upper()", "input.ten_thousand.map(i, 'x' + input.a)", "input.s.replace('', 'abc')",
        "input.ten_thousand.filter(x, x < 100).map(x, input.s).join(input.s)", "input.s.trim()", "string(input.s)",
        "input.s.substring(0, 2000000)", "[input.s, input.t].join(', ')",
        # elements
        "input.s.split('')", "input.s.split('é')", "json(input.json)", "input.numbers + [1]",
        "input.ten_thousand.filter(x, x < 1000).map(x, input.ten_thousand).flatten()",
        # a list that is small in memory and endless as text
        DOUBLED, f"string({DOUBLED})", f"{DOUBLED} == {DOUBLED}", f"distinct({DOUBLED})",
        "[1]" + ".map(a, {'x': a, 'y': a})" * 28,
    ],
)  # fmt: skip
def test_what_asks_for_too_much_is_refused_at_once_with_its_place(source):
    problem = refused(source)

    assert type(problem) is ExpressionLimit
    assert problem.code == "expression_limit"
    assert problem.loc is None or 0 <= problem.loc.start < problem.loc.end <= len(source)


@pytest.mark.parametrize(
    "source",
    [
        "1 + " * 3000 + "1", "(" * 100_000, "[" * 100_000, "{" * 100_000, "!" * 100_000 + "true", "-" * 8000 + "1",
        "(" * 33 + "1" + ")" * 33, "[" * 40 + "]" * 40, "!" * 40 + "true", "a" * 9000, "'" + "é" * 5000 + "'",
        "input" + ".a" * 40, "input" + "[0]" * 40, "true ? 1 : " * 40 + "1", "f(" * 40 + ")" * 40,
        "input" + ".map(x, input" * 40 + ", x)" * 40,
    ],
)  # fmt: skip
def test_a_source_that_is_too_long_or_too_deep_is_refused_at_once(source):
    problem = refused(source)

    assert type(problem) is ExpressionTooLarge
    assert problem.code == "expression_limit"


def test_what_is_just_within_the_limits_passes():
    assert compile_expression("(" * 31 + "1" + ")" * 31).evaluate({}) == 1
    assert compile_expression("1" + "+1" * 4095).evaluate({}) == 4096
    assert compile_expression(" || ".join(["false"] * 800)).evaluate({}) is False
    assert compile_expression("input.map(x, x)").evaluate({"input": list(range(9_999))}) == list(range(9_999))
    assert len(compile_expression("input + input").evaluate({"input": "x" * 500_000})) == 1_000_000
    assert len(compile_expression("input + input").evaluate({"input": [0] * 50_000})) == 100_000


def test_a_limit_is_no_error_that_logic_absorbs():
    assert type(refused("input.numbers == input.numbers || true")) is ExpressionLimit


def test_values_nested_too_deep_are_refused():
    deep: list = []
    for _ in range(5000):
        deep = [deep]

    assert type(refused("input == input", {"input": deep})) is ExpressionLimit
    assert type(refused("string(input)", {"input": deep})) is ExpressionLimit


@pytest.mark.parametrize("value", [10**400, -(10**400)], ids=["huge", "tiny"])
@pytest.mark.parametrize(
    "source",
    ["input + 1", "input * 1.0", "double(input)", "int(input)", "round(input)", "abs(input)", "floor(input)", "-input",
     "sum([input])", "input % 7", "input / 7", "[1][input]"],
)  # fmt: skip
def test_numbers_beyond_64_bits_are_refused_not_crashed_on(source, value):
    try:
        compile_expression(source).evaluate({"input": value})
    except ExpressionProblem:
        pass


# -- nothing to be found


@pytest.mark.parametrize(
    "source",
    [
        "input.__class__", "input.__class__.__mro__", "''.__class__", "[].append", "input.keys", "(1).real", "input.items()",
        "input['__class__']", "input.a.__init__.__globals__", "'{0.__class__}'.format(input)",
    ],
)  # fmt: skip
def test_pythons_own_attributes_are_not_there(source):
    with pytest.raises(ExpressionProblem):
        compile_expression(source).evaluate({"input": {"a": "x"}})


@pytest.mark.parametrize(
    "source",
    ["__import__('os')", "eval('1')", "open('/etc/passwd')", "getattr(input, 'a')", "_Compiler", "ｉｎｐｕｔ", "ınput",
     "input.ａ", "lambda", "print(1)", "type", "self", "scope", "frame", "nodes2", "a; b", "`input`", "\\input"],
)  # fmt: skip
def test_names_that_are_no_roots_are_not_there_however_they_are_spelled(source):
    with pytest.raises(InvalidExpression):
        compile_expression(source)


def test_a_field_with_a_pythonic_name_is_only_data():
    assert compile_expression("input.__class__").evaluate({"input": {"__class__": "data"}}) == "data"


# -- errors with codes and places


@pytest.mark.parametrize(
    ("source", "kind", "place"),
    [
        ("1 + * 2", InvalidExpression, "*"), ("1 +", InvalidExpression, ""), ("1 @ 2", InvalidExpression, "@"),
        ("inptu.x", UnknownName, "inptu"), ("1 + f(2)", InvalidExpression, "f(2)"), ("size()", InvalidExpression, "size()"),
        ("'abc", InvalidExpression, "'abc"), ("'a\\q'", InvalidExpression, "\\q"), ("1 + 99999999999999999999", InvalidExpression, "99999999999999999999"),
        ("has(input)", InvalidExpression, "has(input)"), ("[1].map(1, 2)", InvalidExpression, "[1].map(1, 2)"),
        ("1 + input.b.c", ExpressionError, "input.b"), ("true || (1)", None, ""), ("'é' + 1", ExpressionError, "'é' + 1"),
        ("2 * (1 / 0)", ExpressionError, "1 / 0"), ("input.a[5]", ExpressionError, "input.a[5]"), ("!input.a", ExpressionError, "!input.a"),
    ],
)  # fmt: skip
def test_an_error_says_where(source, kind, place):
    if kind is None:
        assert compile_expression(source).evaluate({}) is True
        return
    with pytest.raises(ExpressionProblem) as caught:
        compile_expression(source).evaluate({"input": {"a": [1]}})

    assert type(caught.value) is kind
    loc = caught.value.loc
    assert source[loc.start : loc.end] == place


def test_a_missing_field_names_the_fields_there_are():
    with pytest.raises(ExpressionError, match=r"There is no 'topc', only topic, size."):
        compile_expression("input.topc").evaluate({"input": {"topic": 1, "size": 2}})


def test_a_root_without_a_value_is_an_error():
    with pytest.raises(ExpressionError, match="'item' has no value here"):
        compile_expression("item").evaluate({"input": 1})


def test_scopes_are_only_read():
    scope = {"input": {"l": [3, 1, 2]}}

    assert compile_expression("sort(input.l) + reverse(input.l) + input.l").evaluate(scope) == [
        1,
        2,
        3,
        2,
        1,
        3,
        3,
        1,
        2,
    ]
    assert scope == {"input": {"l": [3, 1, 2]}}
