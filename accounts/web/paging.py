"""Lists in pages: `{results, next}`, each page found by the key after the last one."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Model, Q, QuerySet
from rest_framework import serializers

from accounts.web.fields import Fields
from accounts.web.problems import BadCursor

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


class Paging(Fields):
    """The query of every list."""

    limit = serializers.IntegerField(
        min_value=1, max_value=MAX_LIMIT, default=DEFAULT_LIMIT, help_text="How many results a page holds."
    )
    cursor = serializers.CharField(
        max_length=500, required=False, help_text="Where the page starts; taken from `next`."
    )


class WholeList(Paging):
    """The query of a list that is short and not stored: one page holds all of it unless a smaller one is asked for."""

    limit = serializers.IntegerField(
        min_value=1, max_value=MAX_LIMIT, default=MAX_LIMIT, help_text="How many results a page holds."
    )


def slice_of(
    items: Sequence[Any], *, query: dict[str, Any], url: str, params: dict[str, str]
) -> dict[str, Any]:
    """One page of `items`, which are at hand; the cursor is a place among them. Raises BadCursor."""
    start = 0
    if (cursor := query.get("cursor")) is not None:
        if not cursor.isascii() or not cursor.isdigit() or not 0 < int(cursor) < len(items):
            raise BadCursor("The cursor is not one that this list gave.")
        start = int(cursor)
    end = start + query["limit"]
    following = f"{url}?{urlencode({**params, 'cursor': end})}" if end < len(items) else None
    return {"results": list(items[start:end]), "next": following}


def page[M: Model](
    rows: QuerySet[M],
    render: Callable[[M], Any],
    *,
    query: dict[str, Any],
    url: str,
    params: dict[str, str],
    order: str = "-id",
) -> dict[str, Any]:
    """One page of `rows` by `order` and then id, with the URL of the next one or null.

    `url` is the list's own address and `params` the query string that led here. Raises BadCursor.
    """
    name, descending = order.lstrip("-"), order.startswith("-")
    sign, comparison = ("-", "lt") if descending else ("", "gt")
    limit = query["limit"]
    try:
        if (cursor := query.get("cursor")) is not None:
            rows = rows.filter(_beyond(name, comparison, *_decode(cursor)))
        found = list(rows.order_by(f"{sign}{name}", f"{sign}pk")[: limit + 1])
    except (ValidationError, ValueError):
        raise BadCursor("The cursor is not one that this list gave.") from None
    shown = found[:limit]
    following = None
    if len(found) > limit:
        following = (
            f"{url}?{urlencode({**params, 'cursor': _encode(getattr(shown[-1], name), shown[-1].pk)})}"
        )
    return {"results": [render(row) for row in shown], "next": following}


def _beyond(name: str, comparison: str, value: str, pk: str) -> Q:
    return Q(**{f"{name}__{comparison}": value}) | Q(**{name: value, f"pk__{comparison}": pk})


def _encode(value: Any, pk: object) -> str:
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return base64.urlsafe_b64encode(json.dumps([text, str(pk)]).encode()).decode().rstrip("=")


def _decode(cursor: str) -> tuple[str, str]:
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, RecursionError, TypeError):
        raise BadCursor("The cursor is not one that this list gave.") from None
    if not isinstance(value, str) or not isinstance(pk, str) or "\0" in value + pk:
        raise BadCursor("The cursor is not one that this list gave.")
    return value, pk
