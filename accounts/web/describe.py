"""What an endpoint takes and gives, said beside its code; the OpenAPI document is drawn from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rest_framework import serializers


@dataclass(frozen=True, slots=True)
class Description:
    """`takes` is the body; `gives` the answer under `status`, one page of it if `listed`; `also` other answers by status."""

    takes: type[serializers.BaseSerializer[Any]] | None = None
    gives: Any = None
    status: int = 200
    listed: bool = False
    media_type: str = "application/json"
    also: dict[int, Any] = field(default_factory=dict)


def describe[F: Callable[..., Any]](**described: Any) -> Callable[[F], F]:
    """Attach a Description to a method of an `ApiView`; its docstring tells the rest."""

    def attach(method: F) -> F:
        method.description = Description(**described)  # type: ignore[attr-defined]  # read by server.schema
        return method

    return attach
