"""How busy this process is, against what it may do at once."""

from __future__ import annotations

from dataclasses import asdict
from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.web.access import Access
from accounts.web.describe import describe
from accounts.web.views import ApiView
from runs.api.fields import LimitAnswer
from runs.process import engine


class Limits(ApiView):
    """The limits of WIRELOOM_LIMITS."""

    access: ClassVar[Access] = Access("runs")

    @describe(gives=LimitAnswer, listed=True)
    def get(self, request: Request) -> Response:
        """Each limit, with how much of it is in use over all runs of this process."""
        return Response({"results": [asdict(one) for one in engine().limits.use()], "next": None})
