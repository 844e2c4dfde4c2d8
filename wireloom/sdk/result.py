"""What a run came to, and what an executor's runs came to together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wireloom.engine.plan import Plan
from wireloom.engine.services import Json, Usage
from wireloom.engine.state import RunState


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to. `error` is `{code, message, node, attempts}` unless it succeeded."""

    run_id: str
    status: str
    output: Json
    error: Mapping[str, Json] | None
    usage: Usage
    duration_ms: float
    #: Each step's output by its key, which is its node's id outside of loops and splits; what gave none is left out.
    outputs: Mapping[str, Json]
    #: What is to be known of an output, by its step's key: `{"truncated": "rounds"}`, say.
    notes: Mapping[str, Mapping[str, Json]]
    _names: Mapping[str, str]

    def is_success(self) -> bool:
        return self.status == "succeeded"

    def is_failed(self) -> bool:
        return self.status == "failed"

    def get_node_output(self, node: str) -> Json:
        """The output of a node, by its name or id; in a loop that of the first pass. Raises KeyError if it gave none."""
        key = node if node in self.outputs else self._names.get(node, node)
        return self.outputs[key]


def result_of(run_id: str, plan: Plan, state: RunState, duration_s: float) -> Result:
    steps = [step for step in state.steps.values() if step.ports]
    names: dict[str, str] = {}
    for node in plan.nodes:
        names.setdefault(node.label, node.id)
    return Result(
        run_id=run_id,
        status=state.status,
        output=state.output,
        error=state.error,
        usage=state.usage,
        duration_ms=duration_s * 1000,
        outputs={step.key: step.value for step in steps},
        notes={step.key: step.notes for step in steps if step.notes},
        _names=names,
    )


@dataclass(frozen=True, slots=True)
class Stats:
    """The runs of one executor since it was made, or since its statistics were reset."""

    runs: int = 0
    succeeded: int = 0
    failed: int = 0
    cancelled: int = 0
    duration_ms: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    #: The sum of the known prices.
    cost_usd: float = 0.0

    def with_run(self, result: Result) -> Stats:
        return replace(
            self,
            runs=self.runs + 1,
            succeeded=self.succeeded + (result.status == "succeeded"),
            failed=self.failed + (result.status == "failed"),
            cancelled=self.cancelled + (result.status == "cancelled"),
            duration_ms=self.duration_ms + result.duration_ms,
            input_tokens=self.input_tokens + result.usage.input_tokens,
            output_tokens=self.output_tokens + result.usage.output_tokens,
            cost_usd=self.cost_usd + (result.usage.cost_usd or 0.0),
        )
