"""What each expression may read (RUNS.md X9): the run's input, declared variables, and outputs of ancestors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wireloom.graph.config import compiled_fields
from wireloom.graph.document import Document
from wireloom.graph.expressions import Reference
from wireloom.graph.problems import Problem
from wireloom.graph.templates import Template
from wireloom.graph.topology import Topology
from wireloom.graph.validation.configs import ConfiguredNode
from wireloom.graph.validation.shape import positions

#: Roots that exist only inside a split or a loop.
_REGIONAL = {"item": "a split", "index": "a split", "iteration": "a loop"}


#: Behind a cycle nothing is in order; the cycle is what must be mended.
_EVERYTHING = -1


@dataclass(frozen=True, slots=True)
class _Read:
    node: ConfiguredNode
    field: str
    reference: Reference


def check_sight(
    document: Document,
    shape: Topology,
    nodes: Mapping[str, ConfiguredNode],
    errors: list[Problem],
    warnings: list[Problem],
) -> None:
    reads: list[_Read] = []
    for node in nodes.values():
        for field, compiled in compiled_fields(node.config):
            reads.extend(_Read(node, field, reference) for reference in compiled.references)
            if isinstance(compiled, Template):
                warnings.extend(_suspicions(node, field, compiled))
    sight = _Sight(document, shape, [read.node.node.id for read in reads if read.reference.root == "nodes"])
    for read in reads:
        errors.extend(sight.problems(read))
        warnings.extend(_undeclared(document, read))


class _Sight:
    def __init__(self, document: Document, shape: Topology, readers: list[str]) -> None:
        self._document = document
        self._index = positions(document)
        self._ancestors = shape.ancestors([self._index[reader] for reader in readers])

    def problems(self, read: _Read) -> Iterator[Problem]:
        root, path = read.reference.root, read.reference.path
        if root == "nodes" and path:
            yield from self._node_problems(read, path[0])
        elif root == "vars" and path and path[0] not in self._document.settings.variables:
            known = ", ".join(self._document.settings.variables) or "none"
            yield _unknown(read, f"No variable {path[0]!r} is declared. There are {known}.")
        elif root in _REGIONAL:
            yield _unknown(read, f"{root!r} exists only inside {_REGIONAL[root]}.")

    def _node_problems(self, read: _Read, name: str) -> Iterator[Problem]:
        here = read.node.node.id
        if name not in self._index:
            yield _unknown(read, f"There is no node {name!r}.")
        elif not self._ancestors.get(self._index[here], _EVERYTHING) >> self._index[name] & 1:
            yield _unknown(read, f"{name!r} does not come before {here!r}, so its output is not in sight.")


def _unknown(read: _Read, message: str) -> Problem:
    return Problem("unknown_reference", message, read.node.node.id, read.field, read.reference.loc)


def _undeclared(document: Document, read: _Read) -> Iterator[Problem]:
    """An input that no one declared may still be given, so this only warns."""
    root, path = read.reference.root, read.reference.path
    names = document.input_names
    if root == "input" and path and names and path[0] not in names:
        yield _unknown(read, f"The workflow declares no input {path[0]!r}. It declares {', '.join(names)}.")


def _suspicions(node: ConfiguredNode, field: str, template: Template) -> Iterator[Problem]:
    for suspicion in template.suspicions:
        message = f"{{{{ {suspicion.name} … }}}} stays as text: {suspicion.name!r} is nothing that a template knows."
        yield Problem("unknown_reference", message, node.node.id, field, suspicion.loc)
