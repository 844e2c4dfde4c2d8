"""Node types and tools from installed packages, found by their entry points.

    [project.entry-points."wireloom.nodes"]
    acme = "acme_wireloom:node_types"       # a NodeType, or a function that gives several

    [project.entry-points."wireloom.tools"]
    acme = "acme_wireloom:look_up"          # a Tool, or a function that gives several

Only packages that somebody has named are loaded: loading one runs its code.
What is wrong with one is told and left out; it never stops the others.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import Distribution, EntryPoint, PackageNotFoundError, distribution
from types import MappingProxyType

from wireloom.agents.tool import Tool
from wireloom.graph.node_type import Catalogue, NodeType
from wireloom.plugins.checks import Unfit, check_node_type, check_tool

logger = logging.getLogger("wireloom.plugins")

NODES = "wireloom.nodes"
TOOLS = "wireloom.tools"


@dataclass(frozen=True, slots=True)
class Brought:
    """What one package brought, in the order of its entry points."""

    distribution: str
    version: str
    types: tuple[NodeType, ...]
    tools: tuple[Tool, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What could not be loaded. `reason` is for the operator; `entry_point` is None for a package that is not there."""

    distribution: str
    entry_point: str | None
    reason: str


@dataclass(frozen=True)
class Plugins:
    """All that was brought, and all that could not be."""

    brought: tuple[Brought, ...] = ()
    faults: tuple[Fault, ...] = ()

    @cached_property
    def tools(self) -> Mapping[str, Tool]:
        """Every tool by its name, `vendor.tool`."""
        return MappingProxyType({tool.name: tool for one in self.brought for tool in one.tools})

    def source_of(self, tool: str) -> str | None:
        """The package that brought a tool."""
        return next(
            (one.distribution for one in self.brought if tool in {tool.name for tool in one.tools}), None
        )

    def catalogue(self, own: Mapping[str, NodeType], own_tools: Iterable[str] = ()) -> Catalogue:
        """`own` node types and those that were brought, with the reasons for those that are missing."""
        types = [*own.values(), *(kind for one in self.brought for kind in one.types)]
        return Catalogue(types, tools=(*own_tools, *self.tools), absent=self._absent())

    def _absent(self) -> dict[str, str]:
        """By entry point, which is named as a node type or its vendor: why there is none. Shows nothing of the server."""
        return {
            fault.entry_point: f"the package {fault.distribution!r} could not be loaded; the server's log says why."
            for fault in self.faults
            if fault.entry_point is not None
        }


def load_plugins(
    distributions: Iterable[str], own: Iterable[str] = (), own_tools: Iterable[Tool] = ()
) -> Plugins:
    """Load what these packages bring; `own` are the names of node types that nobody may take, `own_tools` those of tools."""
    loading = _Loading(set(own), {one.model_name for one in own_tools})
    for name in distributions:
        loading.load(name)
    for fault in loading.faults:
        where = (
            fault.distribution if fault.entry_point is None else f"{fault.distribution}, {fault.entry_point}"
        )
        logger.error("The plugin %s could not be loaded: %s", where, fault.reason)
    return Plugins(tuple(loading.brought), tuple(loading.faults))


@dataclass
class _Loading:
    """One load: what has been brought so far, and which names are taken."""

    taken: set[str]
    #: Tools as models see them: `a.b_c` and `a_b.c` are one name to a model.
    taken_tools: set[str] = field(default_factory=set)
    brought: list[Brought] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def load(self, name: str) -> None:
        try:
            found = distribution(name)
        except (PackageNotFoundError, ValueError):
            self.faults.append(Fault(name, None, "there is no such package here."))
            return
        points = found.entry_points
        types = [kind for one in points.select(group=NODES) for kind in self._types(found, one)]
        tools = [tool for one in points.select(group=TOOLS) for tool in self._tools(found, one)]
        if not points.select(group=NODES) and not points.select(group=TOOLS):
            self.faults.append(Fault(found.name, None, "it has no entry point for Wireloom."))
        self.brought.append(Brought(found.name, found.version, tuple(types), tuple(tools)))

    def _types(self, found: Distribution, point: EntryPoint) -> Iterator[NodeType]:
        for one in self._loaded(found, point, NodeType):
            try:
                check_node_type(one, self.taken)
            except Unfit as error:
                self.faults.append(Fault(found.name, point.name, str(error)))
            else:
                self.taken.add(one.name)
                yield one

    def _tools(self, found: Distribution, point: EntryPoint) -> Iterator[Tool]:
        for one in self._loaded(found, point, Tool):
            try:
                check_tool(one, self.taken_tools)
            except Unfit as error:
                self.faults.append(Fault(found.name, point.name, str(error)))
            else:
                self.taken_tools.add(one.model_name)
                yield one

    def _loaded[T](self, found: Distribution, point: EntryPoint, kind: type[T]) -> list[T]:
        """What an entry point gives: one of `kind`, or what its function gives."""
        try:
            value = point.load()
            several = [value] if isinstance(value, kind) else list(value())
            wrong = next((one for one in several if not isinstance(one, kind)), None)
            if wrong is not None:
                raise TypeError(f"it gives {type(wrong).__name__}, not {kind.__name__}.")
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a package's own code, whatever it does
            self.faults.append(Fault(found.name, point.name, f"{type(error).__name__}: {error}"))
            return []
        return several
