"""What may be placed on the canvas, and what an expression gives."""

from __future__ import annotations

from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Role
from accounts.web.access import Access
from accounts.web.describe import describe
from accounts.web.paging import WholeList
from accounts.web.views import ApiView
from builder.api.fields import Evaluation, EvaluationAnswer, FunctionAnswer, NodeTypeAnswer, function_answer
from builder.errors import ExpressionFailed, ExpressionTooMuch
from wireloom.graph.expressions import ExpressionProblem, compile_expression, type_name
from wireloom.graph.expressions.functions import FUNCTIONS
from wireloom.nodes import catalogue


class NodeTypes(ApiView):
    """The catalogue."""

    access: ClassVar[Access] = Access("workflows")
    queries = {"GET": WholeList}

    @describe(gives=NodeTypeAnswer, listed=True)
    def get(self, request: Request) -> Response:
        """Every node type with its ports, config schema, icon and help, in the palette's order."""
        return Response(self.slice(catalogue().describe()))


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
