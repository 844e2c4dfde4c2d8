"""Tokens into a tree: CEL's grammar by precedence climbing.

Source: the grammar of the Common Expression Language specification.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from wireloom.graph.expressions.errors import ExpressionTooLarge, InvalidExpression, Span
from wireloom.graph.expressions.lexer import Token, tokenize
from wireloom.graph.expressions.syntax import (
    Call,
    Chain,
    Choice,
    Constant,
    Has,
    Index,
    Junction,
    ListOf,
    Macro,
    MacroKind,
    Member,
    Name,
    ObjectOf,
    Syntax,
    Unary,
    depth,
)

MAX_SOURCE = 8 * 1024
MAX_DEPTH = 32

_CONSTANTS = {"true": True, "false": False, "null": None}
#: Words that CEL keeps for itself and its hosts; none may name a variable.
_RESERVED = frozenset(
    [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
    ]
)
_RELATIONS = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})
_MACROS: dict[str, MacroKind] = {
    "map": "map",
    "filter": "filter",
    "exists": "exists",
    "all": "all",
    "exists_one": "exists_one",
}


def parse(source: str) -> Syntax:
    """Give the tree of `source`.

    Raises ExpressionTooLarge over 8 KiB or 32 levels, InvalidExpression for
    anything that is no expression, each with its place.
    """
    if len(source.encode("utf-8", "surrogatepass")) > MAX_SOURCE:
        raise ExpressionTooLarge(f"An expression may have {MAX_SOURCE} bytes.", Span(0, len(source)))
    tree = _Parser(tokenize(source)).whole()
    if depth(tree) > 2 * MAX_DEPTH:  # a path on a path on a path: each short, together deep
        raise ExpressionTooLarge(f"An expression may be nested {MAX_DEPTH} deep.", tree.loc)
    return tree


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    # -- tokens

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _sees(self, *operators: str) -> bool:
        token = self._next
        return token.kind in ("operator", "name") and token.value in operators

    def _accept(self, operator: str) -> bool:
        if self._sees(operator):
            self._at += 1
            return True
        return False

    def _expect(self, operator: str) -> Token:
        if not self._sees(operator):
            raise self._unexpected(f"{operator!r} is missing")
        return self._take()

    def _unexpected(self, wish: str) -> InvalidExpression:
        token = self._next
        seen = "the end" if token.kind == "end" else repr(token.value)
        return InvalidExpression(f"{wish} before {seen}.", token.loc)

    def _since(self, start: Syntax | Token) -> Span:
        return Span(start.loc.start, self._tokens[self._at - 1].loc.end)

    # -- grammar, loosest first

    def whole(self) -> Syntax:
        tree = self._expression()
        if self._next.kind != "end":
            raise self._unexpected("an operator is missing")
        return tree

    def _expression(self) -> Syntax:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionTooLarge(f"An expression may be nested {MAX_DEPTH} deep.", self._next.loc)
        condition = self._junction("||", lambda: self._junction("&&", self._relation))
        if self._accept("?"):
            then = self._junction("||", lambda: self._junction("&&", self._relation))
            self._expect(":")
            otherwise = self._expression()
            condition = Choice(self._since(condition), condition, then, otherwise)
        self._depth -= 1
        return condition

    def _junction(self, operator: Literal["||", "&&"], operand: Callable[[], Syntax]) -> Syntax:
        operands = [operand()]
        while self._accept(operator):
            operands.append(operand())
        return (
            operands[0]
            if len(operands) == 1
            else Junction(self._since(operands[0]), operator, tuple(operands))
        )

    def _relation(self) -> Syntax:
        return self._chain(_RELATIONS, self._sum)

    def _sum(self) -> Syntax:
        return self._chain({"+", "-"}, self._product)

    def _product(self) -> Syntax:
        return self._chain({"*", "/", "%"}, self._unary)

    def _chain(self, operators: set[str] | frozenset[str], operand: Callable[[], Syntax]) -> Syntax:
        first = operand()
        rest: list[tuple[str, Syntax]] = []
        while self._sees(*operators):
            operator = str(self._take().value)
            rest.append((operator, operand()))
        return Chain(self._since(first), first, tuple(rest)) if rest else first

    def _unary(self) -> Syntax:
        start = self._next
        if self._accept("!"):
            operator: Literal["!", "-"] = "!"
        elif self._accept("-"):
            operator = "-"
            if self._next.kind == "int" and self._next.value == 2**63:
                return Constant(self._since(start), -int(self._take().value))
        else:
            return self._postfix()
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ExpressionTooLarge(f"An expression may be nested {MAX_DEPTH} deep.", start.loc)
        operand = self._unary()
        self._depth -= 1
        return Unary(self._since(start), operator, operand)

    def _postfix(self) -> Syntax:
        tree = self._primary()
        links = 0
        while self._sees(".", "["):
            links += 1
            if links > MAX_DEPTH:
                raise ExpressionTooLarge(f"A path may have {MAX_DEPTH} parts.", self._next.loc)
            tree = self._link(tree)
        return tree

    def _link(self, base: Syntax) -> Syntax:
        if self._accept("["):
            index = self._expression()
            self._expect("]")
            return Index(self._since(base), base, index)
        self._expect(".")
        if self._next.kind != "name":
            raise self._unexpected("a field name is missing")
        field = str(self._take().value)
        if not self._accept("("):
            return Member(self._since(base), base, field)
        if field in _MACROS:
            return self._macro(_MACROS[field], base)
        args = self._list_until(")")
        return Call(self._since(base), field, (base, *args), method=True)

    def _macro(self, kind: MacroKind, base: Syntax) -> Syntax:
        args = self._list_until(")")
        loc = self._since(base)
        if not args or not isinstance(args[0], Name):
            raise InvalidExpression(
                f"{kind}() begins with the name of its variable, as in xs.{kind}(x, …).", loc
            )
        variable = args[0].name
        match kind, args[1:]:
            case "map", (result,):
                return Macro(loc, kind, base, variable, None, result)
            case "map", (condition, result):
                return Macro(loc, kind, base, variable, condition, result)
            case _, (condition,) if kind != "map":
                return Macro(loc, kind, base, variable, condition, None)
            case _:
                raise InvalidExpression(f"{kind}() is given a variable and an expression.", loc)

    def _list_until(self, closing: str) -> tuple[Syntax, ...]:
        items: list[Syntax] = []
        while not self._accept(closing):
            items.append(self._expression())
            if not self._sees(closing):
                self._expect(",")
                if closing == ")" and self._sees(closing):
                    raise self._unexpected("an argument is missing")
        return tuple(items)

    def _primary(self) -> Syntax:
        token = self._take()
        match token.kind, token.value:
            case (("int" | "float" | "string"), value):
                if value == 2**63:
                    raise InvalidExpression(f"{value} is no 64-bit number.", token.loc)
                return Constant(token.loc, value)
            case "operator", "(":
                inner = self._expression()
                self._expect(")")
                return inner
            case "operator", "[":
                items = self._list_until("]")
                return ListOf(self._since(token), items)
            case "operator", "{":
                return self._object(token)
            case "name", str(name):
                return self._named(token, name)
        self._at -= 1
        raise self._unexpected("a value is missing")

    def _object(self, opening: Token) -> Syntax:
        entries: list[tuple[Syntax, Syntax]] = []
        while not self._accept("}"):
            key = self._expression()
            self._expect(":")
            entries.append((key, self._expression()))
            if not self._sees("}"):
                self._expect(",")
        return ObjectOf(self._since(opening), tuple(entries))

    def _named(self, token: Token, name: str) -> Syntax:
        if name in _CONSTANTS:
            return Constant(token.loc, _CONSTANTS[name])
        if name == "in" or name in _RESERVED:
            raise InvalidExpression(f"{name!r} is a reserved word.", token.loc)
        if not self._accept("("):
            return Name(token.loc, name)
        args = self._list_until(")")
        loc = self._since(token)
        if name != "has":
            return Call(loc, name, args, method=False)
        if len(args) != 1 or not isinstance(args[0], Member):
            raise InvalidExpression("has() asks about one field, as in has(input.topic).", loc)
        return Has(loc, args[0].base, args[0].field)
