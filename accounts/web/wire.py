"""JSON as it comes in and goes out: strict where it is read, fast where it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import IO, Any

import orjson
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from accounts.web.problems import Invalid, Malformed

SURROGATE = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
#: Digits of the longest whole number taken: below it Python reads one in no time.
MAX_DIGITS = 300


def read_json(raw: bytes) -> Any:
    """The value of `raw`.

    Raises Malformed for what is not JSON in UTF-8 (NaN and endless nesting
    too), and Invalid for a field named twice, or text that is no Unicode.
    """
    try:
        value = json.loads(
            raw.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant, parse_int=_integer
        )
    except (ValueError, RecursionError) as error:
        raise Malformed(f"The body is not JSON: {_what(error)}.") from None
    if SURROGATE.search(raw):
        _require_unicode(value)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Invalid(
            "A field is named twice.",
            errors=[{"code": "duplicate_field", "message": f"{twice!r} is named twice.", "field": twice}],
        )
    return members


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"a number has more than {MAX_DIGITS} digits")
    return int(digits)


def _what(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg.lower()}, line {error.lineno} column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


def _require_unicode(value: Any) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise Invalid(
            "The body holds half of a surrogate pair, which is no text.",
            errors=[{"code": "invalid_text", "message": "Half of a surrogate pair is no text."}],
        ) from None


def write_json(value: Any) -> bytes:
    """`value` as compact JSON in UTF-8; whole numbers may be of any size."""
    try:
        return orjson.dumps(value, default=str, option=orjson.OPT_UTC_Z)
    except TypeError:
        # orjson stops at 64 bits and at half surrogates, which models do produce.
        return json.dumps(value, default=_plain, separators=(",", ":")).encode("ascii")


def _plain(value: Any) -> Any:
    return json.loads(orjson.dumps(value)) if isinstance(value, orjson.Fragment) else str(value)


class StrictJSONParser(BaseParser):
    """Bodies of the API."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return read_json(stream.read())


class JSONRenderer(BaseRenderer):
    """Answers of the API."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else write_json(data)


class AlwaysJSON(DefaultContentNegotiation):
    """The API speaks JSON whatever Accept says; the few views that speak more look at it themselves."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type
