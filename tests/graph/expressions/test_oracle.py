"""Ours beside Google's evaluator: the same value, or an error from both.

What values.py says is ours alone is not generated: numbers of both kinds in
one operation, results beyond JSON, keys that are no text.
"""

from __future__ import annotations

from typing import Any

import pytest
from cel_expr_python import cel
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wireloom.graph.expressions import ExpressionProblem, compile_expression

THEIRS = cel.NewEnv(variables={"input": cel.Type.DYN})
ERROR = "error"


def theirs(source: str, value: Any) -> Any:
    try:
        result = THEIRS.compile(source, disable_check=True).eval(data={"input": value})
    except RuntimeError:
        return ERROR
    return ERROR if str(result.type()) == "ERROR" else plain(result.value())


def plain(value: Any) -> Any:
    """Their values all the way down, and types that tell 1 from 1.0 and true."""
    value = value.value() if hasattr(value, "value") else value
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    return (type(value).__name__, value)


def ours(source: str, value: Any) -> Any:
    try:
        return plain(compile_expression(source).evaluate({"input": value}))
    except ExpressionProblem:
        return ERROR


# -- what is generated

INTS = st.one_of(
    st.integers(-3, 3), st.sampled_from([2**63 - 1, -(2**63), 2**62, -(2**62), 2**31, 10**18, 7, 10])
)
FLOATS = st.sampled_from([0.0, 0.5, -0.5, 1.0, 1.5, -2.25, 3.0, 1e3, 1e-3])
#: Without NUL, at which their Python binding cuts texts off.
CHARACTERS = "ab \n\t'\"\\`{}é漢🙂?%$"
TEXTS = st.text(CHARACTERS, max_size=4)
ESCAPES = {"\n": "\\n", "\t": "\\t", "\\": "\\\\", "'": "\\'", '"': '\\"', "`": "\\`", "?": "\\?"}


@st.composite
def text_literals(draw: Any) -> str:
    text = draw(TEXTS)
    if draw(st.booleans()) and not set(text) & set("\n'\"\\"):
        return draw(st.sampled_from(["r'{}'", 'R"{}"', "r'''{}'''", '"""{}"""'])).format(text)
    ways = st.sampled_from(["plain", "u", "U", "octal", "x"])
    return '"' + "".join(_spelled(one, draw(ways)) for one in text) + '"'


def _spelled(character: str, way: str) -> str:
    code = ord(character)
    if way == "u" and code <= 0xFFFF:
        return f"\\u{code:04x}"
    if way == "U":
        return f"\\U{code:08X}"
    if way == "octal" and code < 0o400:
        return f"\\{code:03o}"
    if way == "x" and code < 0x100:
        return f"\\x{code:02x}"
    return ESCAPES.get(character, character)


VARIABLES = st.sampled_from(["x", "y", "e1"])


@st.composite
def sources(draw: Any, depth: int = 4, *, floats: bool = False, names: tuple[str, ...] = ()) -> str:
    def inner(*more: str) -> str:
        return draw(sources(depth - 1, floats=floats, names=(*names, *more)))

    def binary(*operators: str) -> str:
        return f"({inner()} {draw(st.sampled_from(operators))} {inner()})"

    def macro() -> str:
        kind, variable = (
            draw(st.sampled_from(["map", "filter", "exists", "all", "exists_one"])),
            draw(VARIABLES),
        )
        base = draw(st.sampled_from(["input.l", f"[{inner()}, {inner()}]", "input.m", inner()]))
        if kind == "map" and draw(st.booleans()):
            return f"{base}.map({variable}, {inner(variable)}, {inner(variable)})"
        return f"{base}.{kind}({variable}, {inner(variable)})"

    def leaf() -> str:
        roots = [
            "input.a",
            "input.b",
            "input.s",
            "input.l",
            "input.m",
            "input.n",
            "input.missing",
            "null",
            *names,
        ]
        number = draw(FLOATS) if floats else draw(INTS)
        literal = f"({number!r})" if number < 0 else repr(number)
        return draw(st.sampled_from([literal, "true", "false", draw(text_literals()), *roots]))

    if depth == 0 or draw(st.integers(0, 5)) == 0:
        return leaf()
    counting = (
        []
        if floats
        else [
            lambda: f"size({inner()})",
            lambda: f"{inner()}.size()",
            lambda: f"int({inner()})",
            lambda: f"string({draw(st.sampled_from(['input.n', 'input.s', 'size(input.l)', 'true']))})",
            lambda: binary("/", "%", "*"),
        ]
    )
    ways = [
        lambda: binary("+", "-", "*"),
        lambda: binary("==", "!=", "<", "<=", ">", ">="),
        lambda: binary("in"),
        lambda: binary("&&", "||"),
        lambda: f"({inner()} ? {inner()} : {inner()})",
        lambda: f"!({inner()})",
        lambda: f"-({inner()})",
        lambda: f"[{inner()}, {inner()}]",
        lambda: f"{{{draw(text_literals())}: {inner()}}}",
        lambda: f"{inner()}[{inner()}]",
        lambda: f"{inner()}.k",
        lambda: f"has({draw(st.sampled_from(['input', 'input.m', inner()]))}.k)",
        lambda: f"{inner()}.{draw(st.sampled_from(['contains', 'startsWith', 'endsWith']))}({inner()})",
        macro,
        *counting,
    ]  # fmt: skip
    return draw(st.sampled_from(ways))()


def inputs(numbers: Any) -> Any:
    scalars = st.one_of(numbers, TEXTS, st.booleans(), st.none())
    values = st.one_of(scalars, st.lists(scalars, max_size=3))
    return st.fixed_dictionaries(
        {
            "a": values,
            "b": values,
            "s": TEXTS,
            "n": numbers,
            "l": st.lists(values, max_size=3),
            "m": st.dictionaries(st.just("k"), values, max_size=1),
        }
    )


@settings(max_examples=1200, derandomize=True, deadline=None, database=None)
@given(sources(), inputs(INTS))
@example("input.a % input.b", {"a": -(2**63), "b": -1})
@example("input.a / input.b", {"a": -(2**63), "b": -1})
@example("input.a / input.b", {"a": -7, "b": 2})
@example("input.a % input.b", {"a": -7, "b": 2})
def test_whole_numbers_and_all_else_give_what_google_gives(source: str, value: Any) -> None:
    assert ours(source, value) == theirs(source, value), f"{source}  with  {value}"


@settings(max_examples=500, derandomize=True, deadline=None, database=None)
@given(sources(floats=True), inputs(FLOATS))
def test_numbers_with_a_fraction_give_what_google_gives(source: str, value: Any) -> None:
    assert ours(source, value) == theirs(source, value), f"{source}  with  {value}"


@settings(max_examples=1500, derandomize=True, deadline=None, database=None)
@given(st.text("1.5exXaA09+-*/%()[]{},:?!&|<>='\"\\ rint.", max_size=12))
def test_what_google_cannot_read_neither_can_we(source: str) -> None:
    """Not the other way about: theirs reads bytes, unsigned numbers and `dyn`, which JSON has not."""
    if theirs(source, {}) == ERROR:
        assert ours(source, {}) == ERROR or _is_ours_alone(source), source


def _is_ours_alone(source: str) -> bool:
    return any(sign in source for sign in ("+", "-", "*", "/"))  # numbers of both kinds in one operation


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # CEL's conformance suite, by example: arithmetic
        ("7 / 2", 3), ("-7 / 2", -3), ("-7 % 2", -1), ("7 % -2", 1), ("1 - 2 - 3", -4), ("2 + 3 * 4", 14),
        ("9223372036854775807", 2**63 - 1), ("-9223372036854775808", -(2**63)), ("0x1F", 31), ("-0xA", -10),
        # strings
        ("'\\u00e9' == 'é'", True), (r"'\x41\101\U00000041'", "AAA"), (r"r'\n'.size()", 2), ("'''a'b'''", "a'b"),
        ("'a\\nb'", "a\nb"), ("'🙂é'.size()", 2), ("'b' > 'a'", True), ("'abc'.contains('')", True),
        # logic absorbs errors
        ("false && 1 / 0 == 1", False), ("1 / 0 == 1 && false", False), ("true || input.x", True),
        ("[0, 1].exists(x, 1 / x == 1)", True), ("[0, 1].all(x, 1 / x == 2)", False),
        # equality is deep and by type
        ("1 == 1.0", True), ("[1, {'a': 2}] == [1.0, {'a': 2.0}]", True), ("1 == true", False), ("'1' == 1", False),
        ("null == null", True), ("1 in [2, 1.0]", True), ("'a' in {'a': null}", True), ("1 in {'1': 1}", False),
        # macros
        ("[1, 2, 3].map(x, x > 1, x * 2)", [4, 6]), ("[[1], [2]].map(x, x.map(y, y + 1))", [[2], [3]]),
        ("[1].map(input, input + 1)", [2]), ("{'a': 1}.map(k, k)", ["a"]), ("[1, 1].exists_one(x, x == 1)", False),
        ("has({'a': null}.a)", True), ("has({}.a)", False), ("[1, 2,]", [1, 2]), ("{'a': 1,}", {"a": 1}),
        # ternaries join from the right, relations from the left
        ("false ? 1 : false ? 2 : 3", 3), ("1 < 2 == true", True), ("[1, 2][1.0]", 2),
    ],
)  # fmt: skip
def test_conformance_by_hand(source: str, expected: Any) -> None:
    assert ours(source, {}) == theirs(source, {}) == plain(expected)


@pytest.mark.parametrize(
    "source",
    [
        "9223372036854775807 + 1", "-9223372036854775808 - 1", "9223372036854775807 * 2", "-(-9223372036854775808)",
        "-9223372036854775808 / -1", "-9223372036854775808 % -1", "9223372036854775808", "1 / 0", "1 % 0", "1 + 'a'",
        "[1][-1]", "[1][1]", "[1]['0']", "{'a': 1}.b", "{'a': 1, 'a': 2}", "'a' < 1", "null < null", "true ? 1", "1 ? 2 : 3",
        "1 && true", "!1", "-'a'", "-true", "'abc'[0]", "size(1)", "has(1.a)", "[1].all(x, x)", "1.5 % 2.0",
        "'\\ud83d'", "'\\q'", "'\\400'", "'a\nb'", "'a\rb'", "'a", "'''a''", "1 2", "1x", "int('1_0')", "int('٣')", "٣",
        "int('')", "int('1.5')", "'a'.matches('(')", "'a'.matches('(?=a)')", "input..a", "if", "[1].map(1, 2)", "[1].map(x)",
        "a", "f(1)", "1 = 1", "(1", "[1", "{'a' 1}", "1 ? 2 3", "&& true", "true &&", "@", "#", "",
    ],
)  # fmt: skip
def test_errors_by_hand(source: str) -> None:
    assert (ours(source, {}), theirs(source, {})) == (ERROR, ERROR)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 0.5", 1.5), ("3 / 2.0", 1.5), ("2 * 0.5", 1.0),
        ("1.0 / 0.0", ERROR), ("-1.0 / 0.0", ERROR), ("1e308 * 10.0", ERROR), ("1e999", ERROR), ("{1: 2}", ERROR),
        ("string(1.0)", "1.0"), ("string([1, null])", "[1,null]"), ("string(null)", ""), ("!!5", ERROR), ("[,]", ERROR),
        ("double('inf')", ERROR), ("double('nan')", ERROR),
    ],
)  # fmt: skip
def test_what_is_ours_alone(source: str, expected: Any) -> None:
    assert ours(source, {}) == (expected if expected == ERROR else plain(expected))
    assert ours(source, {}) != theirs(source, {})
