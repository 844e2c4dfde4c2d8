"""Run with pytest, where this package and Wireloom are installed."""

from __future__ import annotations

from wireloom_example.excerpt import EXCERPT
from wireloom_example.reading_time import reading_time

from wireloom.testing import Example, check_node


def test_excerpt_is_a_node_type_like_any_other() -> None:
    check_node(
        EXCERPT,
        Example({"text": "{{ input }}"}, input="One. Two! Three?", output="One."),
        Example({"text": "{{ input }}", "sentences": 2}, input="One. Two! Three?", output="One. Two!"),
        Example({"text": "{{ input }}"}, input="", output=""),
        old={1: {"text": "{{ input }}", "lines": 3}},
    )


def test_the_tool_stays_a_function() -> None:
    assert reading_time("word " * 240) == {"words": 240, "seconds": 60}
