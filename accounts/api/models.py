"""The models that can be chosen."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.model_access import choices
from accounts.web.access import Access
from accounts.web.describe import describe
from accounts.web.fields import Fields, JSONObject
from accounts.web.paging import WholeList
from accounts.web.views import ApiView


class ModelAnswer(Fields):
    """A model that can be chosen; prices are US dollars per million tokens."""

    id = serializers.CharField()
    provider = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not the serializer's own label
    lane = serializers.CharField()
    local = serializers.BooleanField()
    available = serializers.BooleanField()
    source = serializers.CharField(  # type: ignore[assignment]  # a field, not the serializer's own source
        help_text="The credential that it is asked with, or `machine`."
    )
    price = JSONObject(allow_null=True)
    breaker = serializers.CharField(allow_null=True)
    note = serializers.CharField(allow_null=True)


class ModelsAnswer(Fields):
    """All of them."""

    results = ModelAnswer(many=True)
    next = serializers.CharField(allow_null=True)
    default = serializers.CharField(allow_null=True)


class Models(ApiView):
    """What can be chosen."""

    access: ClassVar[Access] = Access("workflows")
    queries = {"GET": WholeList}

    @describe(gives=ModelsAnswer)
    def get(self, request: Request) -> HttpResponse:
        """The models that can be chosen in this workspace, the default first."""
        found: list[dict[str, Any]] = []

        async def ask() -> None:
            found.extend(await choices(self.actor.workspace.id))

        return self.later(
            ask,
            lambda: Response({**self.slice(found), "default": found[0]["id"] if found else None}),
        )
