"""What a node type's config is made of: pydantic fields that know they are expressions, templates or text.

A field's kind goes into the JSON Schema as `x-kind`, from which the canvas
draws the form; its source is compiled while the config is validated, so a
config that validates can be evaluated without another look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    GetJsonSchemaHandler,
    PlainSerializer,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError

from wireloom.graph.expressions import Expression, ExpressionProblem, compile_expression
from wireloom.graph.templates import Template, compile_template


class NodeConfig(BaseModel):
    """The base of every node type's config. Frozen; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """The schema in which every field says its `x-kind`; `text` is what is taken as it stands."""
        schema = handler(core_schema)
        for described in handler.resolve_ref_schema(schema).get("properties", {}).values():
            described.setdefault("x-kind", _kind_inside(described) or "text")
        return schema


def _kind_inside(schema: dict[str, Any]) -> str | None:
    """The kind that a field's alternatives, items or members have."""
    inner = [*schema.get("anyOf", ()), schema.get("items"), schema.get("additionalProperties")]
    parts = [part for part in inner if isinstance(part, dict)]
    kinds = (part.get("x-kind") or _kind_inside(part) for part in parts)
    return next((kind for kind in kinds if kind), None)


class ConfigError(ValueError):
    """What a config's own validator finds wrong with `field`; `missing` if the field should be there."""

    def __init__(self, message: str, field: str, *, missing: bool = False) -> None:
        super().__init__(message)
        self.field = field
        self.missing = missing


def _compiled[T](value: object, kind: type[T], compile_source: Callable[[str], T]) -> T:
    if isinstance(value, kind):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "Text is needed here")
    try:
        return compile_source(value)
    except ExpressionProblem as problem:
        context = {"message": problem.message, "code": problem.code, "span": problem.loc}
        raise PydanticCustomError("invalid_expression", "{message}", context) from None


def _expression(value: object) -> Expression:
    return _compiled(value, Expression, compile_expression)


def _template(value: object, info: ValidationInfo) -> Template:
    inputs = (info.context or {}).get("inputs", ())
    return _compiled(value, Template, lambda source: compile_template(source, inputs))


def _source(value: Any) -> Any:
    """JSON, in which what is held compiled is its source again."""
    match value:
        case Expression() | Template():
            return value.source
        case dict():
            return {name: _source(inner) for name, inner in value.items()}
        case list():
            return [_source(inner) for inner in value]
    return value


_as_source = PlainSerializer(_source)

#: An expression, given as its source, held compiled.
ExpressionField = Annotated[
    Expression,
    PlainValidator(_expression),
    _as_source,
    WithJsonSchema({"type": "string", "x-kind": "expression"}),
]
#: A template, given as its source, held compiled. Validation context `inputs` lists what `{name}` may stand for.
TemplateField = Annotated[
    Template,
    PlainValidator(_template),
    _as_source,
    WithJsonSchema({"type": "string", "x-kind": "template"}),
]


def _json_template(value: object, info: ValidationInfo) -> object:
    match value:
        case str():
            return _template(value, info)
        case dict():
            return {name: _json_template(inner, info) for name, inner in value.items()}
        case list():
            return [_json_template(inner, info) for inner in value]
    return value


#: Any JSON, whose texts are templates; one that is a single expression gives a value of its type.
JsonTemplateField = Annotated[
    Any, PlainValidator(_json_template), _as_source, WithJsonSchema({"x-kind": "template"})
]


def compiled_fields(value: object, path: str = "") -> Iterator[tuple[str, Expression | Template]]:
    """Every expression and template inside a config, each with its path (`cases.0.expression`)."""
    match value:
        case Expression() | Template():
            yield path, value
        case BaseModel():
            for name in type(value).model_fields:
                yield from compiled_fields(getattr(value, name), _below(path, name))
        case dict():
            for name, inner in value.items():
                yield from compiled_fields(inner, _below(path, str(name)))
        case list() | tuple():
            for index, inner in enumerate(value):
                yield from compiled_fields(inner, _below(path, str(index)))


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def widget(name: str, **more: Any) -> dict[str, Any]:
    """`json_schema_extra` for a field that the canvas should draw in a way of its own."""
    return {"x-widget": name, **more}
