"""What each expression may read (RUNS.md X9): the run's input, variables, outputs of ancestors and of earlier passes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from wireloom.graph.config import compiled_fields
from wireloom.graph.document import Document
from wireloom.graph.expressions import Reference
from wireloom.graph.problems import Problem
from wireloom.graph.regions import Regions
from wireloom.graph.templates import Template
from wireloom.graph.topology import Topology
from wireloom.graph.validation.configs import ConfiguredNode
from wireloom.graph.validation.variables import Writers

#: Roots that exist only inside a region of this kind.
_REGIONAL = {"item": "split", "index": "split", "iteration": "loop"}

#: Behind a cycle nothing is in order; the cycle is what must be mended.
_EVERYTHING = -1


@dataclass(frozen=True, slots=True)
class Read:
    """One reference in one field of one node."""

    node: ConfiguredNode
    field: str
    reference: Reference


def reads_in(nodes: Mapping[str, ConfiguredNode]) -> list[Read]:
    """Every reference that will be followed: a pinned node follows none."""
    return [
        Read(node, field, reference)
        for node in nodes.values()
        if node.node.pin is None
        for field, compiled in compiled_fields(node.config)
        for reference in compiled.references
    ]


class Sight:
    """Which nodes come before which, for those that were asked about."""

    def __init__(self, shape: Topology, regions: Regions, readers: Iterable[int]) -> None:
        self._regions = regions
        self._ancestors = shape.ancestors(list(readers))
        self._size = shape.size

    def precedes(self, place: int, reader: int) -> bool:
        """Whether an edge or a path of them leads from `place` to `reader`."""
        return bool(self._ancestors.get(reader, _EVERYTHING) >> place & 1)

    def sees(self, reader: int, place: int) -> bool:
        """Whether `reader` may read `place`: an ancestor, or a node of a loop that they share (its last pass)."""
        return self.precedes(place, reader) or any(
            region.kind == "loop" and place in region.members for region in self._regions.around(reader)
        )

    def of(self, reader: int) -> tuple[int, ...]:
        """All that `reader` may read, in document order."""
        return tuple(place for place in range(self._size) if self.sees(reader, place))


def check_sight(
    document: Document,
    reads: Iterable[Read],
    *,
    places: Mapping[str, int],
    regions: Regions,
    sight: Sight,
    writers: Mapping[str, Writers],
    errors: list[Problem],
    warnings: list[Problem],
) -> None:
    check = _Check(document, places, regions, sight, writers)
    for read in reads:
        errors.extend(check.problems(read))
        warnings.extend(_undeclared(document, read))


def check_templates(nodes: Collection[ConfiguredNode], warnings: list[Problem]) -> None:
    """Warn of text that looks like a reference and is none."""
    for node in nodes:
        for field, compiled in compiled_fields(node.config):
            if isinstance(compiled, Template):
                warnings.extend(_suspicions(node, field, compiled))


@dataclass(frozen=True, slots=True)
class _Check:
    document: Document
    places: Mapping[str, int]
    regions: Regions
    sight: Sight
    writers: Mapping[str, Writers]

    def problems(self, read: Read) -> Iterator[Problem]:
        root, path = read.reference.root, read.reference.path
        if root == "nodes" and path:
            yield from self._node_problems(read, path[0])
        elif root == "vars" and path:
            yield from self._variable_problems(read, path[0])
        elif root in _REGIONAL:
            kinds = {region.kind for region in self.regions.around(self.places[read.node.node.id])}
            if _REGIONAL[root] not in kinds:
                yield _unknown(read, f"{root!r} exists only inside a {_REGIONAL[root]}.")

    def _node_problems(self, read: Read, name: str) -> Iterator[Problem]:
        here = read.node.node.id
        if name not in self.places:
            yield _unknown(read, f"There is no node {name!r}.")
        elif not self.sight.sees(self.places[here], self.places[name]):
            yield _unknown(read, f"{name!r} does not come before {here!r}, so its output is not in sight.")

    def _variable_problems(self, read: Read, name: str) -> Iterator[Problem]:
        declared = self.document.settings.variables
        written = self.writers.get(name)
        here = self.places[read.node.node.id]
        if name in declared or (written and any(self.sight.precedes(one, here) for one in written.places)):
            return
        if written:
            yield _unknown(
                read, f"No node before {read.node.node.id!r} writes {name!r}, and it is not declared."
            )
        else:
            known = ", ".join(dict.fromkeys((*declared, *self.writers))) or "none"
            yield _unknown(read, f"No variable {name!r} is declared or written. There are {known}.")


def _unknown(read: Read, message: str) -> Problem:
    return Problem("unknown_reference", message, read.node.node.id, read.field, read.reference.loc)


def _undeclared(document: Document, read: Read) -> Iterator[Problem]:
    """An input that no one declared may still be given, so this only warns."""
    root, path = read.reference.root, read.reference.path
    names = document.input_names
    if root == "input" and path and names and path[0] not in names:
        yield _unknown(read, f"The workflow declares no input {path[0]!r}. It declares {', '.join(names)}.")


def _suspicions(node: ConfiguredNode, field: str, template: Template) -> Iterator[Problem]:
    for suspicion in template.suspicions:
        message = f"{{{{ {suspicion.name} … }}}} stays as text: {suspicion.name!r} is nothing that a template knows."
        yield Problem("unknown_reference", message, node.node.id, field, suspicion.loc)
