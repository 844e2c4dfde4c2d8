"""The examples in tests/contracts that the front end reads too: one of each event type."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from wireloom.engine.events import EVENTS, load

EXAMPLES = json.loads((Path(__file__).parents[1] / "contracts" / "events.json").read_text())


def test_there_is_one_example_of_each_event_type():
    assert [example["type"] for example in EXAMPLES] == list(
        dict.fromkeys(example["type"] for example in EXAMPLES)
    )
    assert {example["type"] for example in EXAMPLES} == EVENTS.keys()


def test_an_event_goes_round_through_what_is_stored_of_it():
    for example in EXAMPLES:
        event = load(
            example["type"],
            seq=example["seq"],
            at=datetime.fromisoformat(example["at"]).timestamp(),
            step=example["step"],
            node=example["node"],
            data=example["data"],
        )

        told = {
            "seq": event.seq,
            "type": event.type,
            "run": "run_1",
            "step": getattr(event, "step", None),
            "node": getattr(event, "node", None),
            "at": datetime.fromtimestamp(event.at, UTC)
            .isoformat(timespec="milliseconds")
            .replace("+00:00", "Z"),
            "data": event.data,
        }
        assert told == example
