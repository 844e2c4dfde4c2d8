"""Each function by its use; and what a source reads, known beforehand."""

from __future__ import annotations

import pytest

from wireloom.graph.expressions import ExpressionError, compile_expression
from wireloom.graph.expressions.functions import FUNCTIONS

USES = {
    "size": ("size('é🙂') + size([1]) + size({'a': 1})", 4),
    "type": ("[null, true, 1, 1.5, 'a', [], {}].map(x, type(x))",
             ["null", "boolean", "number", "number", "text", "list", "object"]),
    "default": ("[default(null, 1), default(0, 1)]", [1, 0]),
    "string": ("string({'a': [1, null, 'é']})", '{"a":[1,null,"é"]}'),
    "json": ("json('{\"a\": [1, 2.5]}')", {"a": [1, 2.5]}),
    "int": ("[int(1.9), int(-1.9), int('12'), int(3)]", [1, -1, 12, 3]),
    "double": ("[double(1), double('1.5'), double('1e3'), double('.5')]", [1.0, 1.5, 1000.0, 0.5]),
    "bool": ("[bool('true'), bool('false'), bool(true)]", [True, False, True]),
    "abs": ("[abs(-2), abs(-1.5)]", [2, 1.5]),
    "floor": ("[floor(1.5), floor(-1.5), floor(2)]", [1, -2, 2]),
    "ceil": ("[ceil(1.5), ceil(-1.5)]", [2, -1]),
    "round": ("[round(2.5), round(-2.5), round(2.675, 2), round(7), round(1e308, 5)]", [3, -3, 2.68, 7, 1e308]),
    "contains": ("contains('abc', 'b')", True),
    "startsWith": ("'abc'.startsWith('ab')", True),
    "endsWith": ("'abc'.endsWith('bc')", True),
    "lower": ("'ÀB'.lower()", "àb"),
    "upper": ("'àb'.upper()", "ÀB"),
    "trim": ("'  a '.trim()", "a"),
    "split": ("['a,b'.split(','), 'ab'.split('')]", [["a", "b"], ["a", "b"]]),
    "join": ("[['a', 'b'].join(', '), ['a', 'b'].join(), [].join('x')]", ["a, b", "ab", ""]),
    "replace": ("'aXbX'.replace('X', '--')", "a--b--"),
    "substring": ("['abcd'.substring(1), 'abcd'.substring(1, 3)]", ["bcd", "bc"]),
    "indexOf": ("['abc'.indexOf('c'), 'abc'.indexOf('x')]", [2, -1]),
    "matches": ("['a1'.matches('^[a-z][0-9]$'), 'é'.matches('^.$')]", [True, True]),
    "keys": ("keys({'a': 1, 'b': 2})", ["a", "b"]),
    "values": ("values({'a': 1, 'b': 2})", [1, 2]),
    "min": ("min([2, 1.5, 3])", 1.5),
    "max": ("max(['a', 'c', 'b'])", "c"),
    "sum": ("[sum([1, 2, 3]), sum([])]", [6, 0]),
    "sort": ("[sort([3, 1.5, 2]), sort(['b', 'a'])]", [[1.5, 2, 3], ["a", "b"]]),
    "reverse": ("[reverse([1, 2]), reverse('ab')]", [[2, 1], "ba"]),
    "flatten": ("flatten([1, [2, [3]], []])", [1, 2, [3]]),
    "distinct": ("distinct([1, 1.0, true, '1', [1], [1.0], {'a': 1}, {'a': 1.0}, null, false, 0])",
                 [1, True, "1", [1], {"a": 1}, None, False, 0]),
}  # fmt: skip


def test_every_function_has_a_use_here_and_a_line_of_help():
    assert USES.keys() == FUNCTIONS.keys()
    assert all(function.help for function in FUNCTIONS.values())


@pytest.mark.parametrize("name", USES)
def test_a_function_gives(name):
    source, expected = USES[name]

    value = compile_expression(source).evaluate({})

    assert repr(value) == repr(expected)


@pytest.mark.parametrize(
    "source",
    ["size(1)", "json('{')", "json('NaN')", "int('a')", "int('1_0')", "double('1_0')", "bool('yes')", "abs('a')",
     "round(1, 16)", "contains('a', 1)", "join([1])", "substring('abc', 2, 1)", "substring('abc', 0, 9)", "'a'.matches('(')",
     "'a'.matches('(?<=a)')", "keys([])", "min([])", "min([1, 'a'])", "sum(['a'])", "sort([1, 'a'])", "reverse(1)", "lower(null)"],
)  # fmt: skip
def test_what_does_not_fit_is_an_error(source):
    with pytest.raises(ExpressionError) as caught:
        compile_expression(source).evaluate({})

    assert (caught.value.code, caught.value.loc.start) == ("expression_error", 0)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("nodes.a.b[0].c + input['x y']", [("nodes", ("a", "b")), ("input", ("x y",))]),
        ("nodes['a'].b", [("nodes", ("a", "b"))]),
        ("has(nodes.a.b)", [("nodes", ("a", "b"))]),
        ("input.xs.map(x, x.y + nodes.b)", [("input", ("xs",)), ("nodes", ("b",))]),
        ("[1].map(input, input.x)", []),
        ("nodes[input.which]", [("nodes", ()), ("input", ("which",))]),
        ("vars.a ? vars.b : vars.c", [("vars", ("a",)), ("vars", ("b",)), ("vars", ("c",))]),
    ],
)
def test_what_an_expression_reads_is_known_before_it_runs(source, expected):
    assert sorted((one.root, one.path) for one in compile_expression(source).references) == sorted(expected)
