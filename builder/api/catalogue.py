"""What may be placed on the canvas and given to agents, and what an expression gives."""

from __future__ import annotations

from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Role
from accounts.web.access import Access
from accounts.web.describe import describe
from accounts.web.paging import WholeList
from accounts.web.views import ApiView
from builder.api.fields import (
    Evaluation,
    EvaluationAnswer,
    FunctionAnswer,
    NodeTypeAnswer,
    ToolAnswer,
    function_answer,
    node_type_answer,
    tool_answer,
)
from builder.errors import ExpressionFailed, ExpressionTooMuch
from builder.palette import catalogue, source_of, tools
from wireloom.graph.expressions import ExpressionProblem, compile_expression, type_name
from wireloom.graph.expressions.functions import FUNCTIONS


class NodeTypes(ApiView):
    """The catalogue."""

    access: ClassVar[Access] = Access("workflows")
    queries = {"GET": WholeList}

    @describe(gives=NodeTypeAnswer, listed=True)
    def get(self, request: Request) -> Response:
        """Every node type with its ports, config schema, icon and help, in the palette's order."""
        return Response(self.slice([node_type_answer(one) for one in catalogue().values()]))


class Tools(ApiView):
    """What agents may be given."""

    access: ClassVar[Access] = Access("workflows")
    queries = {"GET": WholeList}

    @describe(gives=ToolAnswer, listed=True)
    def get(self, request: Request) -> Response:
        """Every tool that an agent's `tools` may name, with what it takes and the package that brought it."""
        return Response(self.slice([tool_answer(one, source_of(name)) for name, one in tools().items()]))


class Functions(ApiView):
    """What expressions may call."""

    access: ClassVar[Access] = Access("workflows")
    queries = {"GET": WholeList}

    @describe(gives=FunctionAnswer, listed=True)
    def get(self, request: Request) -> Response:
        """Every function by its name; `f(x, y)` may be written `x.f(y)` too."""
        results = [function_answer(name, FUNCTIONS[name]) for name in sorted(FUNCTIONS)]
        return Response(self.slice(results))


class Evaluate(ApiView):
    """An expression, tried."""

    access: ClassVar[Access] = Access("workflows", write=Role.VIEWER)

    @describe(takes=Evaluation, gives=EvaluationAnswer)
    def post(self, request: Request) -> Response:
        """What an expression gives for some values; nothing is stored."""
        given = self.body(Evaluation)
        try:
            value = compile_expression(given["expression"]).evaluate(given["values"])
        except ExpressionProblem as error:
            raise _refusal(error) from None
        return Response({"value": value, "type": type_name(value)})


def _refusal(error: ExpressionProblem) -> ExpressionFailed:
    kind = ExpressionTooMuch if error.code == "expression_limit" else ExpressionFailed
    loc = None if error.loc is None else {"start": error.loc.start, "end": error.loc.end}
    item = {"code": kind.code, "message": error.message, "field": "expression"}
    return kind(error.message, errors=[item if loc is None else {**item, "loc": loc}], loc=loc)
