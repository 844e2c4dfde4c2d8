"""Random workflows of every shape that validation allows: loops and splits in each other, sub-workflows, branches, failures."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from tests.engine.virtual import graph

#: How deep regions stand in each other, and about how many nodes one workflow has.
MAX_DEPTH = 3
MAX_NODES = 22

REDUCERS = {"log": "append", "total": "sum", "both": "merge", "last": "last_by_order"}


@dataclass(frozen=True)
class Drawn:
    """A workflow, and by slug those that stand in it."""

    document: dict[str, Any]
    workflows: dict[str, dict[str, Any]]


@dataclass
class Where:
    """Where a node is drawn: what it may follow, and what its expressions may name."""

    #: Ends of edges in this region, one of which it must follow; none at the top.
    here: list[tuple[str, str]] = field(default_factory=list)
    #: Ends of edges outside of it.
    outside: list[tuple[str, str]] = field(default_factory=list)
    roots: tuple[str, ...] = ()
    depth: int = 0
    #: Nodes of the loops around that come later, whose last pass may be read.
    later: tuple[str, ...] = ()
    in_split: bool = False

    def inner(self, *roots: str, later: tuple[str, ...] = (), in_split: bool = False) -> Where:
        return Where(
            outside=[*self.outside, *self.here],
            roots=(*self.roots, *roots),
            depth=self.depth + 1,
            later=(*self.later, *later),
            in_split=self.in_split or in_split,
        )


def random_workflow(chance: Random, *, ends_by_clock: bool = False) -> Drawn:
    """`ends_by_clock` allows what depends on which comes first: joins that take it."""
    workflows: dict[str, dict[str, Any]] = {}
    for number in range(chance.choice([0, 0, 1, 2])):
        workflows[f"inner{number}"] = _Drawing(chance, tuple(workflows), 8, ends_by_clock).document()
    return Drawn(_Drawing(chance, tuple(workflows), MAX_NODES, ends_by_clock).document(), workflows)


class _Drawing:
    """One workflow while it is being drawn."""

    def __init__(self, chance: Random, slugs: tuple[str, ...], most: int, ends_by_clock: bool) -> None:
        self.chance = chance
        self.slugs = slugs
        self.most = most
        self.ends_by_clock = ends_by_clock
        self.nodes: dict[str, dict[str, Any]] = {}
        self.edges: list[str] = []
        #: Each node's ancestors.
        self.before: dict[str, set[str]] = {}
        #: Whether something writes the variable that takes no second writer.
        self.has_plain_write = False
        self.named = 0

    def document(self) -> dict[str, Any]:
        top = Where()
        while len(self.nodes) < 2 or (len(self.nodes) < self.most and self.chance.random() < 0.85):
            self._unit(top)
        for _ in range(self.chance.choice([0, 1, 1, 2])):
            self._add("output", self._output(top, set()), top)
        settings = {
            "max_concurrency": self.chance.choice([1, 2, 3, 50]),
            "max_steps": 100_000,
            "variables": {"log": ["begun"], "total": 1, "both": {"a": 0}, "last": None, "plain": 0},
        }
        document = graph(self.nodes, *dict.fromkeys(self.edges), settings=settings)
        for edge in document["edges"]:
            edge["context"] = False  # so that a prompt is what its template says
        return document

    # -- regions

    def _unit(self, where: Where) -> None:
        kind = self.chance.choices(["node", "loop", "split"], [6, 2, 2])[0]
        if kind == "node" or where.depth == MAX_DEPTH or len(self.nodes) >= self.most:
            self._node(where)
        else:
            (self._loop if kind == "loop" else self._split)(where)

    def _loop(self, where: Where) -> None:
        limit, turns = self.chance.randint(1, 3), self.chance.randint(1, 4)
        again = self.chance.choice([f"iteration >= {turns}", f"iteration >= {turns}", "input.n % 2 == 0"])
        end = {"type": "condition", "config": {"expression": again}}
        if self.chance.random() < 0.2:
            tail = head = self._add("turn", end, where)
        else:
            tail = self._name("turn")
            inside = where.inner("iteration", later=(tail,))
            first = len(self.nodes)
            head = self._node(replace(inside, here=where.here, outside=where.outside))
            inside.here = self._ends(head)
            for _ in range(self.chance.randint(0, 2)):
                self._unit(inside)
            loose = self._loose(inside, first)
            self._put(tail, end, [*dict.fromkeys([*loose, self.chance.choice(inside.here)])])
            where.here += [one for one in inside.here if one not in where.here]
        self.edges.append(f"{tail}.false > {head} ~{limit}")
        where.here += [(tail, "true"), (tail, "false")]
        if self.chance.random() < 0.7:
            spent = self._name("spent")
            self._put(spent, {"type": "join", "config": {"mode": "any"}}, [(tail, "exhausted")])
            where.here.append((spent, "out"))

    def _split(self, where: Where) -> None:
        split = self._add("split", self._split_node(where), where)
        inside = where.inner("item", "index", in_split=True)
        inside.here = [(split, "out")]
        for _ in range(self.chance.randint(1, 3)):
            self._unit(inside)
        where.here.append((split, "error"))
        if self.chance.random() < 0.1:
            return
        leaves = [one for one in inside.here[1:] if one[1] != "error"] or inside.here
        sources = self.chance.sample(leaves, min(len(leaves), self.chance.randint(1, 3)))
        join = self._name("join")
        self._put(join, {"type": "join", "config": {"mode": "collect"}}, sources)
        where.here += self._ends(join)

    def _split_node(self, where: Where) -> dict[str, Any]:
        items = self.chance.choice(
            [
                "[1, 2, 3]",
                "[]",
                "[input.n, 0]",
                '{"a": 1, "b": [2]}',
                "[[1, 2], [3]]",
                "vars.log",
                "input.n",
                *(["[item, index]"] if where.in_split else []),
            ]
        )
        config = {
            "items": items,
            "max_concurrency": self.chance.choice([1, 2, 10]),
            "on_item_error": self.chance.choice(["fail", "null", "drop"]),
        }
        policy = {} if items != "input.n" else self._policy(0.8)
        return {"type": "split", "config": config, "policy": policy}

    def _loose(self, where: Where, first: int) -> list[tuple[str, str]]:
        """Ends of nodes drawn since the `first` that lead nowhere yet."""
        followed = {edge.partition(".")[0] for edge in self.edges}
        recent = list(self.nodes)[first:]
        return [end for end in where.here if end[0] in recent and end[0] not in followed]

    # -- nodes

    def _node(self, where: Where) -> str:
        kinds = ["transform", "transform", "agent", "shaky", "set_variable", "condition", "delay", "join"]
        kinds += ["subworkflow"] if self.slugs else []
        kinds += [] if where.depth else ["input"]
        kinds += ["output"] if self.chance.random() < 0.3 else []
        kind = self.chance.choice(kinds)
        name = self._name(kind[:3] + "_")
        sources = [] if kind == "input" else self._sources(where)
        seen = {one for source, _ in sources for one in (*self.before[source], source)}
        self._put(name, getattr(self, f"_{kind}")(where, seen), sources)
        where.here += self._ends(name)
        return name

    def _sources(self, where: Where) -> list[tuple[str, str]]:
        must = self.chance.sample(where.here, 1) if where.depth and where.here else []
        both = [*where.here, *where.outside]
        more = self.chance.sample(both, min(len(both), self.chance.choice([0, 1, 1, 2])))
        return list(dict.fromkeys([*must, *more]))

    def _add(self, stem: str, node: dict[str, Any], where: Where) -> str:
        name = self._name(stem)
        self._put(name, node, self._sources(where))
        return name

    def _put(self, name: str, node: dict[str, Any], sources: list[tuple[str, str]]) -> None:
        self.nodes[name] = node
        self.before[name] = {one for source, _ in sources for one in (*self.before[source], source)}
        self.edges += [f"{source}.{port} > {name}" for source, port in sources]

    def _name(self, stem: str) -> str:
        self.named += 1
        return f"{stem}{self.named}"

    def _ends(self, name: str) -> list[tuple[str, str]]:
        node = self.nodes[name]
        ports = ["true", "false"] if node["type"] == "condition" else ["out"]
        if node.get("policy", {}).get("on_error") == "route":
            ports.append("error")
        return [(name, port) for port in ports]

    # -- one of each type

    def _policy(self, handled: float = 0.7) -> dict[str, Any]:
        on_error = self.chance.choice(["route", "continue"]) if self.chance.random() < handled else "fail"
        return {"on_error": on_error, "default": self.chance.choice([None, "instead", [7]])}

    def _input(self, where: Where, seen: set[str]) -> dict[str, Any]:
        return {"type": "input"}

    def _output(self, where: Where, seen: set[str]) -> dict[str, Any]:
        return {"type": "output", "config": self.chance.choice([{}, {"value": self._safe(where, seen)}])}

    def _transform(self, where: Where, seen: set[str]) -> dict[str, Any]:
        if self.chance.random() < 0.2:
            return {
                "type": "transform",
                "config": {"expression": self._risky(where, seen)},
                "policy": self._policy(),
            }
        return {"type": "transform", "config": {"expression": self._safe(where, seen)}}

    def _agent(self, where: Where, seen: set[str]) -> dict[str, Any]:
        prompt = f"say {{{{ {self._safe(where, seen)} }}}}"
        return {"type": "agent", "config": {"prompt": prompt}, "policy": {"max_attempts": 20}}

    def _shaky(self, where: Where, seen: set[str]) -> dict[str, Any]:
        behaviour = self.chance.choice(["works", "works", "fails"])
        return {"type": "shaky", "config": {"behaviour": f"it {behaviour}"}, "policy": self._policy()}

    def _set_variable(self, where: Where, seen: set[str]) -> dict[str, Any]:
        name = self.chance.choice([*REDUCERS, "plain"])
        if name == "plain" and (self.has_plain_write or where.in_split):
            name = "log"
        self.has_plain_write |= name == "plain"
        value = {
            "total": self.chance.choice(["1", "input.n", "0.5"]),
            "both": '{"a": input.n, "b": 1}',
        }.get(name) or self._safe(where, seen)
        if self.chance.random() < 0.1:
            value = self._risky(where, seen)
        config = {"name": name, "value": value, "reducer": REDUCERS.get(name)}
        return {"type": "set_variable", "config": config, "policy": self._policy(0.9)}

    def _condition(self, where: Where, seen: set[str]) -> dict[str, Any]:
        choices = ["true", "input.n % 2 == 0", "size(vars.log) > 2"]
        choices += [
            f"{root} == {self.chance.randint(1, 2)}" for root in ("index", "iteration") if root in where.roots
        ]
        return {"type": "condition", "config": {"expression": self.chance.choice(choices)}}

    def _delay(self, where: Where, seen: set[str]) -> dict[str, Any]:
        return {"type": "delay", "config": {"duration_s": self.chance.choice([0, 3, 500])}}

    def _join(self, where: Where, seen: set[str]) -> dict[str, Any]:
        modes = ["all", "any", "any"] + (["first"] if self.ends_by_clock else [])
        config = {"mode": self.chance.choice(modes), "cancel_losers": self.chance.random() < 0.5}
        return {"type": "join", "config": config}

    def _subworkflow(self, where: Where, seen: set[str]) -> dict[str, Any]:
        number = self.chance.choice(["input.n", *(root for root in where.roots if root != "item")])
        config = {"workflow": self.chance.choice(self.slugs), "input": {"n": number}}
        return {"type": "subworkflow", "config": config, "policy": self._policy(0.5)}

    def _safe(self, where: Where, seen: set[str]) -> str:
        """An expression that has a value whatever was skipped."""
        choices = ["input.n", "vars.log", "vars.total", "vars.both", "vars.last", "vars.plain", *where.roots]
        choices += [f"has(nodes.{name}) ? nodes.{name} : 0" for name in sorted(seen)] * 2
        choices += [f"has(nodes.{name}) && nodes.{name} != null ? 1 : 0" for name in where.later]
        return self.chance.choice(choices)

    def _risky(self, where: Where, seen: set[str]) -> str:
        """One that sometimes has none."""
        choices = ["1 / (input.n - 2)"]
        choices += [f"6 / ({root} - {self.chance.randint(0, 2)})" for root in where.roots]
        choices += [f"nodes.{name}" for name in sorted(seen)]
        return self.chance.choice(choices)
