"""Bodies and query strings, described once and then held to it."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from rest_framework import serializers

from accounts.web.problems import Invalid, Item, Malformed


class Fields(serializers.Serializer[Any]):
    """A serializer that refuses every field it does not name, together with all else that is wrong."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """The checked values. Raises ValidationError with every problem, unknown fields included."""
        unknown = self._unknown(data)
        if self.context.get("typed"):
            unknown |= self._mistyped(data)
        try:
            values = super().run_validation(data)
        except serializers.ValidationError as error:
            if unknown and isinstance(error.detail, dict):
                raise serializers.ValidationError({**error.detail, **unknown}) from None
            raise
        if unknown:
            raise serializers.ValidationError(unknown)
        return values

    def _mistyped(self, data: Any) -> dict[str, list[Any]]:
        """What JSON says as another type than the field's: `"1"` is no number, `true` is none either."""
        if not isinstance(data, dict):
            return {}
        return {
            name: [serializers.ErrorDetail(f"This must be {wanted}.", code="invalid_type")]
            for name, field in self.fields.items()
            if data.get(name) is not None and (wanted := _unlike(field, data[name]))
        }

    def _unknown(self, data: Any) -> dict[str, list[Any]]:
        if not isinstance(data, dict):
            return {}
        known = {name for name, field in self.fields.items() if not field.read_only}
        return {
            name: [serializers.ErrorDetail(f"There is no field {name!r}.", code="unknown_field")]
            for name in data
            if name not in known
        }


def _unlike(field: serializers.Field[Any, Any, Any, Any], value: Any) -> str | None:
    """What `value` should be instead, if `field` takes one simple type and it is another."""
    match field:
        case serializers.CharField() if not isinstance(value, str):
            return "text"
        case serializers.IntegerField() if not isinstance(value, int) or isinstance(value, bool):
            return "a whole number"
        case serializers.BooleanField() if not isinstance(value, bool):
            return "true or false"
    return None


class AnyJSON(serializers.Field[Any, Any, Any, Any]):
    """One JSON value of any kind, taken as it is."""

    def to_internal_value(self, data: Any) -> Any:
        """`data` itself."""
        return data

    def to_representation(self, value: Any) -> Any:
        """`value` itself."""
        return value


class JSONObject(AnyJSON):
    """One JSON object with any members."""

    default_error_messages = {"not_an_object": "This must be an object."}

    def to_internal_value(self, data: Any) -> Any:
        """`data` itself, if it is an object."""
        if not isinstance(data, dict):
            self.fail("not_an_object")
        return data


def read_body(fields: type[Fields], data: Any, *, partial: bool = False) -> dict[str, Any]:
    """The checked members of a body.

    Raises Malformed unless it is a JSON object, ValidationError with all that is wrong in it.
    """
    if not isinstance(data, dict) or isinstance(data, QueryDict):
        if not data:
            data = {}
        else:
            raise Malformed("The body must be a JSON object.")
    serializer = fields(data=data, partial=partial, context={"typed": True})
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def read_query(fields: type[Fields] | None, query: QueryDict) -> dict[str, Any]:
    """The checked parameters of a query string; one that is unknown, or given twice, is Invalid."""
    names = set(fields().fields) if fields else set()
    errors: list[Item] = []
    for name, values in query.lists():
        if name not in names:
            errors.append(
                {"code": "unknown_parameter", "message": f"There is no parameter {name!r}.", "field": name}
            )
        elif len(values) > 1:
            errors.append(
                {
                    "code": "duplicate_parameter",
                    "message": f"{name!r} is given {len(values)} times.",
                    "field": name,
                }
            )
    if errors:
        raise Invalid("The query string cannot be used.", errors=errors)
    if fields is None:
        return {}
    serializer = fields(data=query.dict())
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
