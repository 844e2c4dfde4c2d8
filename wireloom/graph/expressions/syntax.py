"""The typed tree that the parser builds and the compiler reads.

Runs of one precedence are one flat node (`a + b - c` is a single `Chain`), so
the tree is never deeper than the nesting that a person wrote.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from wireloom.graph.expressions.errors import Span

type MacroKind = Literal["map", "filter", "exists", "all", "exists_one"]


@dataclass(frozen=True, slots=True)
class Syntax:
    loc: Span


@dataclass(frozen=True, slots=True)
class Constant(Syntax):
    value: bool | int | float | str | None


@dataclass(frozen=True, slots=True)
class Name(Syntax):
    name: str


@dataclass(frozen=True, slots=True)
class ListOf(Syntax):
    items: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True)
class ObjectOf(Syntax):
    entries: tuple[tuple[Syntax, Syntax], ...]


@dataclass(frozen=True, slots=True)
class Chain(Syntax):
    """`first op right op right …`, from the left; all operators of one precedence."""

    first: Syntax
    rest: tuple[tuple[str, Syntax], ...]


@dataclass(frozen=True, slots=True)
class Junction(Syntax):
    """`&&` or `||` over two or more operands."""

    operator: Literal["&&", "||"]
    operands: tuple[Syntax, ...]


@dataclass(frozen=True, slots=True)
class Unary(Syntax):
    operator: Literal["!", "-"]
    operand: Syntax


@dataclass(frozen=True, slots=True)
class Choice(Syntax):
    condition: Syntax
    then: Syntax
    otherwise: Syntax


@dataclass(frozen=True, slots=True)
class Member(Syntax):
    base: Syntax
    field: str


@dataclass(frozen=True, slots=True)
class Index(Syntax):
    base: Syntax
    index: Syntax


@dataclass(frozen=True, slots=True)
class Has(Syntax):
    base: Syntax
    field: str


@dataclass(frozen=True, slots=True)
class Call(Syntax):
    """A function over `args`; `x.f(y)` is `f` over `(x, y)` with `method` set."""

    function: str
    args: tuple[Syntax, ...]
    method: bool


@dataclass(frozen=True, slots=True)
class Macro(Syntax):
    kind: MacroKind
    base: Syntax
    variable: str
    condition: Syntax | None
    result: Syntax | None


def children(node: Syntax) -> Iterator[Syntax]:
    match node:
        case ListOf(items=items):
            yield from items
        case ObjectOf(entries=entries):
            for key, value in entries:
                yield key
                yield value
        case Chain(first=first, rest=rest):
            yield first
            yield from (right for _, right in rest)
        case Junction(operands=operands):
            yield from operands
        case Unary(operand=operand):
            yield operand
        case Choice(condition=condition, then=then, otherwise=otherwise):
            yield from (condition, then, otherwise)
        case Member(base=base) | Has(base=base):
            yield base
        case Index(base=base, index=index):
            yield from (base, index)
        case Call(args=args):
            yield from args
        case Macro(base=base, condition=test, result=result):
            yield base
            if test is not None:
                yield test
            if result is not None:
                yield result
        case _:
            return


def size(node: Syntax) -> int:
    """How many nodes the tree has: the steps that one evaluation of it takes, loops apart."""
    return 1 + sum(size(child) for child in children(node))


def depth(node: Syntax) -> int:
    """How many levels the tree has. Counted without recursion, for it guards the recursion of others."""
    deepest, level = 0, [node]
    while level:
        deepest += 1
        level = [child for parent in level for child in children(parent)]
    return deepest
