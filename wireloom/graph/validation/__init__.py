"""Everything that is wrong with a workflow, at once.

report = validate(document, catalogue)
report.errors      # it cannot run
report.warnings    # it can, but look here
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wireloom.graph.document import Document
from wireloom.graph.node_type import NodeType
from wireloom.graph.problems import InvalidWorkflow, Problem
from wireloom.graph.validation.configs import ConfiguredNode, configure
from wireloom.graph.validation.edges import check_edges
from wireloom.graph.validation.inputs import check_inputs
from wireloom.graph.validation.settings import check_settings
from wireloom.graph.validation.shape import check_shape, topology
from wireloom.graph.validation.sight import check_sight


@dataclass(frozen=True, slots=True)
class Report:
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    #: The nodes whose config is sound, by id: what a plan is made of.
    nodes: Mapping[str, ConfiguredNode]

    @property
    def valid(self) -> bool:
        return not self.errors

    def raise_if_invalid(self) -> None:
        """Raises InvalidWorkflow with all errors."""
        if self.errors:
            raise InvalidWorkflow(self.errors)


def validate(document: Document, catalogue: Mapping[str, NodeType]) -> Report:
    """Check `document` against the node types in `catalogue`. Never stops at the first problem."""
    errors: list[Problem] = []
    warnings: list[Problem] = []
    check_inputs(document, errors)
    check_settings(document, warnings)
    nodes = configure(document, catalogue, errors)
    check_edges(document, catalogue, nodes, errors, warnings)
    shape = topology(document)
    check_shape(document, shape, errors)
    check_sight(document, shape, nodes, errors, warnings)
    return Report(tuple(errors), tuple(warnings), nodes)


__all__ = ["ConfiguredNode", "Report", "validate"]
