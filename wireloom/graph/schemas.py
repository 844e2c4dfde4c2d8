"""JSON Schema: whether a value fits, told with places.

Users write these schemas, so patterns are RE2, nothing is fetched, and
references that multiply each other come to an end.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import ContextVar
from functools import lru_cache
from itertools import islice
from typing import Any

from wireloom.graph.expressions.patterns import compile_pattern
from wireloom.graph.expressions.values import Mismatch, identity, weight
from wireloom.graph.problems import Problem

#: Problems told of one value.
MAX_PROBLEMS = 100
#: References that may be followed for one value: so many, and so many more per value inside it.
_FREE_REFERENCES, _REFERENCES_PER_VALUE = 10_000, 20

_references_left: ContextVar[int] = ContextVar("references_left")


class _TooManyReferences(ValueError):
    pass


def schema_problems(value: Any, schema: dict[str, Any], *, code: str) -> list[Problem]:
    """What in `value` the `schema` (draft 2020-12) does not allow, up to 100 problems; `field` is the path to it.

    Raises ValueError if the schema is none.
    """
    if not schema:
        return []  # nothing is asked, so nothing is loaded
    check_schema(schema)
    from jsonschema.exceptions import ValidationError
    from referencing.exceptions import Unresolvable

    left = _references_left.set(_FREE_REFERENCES + _REFERENCES_PER_VALUE * weight(value, limit=10_000_000))
    try:
        validator = _validator_class()(schema, registry=_no_registry())
        errors: list[ValidationError] = list(islice(validator.iter_errors(value), MAX_PROBLEMS))
    except Unresolvable as error:
        raise ValueError(f"The schema refers to what is not in it: {error}.") from None
    except (_TooManyReferences, RecursionError):
        raise ValueError("The schema's references lead round in circles, or multiply each other.") from None
    finally:
        _references_left.reset(left)
    errors.sort(key=lambda error: [str(part) for part in error.absolute_path])
    return [_problem(error, code) for error in errors]


def check_schema(schema: dict[str, Any]) -> None:
    """Raises ValueError if `schema` is no schema, or asks for what is not supported here."""
    from jsonschema.exceptions import SchemaError
    from referencing.jsonschema import DRAFT202012

    try:
        _validator_class().check_schema(schema)
    except SchemaError as error:
        raise ValueError(f"The schema is none: {_shortened(error.message)}.") from None
    except RecursionError:
        raise ValueError("The schema is nested too deep.") from None
    todo: list[Any] = [schema]
    while todo:
        inner = todo.pop()
        if not isinstance(inner, dict):
            continue
        if "patternProperties" in inner:
            raise ValueError("patternProperties is not supported.")
        if isinstance(pattern := inner.get("pattern"), str):
            _compiled(pattern)
        todo.extend(DRAFT202012.subresources_of(inner))


def _problem(error: Any, code: str) -> Problem:
    field = ".".join(str(part) for part in error.absolute_path)
    if error.validator == "required":
        return Problem(code, f"{field!r} is required.", field=field)
    return Problem(code, f"{field or 'The value'}: {_shortened(error.message)}.", field=field or None)


def _shortened(message: str) -> str:
    return message if len(message) <= 300 else f"{message[:300]}…"


@lru_cache(maxsize=1)
def _validator_class() -> Any:
    # jsonschema takes 60 ms to import, and only runs with a schema need it.
    from jsonschema import Draft202012Validator, validators

    keywords = {
        "pattern": _pattern,
        "required": _required,
        "uniqueItems": _unique_items,
        "$ref": _reference,
        "$dynamicRef": _reference,
    }
    return validators.extend(Draft202012Validator, keywords)


@lru_cache(maxsize=1)
def _no_registry() -> Any:
    from referencing import Registry

    return Registry()


def _compiled(pattern: str) -> Any:
    try:
        return compile_pattern(pattern)
    except UnicodeEncodeError:
        raise ValueError("A pattern holds half a surrogate pair.") from None
    except Mismatch as mismatch:
        raise ValueError(str(mismatch)) from None


# -- keywords, as jsonschema calls them


def _pattern(validator: Any, pattern: Any, instance: Any, schema: Any) -> Iterator[Any]:
    from jsonschema.exceptions import ValidationError

    if not isinstance(instance, str):
        return
    try:
        found = _compiled(pattern).search(instance)
    except UnicodeEncodeError:
        found = None
    if found is None:
        yield ValidationError(f"{instance[:80]!r} does not match {pattern!r}")


def _required(validator: Any, required: Any, instance: Any, schema: Any) -> Iterator[Any]:
    """Each missing name at its own path."""
    from jsonschema.exceptions import ValidationError

    if isinstance(instance, dict):
        yield from (
            ValidationError(f"{name!r} is required", path=[name]) for name in required if name not in instance
        )


def _unique_items(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[Any]:
    """jsonschema's own compares each with each where items are objects."""
    from jsonschema.exceptions import ValidationError

    if wanted and isinstance(instance, list) and len(set(map(identity, instance))) < len(instance):
        yield ValidationError("has an item twice")


def _reference(validator: Any, reference: Any, instance: Any, schema: Any) -> Iterator[Any]:
    left = _references_left.get(_FREE_REFERENCES) - 1
    if left < 0:
        raise _TooManyReferences
    _references_left.set(left)
    yield from validator._validate_reference(ref=reference, instance=instance)
