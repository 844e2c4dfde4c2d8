"""JSON Schema: whether a value fits, told with places. Users write these schemas, so patterns are RE2 and nothing is fetched."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from wireloom.graph.problems import Problem


def schema_problems(value: Any, schema: dict[str, Any], *, code: str) -> list[Problem]:
    """Everything in `value` that `schema` (draft 2020-12) does not allow; `field` is the path to it.

    Raises ValueError if the schema is none.
    """
    if not schema:
        return []  # nothing is asked, so nothing is loaded
    from jsonschema.exceptions import SchemaError
    from referencing.exceptions import Unresolvable

    try:
        validator = _validator_class()(schema, registry=_no_registry())
        validator.check_schema(schema)
        errors = sorted(
            validator.iter_errors(value), key=lambda error: [str(part) for part in error.absolute_path]
        )
    except SchemaError as error:
        raise ValueError(f"The schema is none: {error.message}.") from None
    except Unresolvable as error:
        raise ValueError(f"The schema refers to what is not in it: {error}.") from None
    return [_problem(error, code) for error in errors]


def _problem(error: Any, code: str) -> Problem:
    field = ".".join(str(part) for part in error.absolute_path)
    if error.validator == "required":
        missing = ast.literal_eval(error.message.removesuffix(" is a required property"))
        field = f"{field}.{missing}" if field else missing
        return Problem(code, f"{field!r} is required.", field=field)
    message = error.message if len(error.message) <= 300 else f"{error.message[:300]}…"
    return Problem(code, f"{field or 'The value'}: {message}.", field=field or None)


@lru_cache(maxsize=1)
def _validator_class() -> Any:
    # jsonschema takes 60 ms to import, and only runs with a schema need it.
    from jsonschema import Draft202012Validator, validators

    return validators.extend(Draft202012Validator, {"pattern": _pattern})


@lru_cache(maxsize=1)
def _no_registry() -> Any:
    from referencing import Registry

    return Registry()


def _pattern(validator: Any, pattern: Any, instance: Any, schema: Any) -> Iterator[Any]:
    import re2
    from jsonschema.exceptions import ValidationError

    if not isinstance(instance, str):
        return
    try:
        if re2.search(pattern, instance) is None:
            yield ValidationError(f"{instance[:80]!r} does not match {pattern!r}")
    except re2.error as error:
        yield ValidationError(f"{pattern!r} is no RE2 pattern: {error}")
