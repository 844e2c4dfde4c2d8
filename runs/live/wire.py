"""Events as the wire has them."""

from __future__ import annotations

from dataclasses import dataclass

from runs.journal.moments import iso
from runs.journal.payloads import dump


@dataclass(frozen=True, slots=True)
class WireEvent:
    seq: int
    type: str
    #: The whole event object as JSON.
    text: str


#: seq, type, step, node, at and data.
type Columns = tuple[int, str, str | None, str | None, float, str]


def wire_event(run_id: str, columns: Columns) -> WireEvent:
    """An event from its row; its data is JSON already and is put in as it is."""
    seq, kind, step, node, at, data = columns
    head = dump({"seq": seq, "type": kind, "run": run_id, "step": step, "node": node, "at": iso(at)})
    return WireEvent(seq, kind, f'{head[:-1]},"data":{data}}}')
