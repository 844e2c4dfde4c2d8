"""A tree into closures: each node becomes one function of the frame.

Closures take about a tenth of the time of walking the tree. A tree has at most
8 KiB of source, so only loops can make an evaluation long: they alone count steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from wireloom.graph.expressions import syntax
from wireloom.graph.expressions.errors import (
    ExpressionError,
    ExpressionLimit,
    InvalidExpression,
    Span,
    UnknownName,
)
from wireloom.graph.expressions.frame import Frame
from wireloom.graph.expressions.functions import FUNCTIONS
from wireloom.graph.expressions.syntax import Syntax
from wireloom.graph.expressions.values import BINARY, Mismatch, negate, type_name

type Code = Callable[[Frame], Any]

#: Operators that may look at every value inside their right side.
_WALKING = frozenset({"==", "!=", "in", "<", "<=", ">", ">="})
#: Fields that an error lists before it says how many more there are.
_SHOWN_FIELDS = 12


def compile_tree(tree: Syntax, roots: frozenset[str]) -> tuple[Code, int]:
    """Give the code of `tree` and the number of local slots its frames need.

    Raises UnknownName for a name that is neither a root nor a loop's variable,
    InvalidExpression for a function that there is not.
    """
    compiler = _Compiler(roots)
    return compiler.compile(tree), compiler.slots


class _Compiler:
    def __init__(self, roots: frozenset[str]) -> None:
        self.roots = roots
        self.slots = 0
        self._variables: dict[str, int] = {}

    def compile(self, node: Syntax) -> Code:
        match node:
            case syntax.Constant(value=value):
                return lambda frame: value
            case syntax.Name():
                return self._name(node)
            case syntax.Member(loc=loc, base=base, field=field):
                return _member(self.compile(base), field, loc)
            case syntax.Index(loc=loc, base=base, index=index):
                return _index(self.compile(base), self.compile(index), loc)
            case syntax.Has(loc=loc, base=base, field=field):
                return _has(self.compile(base), field, loc)
            case syntax.Chain(loc=loc, first=first, rest=rest):
                return self._chain(self.compile(first), rest, loc)
            case syntax.Junction(loc=loc, operator=operator, operands=operands):
                return _junction([self.compile(operand) for operand in operands], operator == "||", loc)
            case syntax.Unary(loc=loc, operator="!", operand=operand):
                return _not(self.compile(operand), loc)
            case syntax.Unary(loc=loc, operand=operand):
                return _apply(negate, [self.compile(operand)], loc)
            case syntax.Choice(loc=loc, condition=condition, then=then, otherwise=otherwise):
                return _choice(self.compile(condition), self.compile(then), self.compile(otherwise), loc)
            case syntax.ListOf(loc=loc, items=items):
                return _list([self.compile(item) for item in items], loc)
            case syntax.ObjectOf(loc=loc, entries=entries):
                return _object([(self.compile(key), self.compile(value)) for key, value in entries], loc)
            case syntax.Call():
                return self._call(node)
            case syntax.Macro():
                return self._macro(node)
        raise AssertionError(f"No code for {type(node).__name__}.")

    def _name(self, node: syntax.Name) -> Code:
        name, loc = node.name, node.loc
        slot = self._variables.get(name)
        if slot is not None:
            return lambda frame: frame.locals[slot]
        if name not in self.roots:
            known = ", ".join(sorted(self.roots | self._variables.keys()))
            raise UnknownName(f"There is no {name!r} here. There are {known}.", loc)

        def root(frame: Frame) -> Any:
            try:
                return frame.scope[name]
            except KeyError:
                raise ExpressionError(f"{name!r} has no value here.", loc) from None

        return root

    def _chain(self, first: Code, rest: Sequence[tuple[str, Syntax]], loc: Span) -> Code:
        if len(rest) == 1:
            return _binary(rest[0][0], first, self.compile(rest[0][1]), loc)
        return _binaries(first, [(operator, self.compile(right)) for operator, right in rest], loc)

    def _call(self, node: syntax.Call) -> Code:
        function = FUNCTIONS.get(node.function)
        if function is None:
            raise InvalidExpression(
                f"There is no function {node.function!r}. There are {', '.join(sorted(FUNCTIONS))}.", node.loc
            )
        if not function.least <= len(node.args) <= function.most:
            wanted = f"{function.least}" + (f" to {function.most}" if function.most > function.least else "")
            raise InvalidExpression(
                f"{node.function}() takes {wanted} arguments, not {len(node.args)}.", node.loc
            )
        args = [self.compile(arg) for arg in node.args]
        return (_apply_paying if function.pays else _apply)(function.call, args, node.loc)

    def _macro(self, node: syntax.Macro) -> Code:
        base = self.compile(node.base)
        slot = self.slots
        self.slots += 1
        hidden = self._variables.get(node.variable)
        self._variables[node.variable] = slot
        condition = self.compile(node.condition) if node.condition else None
        result = self.compile(node.result) if node.result else None
        if hidden is None:
            del self._variables[node.variable]
        else:
            self._variables[node.variable] = hidden
        cost = sum(syntax.size(part) for part in (node.condition, node.result) if part)
        items = _items(base, slot, node.kind, cost, node.loc)
        match node.kind:
            case "map" | "filter":
                return _collect(items, condition, result, node.loc)
            case "exists_one":
                assert condition is not None
                return lambda frame: sum(_truth(condition(frame), node.loc) for _ in items(frame)) == 1
            case "exists" | "all":
                assert condition is not None
                return _quantifier(items, condition, node.kind == "exists", node.loc)


# -- fields and indexes


def _member(base: Code, field: str, loc: Span) -> Code:
    def member(frame: Frame) -> Any:
        value = base(frame)
        try:
            return value[field]
        except (KeyError, TypeError, IndexError):
            raise ExpressionError(_no_field(value, field), loc) from None

    return member


def _no_field(value: Any, field: str) -> str:
    if not isinstance(value, dict):
        return f"{type_name(value)} has no field {field!r}."
    if not value:
        return f"There is no {field!r}: the object is empty."
    more = f" and {len(value) - _SHOWN_FIELDS} more" if len(value) > _SHOWN_FIELDS else ""
    return f"There is no {field!r}, only {', '.join(list(value)[:_SHOWN_FIELDS])}{more}."


def _index(base: Code, index: Code, loc: Span) -> Code:
    def item(frame: Frame) -> Any:
        value, at = base(frame), index(frame)
        if isinstance(value, dict):
            if not isinstance(at, str):
                raise ExpressionError(f"Fields are named by text, not by {type_name(at)}.", loc)
            if at not in value:
                raise ExpressionError(_no_field(value, at), loc)
            return value[at]
        if not isinstance(value, list):
            raise ExpressionError(f"{type_name(value)} has no items.", loc)
        if isinstance(at, float) and at.is_integer():
            at = int(at)
        if type(at) is not int:
            raise ExpressionError(f"Items are counted by whole numbers, not by {type_name(at)}.", loc)
        if not 0 <= at < len(value):
            raise ExpressionError(f"There is no item {at}: the list has {len(value)}.", loc)
        return value[at]

    return item


def _has(base: Code, field: str, loc: Span) -> Code:
    def has(frame: Frame) -> bool:
        value = base(frame)
        if not isinstance(value, dict):
            raise ExpressionError(f"{type_name(value)} has no fields.", loc)
        return field in value

    return has


# -- operators


def _truth(value: Any, loc: Span) -> bool:
    if value is True or value is False:
        return value
    raise ExpressionError(f"true or false is needed here, not {type_name(value)}.", loc)


def _binary(operator: str, left: Code, right: Code, loc: Span) -> Code:
    operate = _operation(operator, loc)
    return lambda frame: operate(frame, left(frame), right(frame))


def _binaries(first: Code, rest: Sequence[tuple[str, Code]], loc: Span) -> Code:
    """A loop, not closures in closures: 8 KiB of sums would be deeper than Python's stack."""
    steps = [(_operation(operator, loc), right) for operator, right in rest]

    def binaries(frame: Frame) -> Any:
        value = first(frame)
        for operate, right in steps:
            value = operate(frame, value, right(frame))
        return value

    return binaries


def _operation(operator: str, loc: Span) -> Callable[[Frame, Any, Any], Any]:
    operate = BINARY[operator]
    walks, makes = operator in _WALKING, operator == "+"

    def operation(frame: Frame, left: Any, right: Any) -> Any:
        if walks:
            frame.walk(right, loc)
        try:
            value = operate(left, right)
        except Mismatch as mismatch:
            raise ExpressionError(str(mismatch), loc) from None
        return frame.made(value, loc) if makes else value

    return operation


def _apply(function: Callable[..., Any], args: Sequence[Code], loc: Span) -> Code:
    def apply(frame: Frame) -> Any:
        values = [arg(frame) for arg in args]
        for value in values:
            frame.look(value, loc)
        try:
            return frame.made(function(*values), loc)
        except Mismatch as mismatch:
            raise ExpressionError(str(mismatch), loc) from None
        except OverflowError:
            raise ExpressionError("The number is beyond what JSON can hold.", loc) from None

    return apply


def _apply_paying(function: Callable[..., Any], args: Sequence[Code], loc: Span) -> Code:
    def apply(frame: Frame) -> Any:
        values = [arg(frame) for arg in args]
        try:
            return function(frame, *values)
        except Mismatch as mismatch:
            raise ExpressionError(str(mismatch), loc) from None
        except ExpressionLimit as limit:
            limit.loc = loc
            raise

    return apply


def _not(operand: Code, loc: Span) -> Code:
    return lambda frame: not _truth(operand(frame), loc)


def _junction(operands: Sequence[Code], decisive: bool, loc: Span) -> Code:
    """`||` (decided by one true) or `&&` (by one false).

    As CEL has it, a decisive operand outweighs an error in another: `false && 1/0 == 1` is false.
    """

    def junction(frame: Frame) -> bool:
        error: ExpressionError | None = None
        for operand in operands:
            try:
                if _truth(operand(frame), loc) is decisive:
                    return decisive
            except ExpressionError as raised:
                error = error or raised
        if error:
            raise error
        return not decisive

    return junction


def _choice(condition: Code, then: Code, otherwise: Code, loc: Span) -> Code:
    return lambda frame: then(frame) if _truth(condition(frame), loc) else otherwise(frame)


# -- lists and objects


def _list(items: Sequence[Code], loc: Span) -> Code:
    return lambda frame: frame.made([item(frame) for item in items], loc)


def _object(entries: Sequence[tuple[Code, Code]], loc: Span) -> Code:
    def make(frame: Frame) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in entries:
            name = key(frame)
            if not isinstance(name, str):
                raise ExpressionError(f"Fields are named by text, not by {type_name(name)}.", loc)
            if name in made:
                raise ExpressionError(f"The field {name!r} stands twice.", loc)
            made[name] = value(frame)
        return made

    return make


# -- loops

type Items = Callable[[Frame], Iterator[Any]]


def _items(base: Code, slot: int, kind: str, cost: int, loc: Span) -> Items:
    """Each item (of an object: each name) in turn, in its slot and paid for."""

    def items(frame: Frame) -> Iterator[Any]:
        value = base(frame)
        if not isinstance(value, list | dict):
            raise ExpressionError(
                f"{kind}() goes over a list or an object, not over {type_name(value)}.", loc
            )
        for item in value:
            frame.spend(cost, loc)
            frame.locals[slot] = item
            yield item

    return items


def _collect(items: Items, condition: Code | None, result: Code | None, loc: Span) -> Code:
    def collect(frame: Frame) -> list[Any]:
        found = [
            item if result is None else result(frame)
            for item in items(frame)
            if condition is None or _truth(condition(frame), loc)
        ]
        frame.made(found, loc)
        return found

    return collect


def _quantifier(items: Items, condition: Code, decisive: bool, loc: Span) -> Code:
    def quantifier(frame: Frame) -> bool:
        error: ExpressionError | None = None
        for _ in items(frame):
            try:
                if _truth(condition(frame), loc) is decisive:
                    return decisive
            except ExpressionError as raised:
                error = error or raised
        if error:
            raise error
        return not decisive

    return quantifier
