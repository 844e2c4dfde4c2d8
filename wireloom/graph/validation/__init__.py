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
from wireloom.graph.regions import Regions
from wireloom.graph.topology import Topology
from wireloom.graph.validation.configs import ConfiguredNode, configure
from wireloom.graph.validation.edges import check_edges
from wireloom.graph.validation.inputs import check_inputs
from wireloom.graph.validation.nested import Nested, WorkflowSource, find_nested
from wireloom.graph.validation.shape import check_shape, find_regions, positions, topology
from wireloom.graph.validation.sight import Sight, check_sight, check_templates, reads_in
from wireloom.graph.validation.variables import WriteCheck, Writers, writers_in


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What was found: problems for people, and all that a plan is made of."""

    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    #: The nodes whose config is sound, by id.
    nodes: Mapping[str, ConfiguredNode]
    places: Mapping[str, int]
    shape: Topology
    regions: Regions
    sight: Sight
    #: Who writes which variable.
    writers: Mapping[str, Writers]
    #: The sub-workflows, by their node's id.
    bodies: Mapping[str, Nested]

    @property
    def valid(self) -> bool:
        return not self.errors

    def raise_if_invalid(self) -> None:
        """Raises InvalidWorkflow with all errors."""
        if self.errors:
            raise InvalidWorkflow(self.errors)


def validate(
    document: Document,
    catalogue: Mapping[str, NodeType],
    workflows: WorkflowSource | None = None,
    *,
    slug: str | None = None,
) -> Report:
    """Check `document` against the node types in `catalogue`. Never stops at the first problem.

    `workflows` finds its sub-workflows; `slug` is its own name, which none of them may bear.
    """
    return _validate(document, catalogue, workflows, (slug or "",))


def _validate(
    document: Document,
    catalogue: Mapping[str, NodeType],
    workflows: WorkflowSource | None,
    trail: tuple[str, ...],
) -> Report:
    errors: list[Problem] = []
    warnings: list[Problem] = []
    check_inputs(document, errors)
    nodes = configure(document, catalogue, errors)
    check_edges(document, catalogue, nodes, errors, warnings)
    shape, places = topology(document), positions(document)
    check_shape(document, shape, errors)
    regions = find_regions(document, shape, nodes, errors)
    reads, writers = reads_in(nodes), writers_in(nodes, places, shape)
    readers = {places[read.node.node.id] for read in reads if read.reference.root in ("nodes", "vars")}
    sight = Sight(shape, regions, readers.union(*(one.places for one in writers.values())))
    ids = [node.id for node in document.nodes]
    errors.extend(WriteCheck(nodes, ids, regions, sight.precedes).problems(writers))
    check_sight(
        document,
        reads,
        places=places,
        regions=regions,
        sight=sight,
        writers=writers,
        errors=errors,
        warnings=warnings,
    )
    check_templates(nodes.values(), warnings)
    bodies = find_nested(
        nodes, workflows, trail, lambda inner, path: _validate(inner, catalogue, workflows, path), errors
    )
    return Report(tuple(errors), tuple(warnings), nodes, places, shape, regions, sight, writers, bodies)


__all__ = ["ConfiguredNode", "Nested", "Report", "Sight", "WorkflowSource", "Writers", "validate"]
