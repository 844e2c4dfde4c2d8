"""What must work for the server to be ready, and what it counts: apps register both in `AppConfig.ready`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of a metric; labels never hold the name of a workflow, a person or a key.

    A histogram's samples are told apart by `suffix`: `_bucket`, `_sum`, `_count`.
    """

    value: float
    labels: tuple[tuple[str, str], ...] = ()
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Metric:
    """A named value for Prometheus, read when it is asked for."""

    name: str
    help: str
    kind: Literal["counter", "gauge", "histogram"]
    read: Callable[[], Iterable[Sample]]

    def lines(self) -> Iterator[str]:
        """The metric in Prometheus' text format."""
        yield f"# HELP {self.name} {self.help}"
        yield f"# TYPE {self.name} {self.kind}"
        for sample in self.read():
            pairs = ",".join(f'{name}="{value}"' for name, value in sample.labels)
            labels = f"{{{pairs}}}" if pairs else ""
            # All digits: a counter that is rounded stands still for a while, and then jumps.
            yield f"{self.name}{sample.suffix}{labels} {sample.value!r}"


@dataclass
class Health:
    """The server's checks by name, what else it tells of itself, and its metrics. A check raises when its thing is down."""

    checks: dict[str, Callable[[], None]] = field(default_factory=dict)
    notes: dict[str, Callable[[], str]] = field(default_factory=dict)
    metrics: dict[str, Metric] = field(default_factory=dict)

    def check(self, name: str, check: Callable[[], None]) -> None:
        """Name `check` in `/health/ready`; it runs in a thread and should end within a second."""
        self.checks[name] = check

    def note(self, name: str, read: Callable[[], str]) -> None:
        """Tell how `name` stands in `/health/ready`, where the server works without it; `ok`, or a few words."""
        self.notes[name] = read

    def metric(self, metric: Metric) -> None:
        """Show `metric` in `/metrics`."""
        self.metrics[metric.name] = metric


health = Health()
