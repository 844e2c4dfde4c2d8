"""Server-sent events survive every way to cut them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wireloom.llm.sse import EventStream

STREAM = (
    "\ufeffdata: erstes\r\n\r\n: a comment\ndata:Gezeiten 🌊 — ström\n\n"
    "event: delta\nid: 7\nretry: 10\ndata: line one\rdata:  line two\r\r"
    'data\n\nnonsense\n\ndata: {"a": "b:c"}\n\r\ndata: [DONE]\n\n'
).encode()
EVENTS = ["erstes", "Gezeiten 🌊 — ström", "line one\n line two", "", '{"a": "b:c"}', "[DONE]"]


def parse(pieces):
    stream = EventStream()
    events = [event for piece in pieces for event in stream.feed(piece)]
    return [event.decode() for event in (*events, *stream.end())]


def test_an_event_is_its_data_lines():
    assert parse([STREAM]) == EVENTS


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 11])
def test_pieces_of_any_size_give_the_same_events(size):
    assert parse([STREAM[start : start + size] for start in range(0, len(STREAM), size)]) == EVENTS


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_cuts_anywhere_give_the_same_events(cuts):
    edges = [0, *sorted(cuts), len(STREAM)]
    assert parse([STREAM[start:end] for start, end in pairwise(edges)]) == EVENTS


def test_an_event_comes_as_soon_as_it_is_whole():
    stream = EventStream()

    assert [stream.feed(piece) for piece in (b"data: a\r", b"\n\r", b"\ndata: b\n", b"\n")] == [
        [],
        [b"a"],
        [],
        [b"b"],
    ]


def test_a_last_event_without_its_line_end_is_given_at_the_end():
    assert parse([b"data: a\n\ndata: b"]) == ["a", "b"]


def test_no_data_is_no_event():
    assert parse([b": ping\n\nevent: x\n\n\n\n"]) == []
