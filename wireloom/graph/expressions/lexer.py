"""Text into tokens, as CEL's specification spells them (bytes and unsigned numbers left out: values are JSON)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from wireloom.graph.expressions.errors import InvalidExpression, Span

type TokenKind = Literal["int", "float", "string", "name", "operator", "end"]


@dataclass(frozen=True, slots=True)
class Token:
    kind: TokenKind
    #: The operator or name as written; for literals, their value.
    value: str | int | float
    loc: Span


_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\n\f]+ | //[^\n]*)
  | (?P<float>[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)? | [0-9]+[eE][+-]?[0-9]+ | \.[0-9]+(?:[eE][+-]?[0-9]+)?)
  | (?P<hex>0[xX][0-9a-fA-F]+)
  | (?P<int>[0-9]+)
  | (?P<string>(?P<raw>[rR]?)(?P<quote>\"{3}|'{3}|["']))
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<operator>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()\[\]{}])
    """,
    re.VERBOSE,
)

_ESCAPE = re.compile(
    r"\\(?:([abfnrtv\\?\"'`])|x([0-9a-fA-F]{2})|X([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|(.|\n|$))"
)
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_MAX_INT = 2**63  # the sign is a separate token, so -2**63 needs this one


def tokenize(source: str) -> list[Token]:
    """Give the tokens of `source`, closed by one of kind `end`.

    Raises InvalidExpression at the first character that begins no token.
    """
    tokens: list[Token] = []
    at = 0
    while at < len(source):
        found = _TOKEN.match(source, at)
        if found is None:
            raise InvalidExpression(
                f"{source[at]!r} begins nothing that an expression knows.", Span(at, at + 1)
            )
        if found["quote"]:
            token = _string(source, found)
            tokens.append(token)
            at = token.loc.end
            continue
        if not found["space"]:
            tokens.append(_plain(found))
        at = found.end()
    tokens.append(Token("end", "", Span(at, at)))
    return tokens


def _plain(found: re.Match[str]) -> Token:
    loc = Span(*found.span())
    text = found.group()
    if found["float"]:
        if not math.isfinite(fraction := float(text)):
            raise InvalidExpression(f"{text[:30]} is no number that JSON can hold.", loc)
        return Token("float", fraction, loc)
    if found["int"] or found["hex"]:
        # Too many digits would make the conversion itself slow.
        value = int(text, 0 if found["hex"] else 10) if len(text) < 25 else _MAX_INT + 1
        if value > _MAX_INT:
            raise InvalidExpression(f"{text[:30]} is no 64-bit number.", loc)
        return Token("int", value, loc)
    return Token("name" if found["name"] else "operator", text, loc)


def _string(source: str, opening: re.Match[str]) -> Token:
    quote, raw, begin = opening["quote"], bool(opening["raw"]), opening.end()
    at = begin
    while not source.startswith(quote, at):
        if at >= len(source) or (source[at] in "\r\n" and len(quote) == 1):
            raise InvalidExpression(
                f"This text is not closed: {quote} is missing.", Span(opening.start(), at)
            )
        at += 2 if source[at] == "\\" and not raw else 1
    body = source[begin:at]
    return Token("string", body if raw else _unescape(body, begin), Span(opening.start(), at + len(quote)))


def _unescape(body: str, begin: int) -> str:
    def one(found: re.Match[str]) -> str:
        simple, x, upper_x, u, upper_u, octal, unknown = found.groups()
        if simple is not None:
            return _SIMPLE.get(simple, simple)
        if unknown is None:
            code = int(octal, 8) if octal else int(x or upper_x or u or upper_u, 16)
            if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
                return chr(code)
        raise InvalidExpression(
            f"{found.group()!r} is no escape.", Span(begin + found.start(), begin + found.end())
        )

    return _ESCAPE.sub(one, body) if "\\" in body else body
