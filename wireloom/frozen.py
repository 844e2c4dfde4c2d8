"""Values that are made by the dozen for every call that a step makes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import dataclass_transform


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen[T](cls: type[T]) -> type[T]:
    """A frozen dataclass to type checkers; at run time one that is only slotted, as events are.

    Freezing at run time makes a value four times as costly.
    """
    return dataclass(slots=True)(cls)
