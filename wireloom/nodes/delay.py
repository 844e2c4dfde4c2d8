from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field, model_validator

from wireloom.engine.node_io import Inputs, Output, Wait
from wireloom.engine.services import Services
from wireloom.graph.config import ConfigError, ExpressionField, NodeConfig, widget
from wireloom.graph.expressions import ExpressionError, type_name
from wireloom.graph.node_type import NodeType

_YEAR_S = 366 * 86_400
#: In seconds since 1970: what calendars can still name.
_YEAR_10000 = 253_402_300_800


class DelayConfig(NodeConfig):
    """Wait for a while or until a moment, then pass the input on. A long wait survives restarts and holds nothing."""

    duration_s: Annotated[float, Field(ge=0, le=_YEAR_S)] | None = Field(
        default=None, title="Seconds", description="How long to wait.", json_schema_extra=widget("duration")
    )
    until: ExpressionField | None = Field(
        default=None,
        title="Until",
        description="A moment: ISO 8601 text, UTC where it names no zone, or seconds since 1970.",
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> DelayConfig:
        if self.duration_s is None and self.until is None:
            raise ConfigError("A delay needs a duration or a moment.", "duration_s", missing=True)
        if self.duration_s is not None and self.until is not None:
            raise ConfigError("A delay has a duration or a moment, not both.", "until")
        return self


def delay(config: DelayConfig, inputs: Inputs, services: Services) -> Wait:
    if config.until is None:
        until = services.clock.now() + (config.duration_s or 0)
    else:
        until = _moment(inputs.evaluate(config.until))
    return Wait(until, Output(inputs.value))


def _moment(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not 0 <= value < _YEAR_10000:
            raise ExpressionError(
                f"{str(value)[:40]} is no moment: seconds since 1970, before the year 10000."
            )
        return float(value)
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise ExpressionError(f"{value[:40]!r} is no moment in ISO 8601.") from None
        return max(0.0, (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    raise ExpressionError(f"A moment is text or a number, not {type_name(value)}.")


DELAY = NodeType(
    name="delay",
    version=1,
    group="flow",
    label="Delay",
    icon="timer",
    config=DelayConfig,
    run=delay,
    flow="wait",
    effect="read",
    summary="{duration_s} s",
)
