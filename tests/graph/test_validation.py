"""Everything that can be wrong with a document, each with its node, its field and its place."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wireloom.graph.config import NodeConfig
from wireloom.graph.document import Document, parse
from wireloom.graph.node_type import Catalogue, NodeType, Port
from wireloom.graph.problems import DocumentProblems, InvalidWorkflow, MalformedDocument, TooManyNodes
from wireloom.graph.validation import validate
from wireloom.nodes import catalogue


def node(name, kind="output", **config):
    return {"id": name, "type": kind, "config": config}


def edge(source, target, **more):
    return {"source": source, "target": target, **more}


def checked(document, types=None):
    return validate(parse(document), types or catalogue())


def told(problems):
    return [(one.code, one.node, one.field) for one in problems]


NUMBERS = NodeType(
    name="numbers", version=1, group="data", label="Numbers", icon="x", config=NodeConfig, run=lambda: None,
    inputs=(Port("in", "number"),), outputs=(Port("out", "number"),),
)  # fmt: skip
TWO_NODES = [node("a"), node("b")]


@pytest.mark.parametrize(
    ("document", "problems"),
    [
        ({}, [("empty_graph", None, "nodes")]),
        ({"nodes": [node("a", "nonsense")]}, [("unknown_type", "a", "type")]),
        ({"nodes": [{**node("a"), "v": 9}]}, [("unknown_type", "a", "v")]),
        ({"nodes": [node("a")], "edges": [edge("a", "x")]}, [("unknown_node", None, "edges.0")]),
        ({"nodes": [node("a")], "edges": [edge("x", "y")]}, [("unknown_node", None, "edges.0")] * 2),
        ({"nodes": TWO_NODES, "edges": [edge("a", "b", source_port="no")]}, [("unknown_port", "a", "edges.0.source_port")]),
        ({"nodes": TWO_NODES, "edges": [edge("a", "b", target_port="no")]}, [("unknown_port", "b", "edges.0.target_port")]),
        ({"nodes": [node("a"), node("b", "input")], "edges": [edge("a", "b")]}, [("unknown_port", "b", "edges.0.target_port")]),
        ({"nodes": [node("a"), node("a")]}, [("duplicate_id", "a", "id")]),
        ({"nodes": TWO_NODES, "edges": [edge("a", "b")] * 2}, [("duplicate_edge", "b", "edges.1")]),
        ({"nodes": [node("a")], "edges": [edge("a", "a")]}, [("self_loop", "a", "edges.0")]),
        ({"nodes": TWO_NODES, "edges": [edge("a", "b"), edge("b", "a")]}, [("cycle", "a", None), ("cycle", "b", None)]),
        (
            {"nodes": [*TWO_NODES, node("c"), node("d")], "edges": [edge("a", "b"), edge("b", "a"), edge("b", "c"), edge("d", "a")]},
            [("cycle", "a", None), ("cycle", "b", None), ("unreachable", "c", None)],
        ),
        ({"nodes": [node("a", "agent")]}, [("missing_config", "a", "prompt")]),
        ({"nodes": [node("a", "condition")]}, [("missing_config", "a", "expression")]),
        ({"nodes": [node("a", "delay")]}, [("missing_config", "a", "duration_s")]),
        ({"nodes": [node("a", "transform")]}, [("missing_config", "a", "expression")]),
        ({"nodes": [node("a", "transform", expression="1", template="x")]}, [("invalid_config", "a", "template")]),
        ({"nodes": [node("a", "delay", duration_s=-1)]}, [("invalid_config", "a", "duration_s")]),
        ({"nodes": [node("a", "agent", prompt="x", temperature=9)]}, [("invalid_config", "a", "temperature")]),
        ({"nodes": [node("a", "agent", prompt="x", nonsense=1)]}, [("invalid_config", "a", "nonsense")]),
        ({"nodes": [node("a", "agent", prompt=5)]}, [("invalid_config", "a", "prompt")]),
        ({"nodes": [node("a", "join", mode="last")]}, [("invalid_config", "a", "mode")]),
        ({"nodes": [node("a", "join", mode="collect")]}, [("unlinked_join", "a", None)]),
        ({"nodes": [node("A-1")]}, [("invalid_config", "A-1", "id")]),
        ({"nodes": [node("a\n")]}, [("invalid_config", "a\n", "id")]),
        ({"nodes": [node("a")], "inputs": {"type": "nonsense"}}, [("invalid_config", None, "inputs")]),
        ({"nodes": [node("a")], "inputs": {"$ref": "#"}}, [("invalid_config", None, "inputs")]),
        ({"nodes": [node("a")], "inputs": {"properties": {"x": {"pattern": "("}}}}, [("invalid_config", None, "inputs")]),
        ({"nodes": [node("a")], "inputs": {"patternProperties": {"(a+)+$": {}}}}, [("invalid_config", None, "inputs")]),
        ({"nodes": [node("a", value="nodes.b")]}, [("unknown_reference", "a", "value")]),
        ({"nodes": [node("a", value="nodes.b"), node("b")]}, [("unknown_reference", "a", "value")]),
        ({"nodes": [node("a", value="nodes.a")]}, [("unknown_reference", "a", "value")]),
        ({"nodes": [node("a", value="inptu.x")]}, [("unknown_reference", "a", "value")]),
        ({"nodes": [node("a", value="vars.x")]}, [("unknown_reference", "a", "value")]),
        ({"nodes": [node("a", value="item")]}, [("unknown_reference", "a", "value")]),
        ({"nodes": [node("a", value="iteration + index")]}, [("unknown_reference", "a", "value")] * 2),
        ({"nodes": [node("a", value="1 +")]}, [("invalid_expression", "a", "value")]),
        ({"nodes": [node("a", value="(" * 100_000)]}, [("invalid_expression", "a", "value")]),
        ({"nodes": [node("a", "agent", prompt="{{ input.x")]}, [("invalid_expression", "a", "prompt")]),
        (
            {"nodes": [node("a", "condition", cases=[{"name": "x", "expression": "true"}, {"name": "y", "expression": "1 +"}])]},
            [("invalid_expression", "a", "cases.1.expression")],
        ),
        ({"nodes": [node("a", "condition", cases=[{"name": "x", "expression": "true"}] * 2)]}, [("invalid_config", "a", "cases")]),
        ({"nodes": [node("a", "condition", cases=[{"name": "default", "expression": "true"}])]}, [("invalid_config", "a", "cases")]),
        (
            {"nodes": TWO_NODES, "edges": [edge("a", "b"), edge("b", "a", loop={})]},
            [("loop_unbounded", "a", "edges.1.loop.max_iterations")],
        ),
        ({"nodes": [node("a", "transform", fields={"x": "1 +"})]}, [("invalid_expression", "a", "fields.x")]),
    ],
)  # fmt: skip
def test_each_problem_is_told_with_its_node_and_field(document, problems):
    assert told(checked(document).errors) == problems


def test_a_port_that_takes_numbers_takes_no_text():
    types = Catalogue((*catalogue().values(), NUMBERS))
    report = checked(
        {
            "nodes": [node("a", "agent", prompt="x"), node("n", "numbers"), node("b")],
            "edges": [edge("a", "n"), edge("n", "b")],
        },
        types,
    )

    assert told(report.errors) == [("incompatible_types", "n", "edges.0")]


def test_all_problems_are_told_at_once():
    report = checked(
        {
            "inputs": {"type": 5},
            "nodes": [
                node("a", "nope"),
                node("a"),
                node("b", value="1 +"),
                node("c", value="nodes.x"),
                node("d", "agent"),
            ],
            "edges": [edge("b", "zz"), edge("b", "b")],
        }
    )

    assert {one.code for one in report.errors} == {
        "invalid_config", "unknown_type", "duplicate_id", "invalid_expression", "unknown_reference", "missing_config",
        "unknown_node", "self_loop",
    }  # fmt: skip
    with pytest.raises(InvalidWorkflow) as caught:
        report.raise_if_invalid()
    assert caught.value.problems == report.errors


@pytest.mark.parametrize(
    ("kind", "field", "source", "place"),
    [
        ("output", "value", "1 + nodes.zz.x", "nodes.zz.x"),
        ("output", "value", "1 + inptu.x", "inptu"),
        ("output", "value", "1 + @", "@"),
        ("agent", "prompt", "Hi {{ nodes.zz.x }}!", "nodes.zz.x"),
        ("agent", "prompt", "Hi {{ input.x + }}!", ""),
    ],
)
def test_an_expressions_problem_says_where_in_the_field_it_is(kind, field, source, place):
    (problem,) = checked({"nodes": [node("a", kind, **{field: source})]}).errors

    assert source[problem.loc.start : problem.loc.end] == place
    assert problem.to_json()["loc"] == {"start": problem.loc.start, "end": problem.loc.end}


def test_warnings_keep_nothing_from_running():
    document = {
        "inputs": {"properties": {"topic": {}}},
        "nodes": [node("a", "agent", prompt="{{ inptu.x }} {{ input.topc }}"), node("b")],
        "edges": [edge("a", "b"), edge("a", "b", source_port="error")],
    }
    report = checked(document)

    assert (report.valid, told(report.warnings)) == (
        True,
        [
            ("unreachable", "b", "edges.1"),
            ("unknown_reference", "a", "prompt"),
            ("unknown_reference", "a", "prompt"),
        ],
    )


def test_behind_a_cycle_no_one_is_blamed_for_what_they_read():
    document = {
        "nodes": [node("z"), node("a"), node("b"), node("c", value="nodes.z")],
        "edges": [edge("z", "a"), edge("a", "b"), edge("b", "a"), edge("b", "c")],
    }

    assert {one.code for one in checked(document).errors} == {"cycle", "unreachable"}


# -- shape


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (None, None), ([], None), ("x", None), (1, None), ({"nodes": 5}, "nodes"), ({"nonsense": 1}, "nonsense"),
        ({"schema": 2}, "schema"), ({"nodes": [{"id": "a"}]}, "nodes.0.type"), ({"nodes": [{"id": 5, "type": "x"}]}, "nodes.0.id"),
        ({"nodes": [{**node("a"), "position": {"x": "left"}}]}, "nodes.0.position.x"),
        ({"nodes": [{**node("a"), "policy": {"max_attempts": 0}}]}, "nodes.0.policy.max_attempts"),
        ({"nodes": [{**node("a"), "policy": {"on_error": "explode"}}]}, "nodes.0.policy.on_error"),
        ({"settings": {"timeout_s": -1}}, "settings.timeout_s"), ({"edges": [{"source": "a"}]}, "edges.0.target"),
        ({"nodes": [node("a", x=float("nan"))]}, None), ({"nodes": [node("a", x=float("inf"))]}, None),
        ({"nodes": [node("a", x={1})]}, None), ({"nodes": [node("a", x={1: 2})]}, None), ({"nodes": [node("a", x=10**5000)]}, None),
    ],
)  # fmt: skip
def test_a_document_of_another_shape_is_malformed(data, field):
    with pytest.raises(MalformedDocument) as caught:
        parse(data)

    assert [(one.code, one.field) for one in caught.value.problems] == [("malformed", field)]


def test_malformed_is_told_in_the_words_of_json():
    with pytest.raises(MalformedDocument) as caught:
        parse({"nodes": {}, "inputs": [], "settings": 1, "colour": "red", "edges": [{"source": "a"}]})

    assert sorted(one.message for one in caught.value.problems) == [
        "colour: There is no such field.",
        "edges.0.target: This is required.",
        "inputs: This must be an object.",
        "nodes: This must be a list.",
        "settings: This must be an object.",
    ]


def test_a_document_nested_a_hundred_thousand_deep_is_malformed():
    deep: list = []
    for _ in range(100_000):
        deep = [deep]

    with pytest.raises(MalformedDocument):
        parse({"nodes": [node("a", x=deep)]})
    while deep:  # or its own end would overflow the stack
        deep = deep.pop()


def test_more_than_twenty_thousand_nodes_are_too_many():
    with pytest.raises(TooManyNodes) as caught:
        parse({"nodes": [node(f"n{i}") for i in range(20_001)]})

    assert told(caught.value.problems) == [("too_many_nodes", None, "nodes")]


FULL = {
    "schema": 1,
    "inputs": {"type": "object", "properties": {"topic": {"type": "string"}}},
    "nodes": [
        {"id": "a", "type": "agent", "label": "A é", "position": {"x": 1.5, "y": -2}, "config": {"prompt": "{topic}"}, "v": 1,
         "policy": {"timeout_s": 5, "max_attempts": 2, "on_error": "continue", "default": {"x": [None]}, "on_interrupt": "ask"}},
        {"id": "b", "type": "unknown.kind", "config": {"what": ["ever"]}},
    ],
    "edges": [{"source": "a", "target": "b", "source_port": "error", "context": False, "loop": {"max_iterations": 3}}],
    "settings": {"timeout_s": 60, "max_concurrency": 2, "max_cost_usd": 0.5, "default_model": "x/y", "variables": {"n": 1}},
    "notes": [{"id": "n1", "text": "hello", "position": {"x": 0, "y": 0}, "width": 10, "height": 20}],
}  # fmt: skip


def test_a_document_goes_round_and_its_hash_is_of_its_content():
    document = parse(FULL)

    again = parse(document.to_json())

    assert (again, again.content_hash) == (document, document.content_hash)
    assert parse({**FULL, "notes": []}).content_hash != document.content_hash
    assert parse(dict(reversed(FULL.items()))).content_hash == document.content_hash


# -- size


def of_size(size, edges):
    return {"nodes": [node(f"n{i}", "transform", expression="input") for i in range(size)], "edges": edges}


SHAPES = {
    "chain": lambda size: [edge(f"n{i}", f"n{i + 1}") for i in range(size - 1)],
    "wide": lambda size: [
        one for i in range(1, size - 1) for one in (edge("n0", f"n{i}"), edge(f"n{i}", f"n{size - 1}"))
    ],
    "cycle": lambda size: [edge(f"n{i}", f"n{(i + 1) % size}") for i in range(size)],
}


@pytest.mark.parametrize("size", [10_000, 20_000])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_document_of_many_nodes_is_judged_in_seconds(shape, size):
    began = time.process_time()
    report = checked(of_size(size, SHAPES[shape](size)))

    assert {one.code for one in report.errors} == ({"cycle"} if shape == "cycle" else set())
    assert len(report.errors) == (size if shape == "cycle" else 0)
    assert time.process_time() - began < 10


def test_ten_thousand_nodes_that_read_their_ancestors_are_judged_in_seconds():
    size = 10_000
    document = of_size(size, SHAPES["chain"](size))
    for i in range(1, size):
        document["nodes"][i]["config"] = {"expression": f"nodes.n{i // 2}"}

    began = time.process_time()
    assert checked(document).valid
    assert time.process_time() - began < 10


def test_many_edges_out_of_a_node_with_many_ports_are_judged_in_seconds():
    cases = [{"name": f"p{i}", "expression": "true"} for i in range(100)]
    nodes = [node("c", "condition", cases=cases), *(node(f"n{i}") for i in range(10_000))]
    edges = [edge("c", f"n{i}", source_port=f"p{i % 101}") for i in range(10_000)]

    began = time.process_time()
    assert {one.code for one in checked({"nodes": nodes, "edges": edges}).errors} == {"unknown_port"}
    assert time.process_time() - began < 5


# -- versions of node types


class Greeting(NodeConfig):
    """Says hello."""

    words: str


def test_the_config_of_an_older_version_is_brought_up_to_the_present():
    kind = NodeType(
        name="greet", version=3, group="flow", label="Greet", icon="x", config=Greeting, run=lambda: None,
        migrations={1: lambda old: {"text": old["greeting"]}, 2: lambda old: {"words": old["text"].upper()}},
    )  # fmt: skip
    types = Catalogue((kind,))
    nodes = [
        {"id": "one", "type": "greet", "v": 1, "config": {"greeting": "hi"}},
        {"id": "two", "type": "greet", "v": 2, "config": {"text": "hey"}},
        {"id": "now", "type": "greet", "v": 3, "config": {"words": "hello"}},
    ]

    report = checked({"nodes": nodes}, types)

    assert {name: one.config for name, one in report.nodes.items()} == {
        "one": Greeting(words="HI"), "two": Greeting(words="HEY"), "now": Greeting(words="hello"),
    }  # fmt: skip
    broken = checked({"nodes": [{"id": "x", "type": "greet", "v": 1, "config": {}}]}, types)
    assert told(broken.errors) == [("invalid_config", "x", "v")]


# -- anything at all

WORDS = st.sampled_from(
    [
        "a",
        "b",
        "input",
        "out",
        "in",
        "error",
        "true",
        "nodes.a",
        "input.x",
        "{{ nodes.b }}",
        "1 +",
        "all",
        "",
        "é\0\ud800",
    ]
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=6,
)
FIELDS = [
    "expression",
    "cases",
    "template",
    "fields",
    "value",
    "prompt",
    "system",
    "mode",
    "duration_s",
    "until",
    "temperature",
]
CONFIGS = st.dictionaries(st.sampled_from(FIELDS), st.one_of(WORDS, JSON), max_size=2)
NODES = st.fixed_dictionaries(
    {"id": st.one_of(WORDS, JSON), "type": st.sampled_from([*catalogue(), "nonsense"])},
    optional={"config": st.one_of(CONFIGS, JSON), "policy": JSON, "v": JSON, "label": JSON, "position": JSON},
)
EDGES = st.fixed_dictionaries(
    {"source": WORDS, "target": WORDS},
    optional={
        "source_port": WORDS,
        "target_port": WORDS,
        "loop": st.one_of(st.none(), JSON),
        "context": JSON,
    },
)
DOCUMENTS = st.one_of(
    JSON,
    st.fixed_dictionaries(
        {"nodes": st.lists(NODES, max_size=4), "edges": st.lists(EDGES, max_size=4)},
        optional={"inputs": JSON, "settings": JSON, "notes": JSON, "schema": JSON},
    ),
)


@settings(max_examples=1500, derandomize=True, deadline=None, database=None)
@given(DOCUMENTS)
def test_whatever_is_given_only_our_own_errors_come_of_it(data):
    try:
        document = parse(data)
    except DocumentProblems as problems:
        assert all(one.message for one in problems.problems)
        return
    report = validate(document, catalogue())
    assert isinstance(document, Document)
    assert parse(document.to_json()) == document
    assert [one.to_json() for one in (*report.errors, *report.warnings)] or report.valid
