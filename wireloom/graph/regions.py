"""Where nodes repeat: the loops and splits of a graph, nested in each other (RUNS.md X4–X6).

A loop is the node that loop edges lead back to, and every node on a path from
it to their sources. A split's region is every node behind its `out` port, up to
the joins that collect it; the split and its joins lie outside. Regions nest or
are apart: from outside each is one node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from wireloom.graph.topology import Topology

#: How deep regions may stand in each other.
MAX_DEPTH = 20

type RegionKind = Literal["loop", "split"]


@dataclass(frozen=True, slots=True)
class Link:
    """An edge between two nodes by their places. `repeats` marks what a split's region begins with."""

    source: int
    target: int
    repeats: bool


@dataclass(frozen=True, slots=True)
class LoopLink:
    """A loop edge, from a source back to the head of its loop."""

    source: int
    head: int


@dataclass(slots=True)
class Region:
    """One region. `opener` is a loop's head or the split itself, `closers` the joins that collect a split."""

    kind: RegionKind
    opener: int
    members: frozenset[int]
    closers: tuple[int, ...] = ()
    #: The region around it, or None for the whole graph.
    parent: Region | None = None

    @property
    def depth(self) -> int:
        return 1 if self.parent is None else self.parent.depth + 1

    def to_json(self, ids: Sequence[str]) -> dict[str, object]:
        """As a canvas is told of it; `ids` are the node ids by place."""
        return {
            "kind": self.kind,
            "opener": ids[self.opener],
            "members": [ids[place] for place in sorted(self.members)],
            "closers": [ids[place] for place in self.closers],
        }


@dataclass(frozen=True, slots=True)
class Fault:
    """What keeps a graph from being cut into regions, at one node."""

    code: Literal["crossed_regions", "unlinked_join", "invalid_config"]
    message: str
    node: int


class Regions:
    """The regions of one graph, outer ones first, and what is wrong with them.

    `forward` is the graph without its loop edges, free of cycles. `collects`
    holds the places of the joins that collect. `names` are for messages.
    """

    def __init__(
        self,
        forward: Topology,
        links: Sequence[Link],
        loops: Sequence[LoopLink],
        collects: frozenset[int],
        names: Sequence[str],
    ) -> None:
        self.all: list[Region] = []
        self.faults: list[Fault] = []
        #: Per node the innermost region it stands in.
        self.inner: list[Region | None] = [None] * forward.size
        self._forward = forward
        self._names = names
        found = [*self._splits(links, collects), *self._loops(loops)]
        if not self.faults:
            self._nest(found)
        if not self.faults and self.all:
            self._check_loops(loops)
            self._check_order(links)

    def around(self, node: int) -> Iterator[Region]:
        """The regions `node` stands in, from the innermost outwards."""
        region = self.inner[node]
        while region is not None:
            yield region
            region = region.parent

    # -- finding them

    def _splits(self, links: Sequence[Link], collects: frozenset[int]) -> list[Region]:
        """Each node is in the splits that are open where its edges come from; a collecting join closes the last."""
        repeating = {link.source for link in links if link.repeats}
        if not repeating and not collects:
            return []
        incoming: dict[int, list[Link]] = {}
        for link in links:
            incoming.setdefault(link.target, []).append(link)
        opened: list[tuple[int, ...]] = [()] * self._forward.size
        members: dict[int, set[int]] = {split: set() for split in repeating}
        closers: dict[int, list[int]] = {split: [] for split in repeating}
        for node in self._forward.order:
            stack = self._open_at(node, incoming.get(node, ()), opened)
            if node in collects:
                if not stack:
                    message = f"{self._names[node]!r} collects, but no split comes before it."
                    self.faults.append(Fault("unlinked_join", message, node))
                else:
                    closers[stack[-1]].append(node)
                    stack = stack[:-1]
            if len(stack) > MAX_DEPTH:
                self._too_deep(node)
                return []
            opened[node] = stack
            for split in stack:
                members[split].add(node)
        return [
            Region("split", split, frozenset(members[split]), tuple(closers[split]))
            for split in sorted(repeating)
            if members[split]  # else it is wired straight to its join, and nothing repeats
        ]

    def _open_at(
        self, node: int, incoming: Iterable[Link], opened: Sequence[tuple[int, ...]]
    ) -> tuple[int, ...]:
        stacks = [
            (*opened[link.source], link.source) if link.repeats else opened[link.source] for link in incoming
        ]
        stack = max(stacks, key=len, default=())
        for other in stacks:
            if stack[: len(other)] != other:
                first, second = self._names[stack[len(other) - 1]], self._names[other[-1]]
                message = f"{self._names[node]!r} stands behind both {first!r} and {second!r}, which are not nested."
                self.faults.append(Fault("crossed_regions", message, node))
                break
        return stack

    def _loops(self, loops: Sequence[LoopLink]) -> list[Region]:
        sources: dict[int, list[int]] = {}
        for loop in loops:
            sources.setdefault(loop.head, []).append(loop.source)
        rank = {node: place for place, node in enumerate(self._forward.order)}
        depth = [0] * self._forward.size
        found: list[Region] = []
        for head in sorted(sources):
            members = self._between(head, sources[head], rank)
            for source in sources[head]:
                if source not in members:
                    message = f"{self._names[head]!r} does not lead to {self._names[source]!r}, so nothing can loop back."
                    self.faults.append(Fault("invalid_config", message, source))
            for node in members:
                depth[node] += 1
                if depth[node] > MAX_DEPTH:
                    self._too_deep(node)
                    return []
            found.append(Region("loop", head, frozenset(members)))
        return found

    def _between(self, head: int, sources: Sequence[int], rank: dict[int, int]) -> set[int]:
        """Every node on a path from `head` to one of `sources`, both ends included."""
        last = max(rank[source] for source in sources)
        down = _reached((head,), self._forward.children, lambda node: rank[node] <= last)
        return down & _reached(sources, self._forward.parents, lambda node: node in down)

    def _too_deep(self, node: int) -> None:
        message = f"{self._names[node]!r} stands more than {MAX_DEPTH} loops and splits deep."
        self.faults.append(Fault("crossed_regions", message, node))

    # -- nesting them

    def _nest(self, found: list[Region]) -> None:
        """Place each region in the smallest one around it. Of two with the same nodes the split is around the loop."""
        for region in sorted(found, key=lambda one: (-len(one.members), one.kind == "loop", one.opener)):
            around = {id(self.inner[node]): self.inner[node] for node in region.members}
            if len(around) > 1:
                self._crossed(region, next(one for one in around.values() if one is not None))
                return
            region.parent = next(iter(around.values()), self.inner[region.opener])
            self.all.append(region)
            for node in region.members:
                self.inner[node] = region
        for region in self.all:
            if region.kind == "split":
                for end in (region.opener, *region.closers):
                    if self.inner[end] is not region.parent:
                        self._crossed(region, self.inner[end] or region.parent or region)
                        return

    def _crossed(self, region: Region, other: Region) -> None:
        names = " and ".join(
            sorted(f"the {one.kind} at {self._names[one.opener]!r}" for one in (region, other))
        )
        message = f"{names} overlap: one must stand wholly inside the other."
        self.faults.append(Fault("crossed_regions", message[0].upper() + message[1:], region.opener))

    def _check_loops(self, loops: Sequence[LoopLink]) -> None:
        """Only a join that collects leads out of a split: one item cannot send all of them round again."""
        for loop in loops:
            for region in self.around(loop.source):
                if region.kind == "split" and loop.head not in region.members:
                    source, split = self._names[loop.source], self._names[region.opener]
                    message = f"The loop back from {source!r} leads out of the split at {split!r}, which only a join that collects may end."
                    self.faults.append(Fault("crossed_regions", message, loop.source))
                    break

    def _check_order(self, links: Sequence[Link]) -> None:
        """Every level must be free of cycles when the regions in it are taken as one node each."""
        levels: dict[int, tuple[set[int], list[tuple[int, int]]]] = {}
        size = self._forward.size
        places = {id(region): size + place for place, region in enumerate(self.all)}
        for link in links:
            home, source, target = self.meeting(link.source, link.target)
            ends = (
                link.source if source is None else places[id(source)],
                link.target if target is None else places[id(target)],
            )
            nodes, edges = levels.setdefault(id(home), (set(), []))
            if ends[0] != ends[1]:
                nodes.update(ends)
                edges.append(ends)
        for nodes, edges in levels.values():
            if any(node >= size for node in nodes):
                self._check_level(sorted(nodes), edges)

    def _check_level(self, nodes: list[int], edges: list[tuple[int, int]]) -> None:
        index = {node: place for place, node in enumerate(nodes)}
        level = Topology(len(nodes), [(index[source], index[target]) for source, target in edges])
        stuck = [nodes[place] for place in level.in_cycles() if nodes[place] >= self._forward.size]
        for place in stuck:
            region = self.all[place - self._forward.size]
            message = f"What follows the {region.kind} at {self._names[region.opener]!r} leads back into it."
            self.faults.append(Fault("crossed_regions", message, region.opener))

    def meeting(self, source: int, target: int) -> tuple[Region | None, Region | None, Region | None]:
        """Where an edge is settled: the innermost region around both ends, and in it the region each end is in, if any."""
        above_source, above_target = list(self.around(source)), list(self.around(target))
        home: Region | None = None
        while above_source and above_target and above_source[-1] is above_target[-1]:
            home = above_source.pop()
            above_target.pop()
        return (
            home,
            above_source[-1] if above_source else None,
            above_target[-1] if above_target else None,
        )


def _reached(
    starts: Iterable[int], onward: Sequence[Sequence[int]], within: Callable[[int], bool]
) -> set[int]:
    found = {node for node in starts if within(node)}
    pending = list(found)
    while pending:
        for node in onward[pending.pop()]:
            if node not in found and within(node):
                found.add(node)
                pending.append(node)
    return found
