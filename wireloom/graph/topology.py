"""The shape of a graph, with nodes as indexes: order, cycles, ancestors. Iterative throughout: a chain may be 20,000 long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Topology:
    """Edges between nodes 0..size-1; parallel edges count once each."""

    def __init__(self, size: int, edges: Iterable[tuple[int, int]]) -> None:
        self.size = size
        self.children: list[list[int]] = [[] for _ in range(size)]
        self.parents: list[list[int]] = [[] for _ in range(size)]
        for source, target in edges:
            self.children[source].append(target)
            self.parents[target].append(source)
        #: The nodes in topological order, ties by index; shorter than `size` if there is a cycle.
        self.order: tuple[int, ...] = self._sorted()

    def _sorted(self) -> tuple[int, ...]:
        waiting = [len(parents) for parents in self.parents]
        order = [node for node in range(self.size) if not waiting[node]]
        for node in order:  # grows while it is read
            for child in self.children[node]:
                waiting[child] -= 1
                if not waiting[child]:
                    order.append(child)
        return tuple(order)

    def in_cycles(self) -> tuple[int, ...]:
        """The nodes that stand on a cycle or behind one on the way to another."""
        left = set(range(self.size)) - set(self.order)
        # Peel off, from the other end, what only hangs behind a cycle.
        onward = {node: sum(child in left for child in self.children[node]) for node in left}
        ends = [node for node in left if not onward[node]]
        for node in ends:
            left.discard(node)
            for parent in self.parents[node]:
                if parent in left:
                    onward[parent] -= 1
                    if not onward[parent]:
                        ends.append(parent)
        return tuple(sorted(left))

    def ancestors(self, wanted: Sequence[int]) -> dict[int, int]:
        """For each node in `wanted` the set of its ancestors, as a bit per index."""
        wanted_set = set(wanted)
        sets: dict[int, int] = {}
        found: dict[int, int] = {}
        pending = [len(children) for children in self.children]
        for node in self.order:
            bits = 0
            for parent in self.parents[node]:
                bits |= sets[parent] | (1 << parent)
                pending[parent] -= 1
                if not pending[parent]:
                    del sets[parent]  # its last child has read it: 20,000 sets of 20,000 bits stay few
            if node in wanted_set:
                found[node] = bits
            if self.children[node]:
                sets[node] = bits
        return found
