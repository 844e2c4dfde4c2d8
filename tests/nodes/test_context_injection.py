"""What exactly a model is sent of what came before it."""

from __future__ import annotations

from pathlib import Path

from tests.engine.virtual import World, graph, play

GOLDEN = Path(__file__).parents[1] / "contracts" / "context_injection.txt"

PARENTS = {
    "notes": {
        "type": "transform",
        "label": "Field notes",
        "config": {"expression": "'High at noon.\\nÉbb at {{ six }}.'"},
    },
    "score": {"type": "transform", "config": {"expression": "{'score': 7, 'tags': ['moon', null]}"}},
    "empty": {"type": "transform", "label": "Nothing", "config": {"expression": "null"}},
}


def sent(
    prompt,
    document_edges=("notes > ask", "score > ask", "empty > ask"),
    *,
    run_input=None,
    edges=None,
    **fields,
):
    world = World()
    nodes = {**PARENTS, "in": "input", "ask": {"type": "agent", "config": {"prompt": prompt, **fields}}}
    document = graph(nodes, *document_edges)
    for index, more in (edges or {}).items():
        document["edges"][index].update(more)
    play(document, run_input, world=world)
    return world.asked[0].messages[-1].content


def test_each_parent_is_a_titled_section_in_edge_order_then_one_block_then_the_task():
    assert sent("Write about {{ input.topic }}.", run_input={"topic": "tides"}) == GOLDEN.read_text()


def test_the_sections_follow_the_order_of_the_edges():
    text = sent("x", ("score > ask", "notes > ask"))

    assert text.index("=== score ===") < text.index("=== Field notes ===")


def test_without_parents_the_prompt_stands_alone():
    assert sent("Just this.", ()) == "Just this."


def test_an_edge_can_keep_its_value_out():
    text = sent("x", edges={1: {"context": False}})

    assert ("=== score ===" in text, "=== Field notes ===" in text) == (False, True)


def test_with_every_edge_switched_off_the_prompt_stands_alone():
    assert sent("x", ("score > ask",), edges={0: {"context": False}}) == "x"


def test_a_parent_that_the_prompt_names_is_not_injected_again_and_the_others_are():
    text = sent("Judge {{ nodes.notes }}", ("notes > ask", "score > ask"))

    assert ("=== Field notes ===" in text, "=== score ===" in text) == (False, True)
    assert text.endswith("[Task]\nJudge High at noon.\nÉbb at {{ six }}.")


def test_a_parent_that_the_system_prompt_names_is_not_injected_again():
    assert sent("x", ("notes > ask",), system="{{ nodes.notes }}") == "x"


def test_the_runs_input_is_not_injected_again_when_the_prompt_reads_it():
    assert sent("About {{ input.topic }}", ("in > ask",), run_input={"topic": "tides"}) == "About tides"


def test_the_runs_input_is_injected_when_the_prompt_does_not_read_it():
    assert '"topic": "tides"' in sent("Write.", ("in > ask",), run_input={"topic": "tides"})


def test_a_parent_is_named_by_nodes_alone_whatever_its_id_is():
    world = World()
    nodes = {
        "topic": {"type": "transform", "config": {"expression": "'from a node'"}},
        "input": {"type": "transform", "config": {"expression": "'from another'"}},
        "ask": {"type": "agent", "config": {"prompt": "{{ input.topic }} {{ vars.tone }}"}},
    }
    play(
        graph(nodes, "topic > ask", "input > ask", settings={"variables": {"tone": "dry"}}),
        {"topic": "tides"},
        world=world,
    )

    text = world.asked[0].messages[0].content
    assert ("from a node" in text, "from another" in text) == (True, True)
