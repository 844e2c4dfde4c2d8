"""Which values an expression reads, known before it runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wireloom.graph.expressions.errors import Span
from wireloom.graph.expressions.syntax import Constant, Has, Index, Macro, Member, Name, Syntax, children


@dataclass(frozen=True, slots=True)
class Reference:
    """A root and the fields below it as far as they are written out: `nodes.a.b[i]` is `nodes`, `("a", "b")`."""

    root: str
    path: tuple[str, ...]
    loc: Span


def references(tree: Syntax) -> tuple[Reference, ...]:
    """Every read of a root, in the order of the source; loop variables are no roots."""
    return tuple(_read(tree, frozenset()))


def _read(node: Syntax, variables: frozenset[str]) -> Iterator[Reference]:
    path: list[str] = []
    base = node
    while (step := _step(base)) is not None:
        base, field = step
        path.append(field)
    if isinstance(base, Name):
        if base.name not in variables:
            yield Reference(base.name, tuple(reversed(path)), node.loc)
        return
    if base is not node:
        yield from _read(base, variables)
        return
    if isinstance(node, Macro):
        yield from _read(node.base, variables)
        inner = variables | {node.variable}
        for part in (node.condition, node.result):
            if part is not None:
                yield from _read(part, inner)
        return
    for child in children(node):
        yield from _read(child, variables)


def _step(node: Syntax) -> tuple[Syntax, str] | None:
    match node:
        case Member(base=base, field=field) | Has(base=base, field=field):
            return base, field
        case Index(base=base, index=Constant(value=str(field))):
            return base, field
    return None
