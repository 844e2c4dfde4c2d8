"""The node types: one module each, and this table that names them all, in the order the palette shows them."""

from __future__ import annotations

from functools import cache

from wireloom.graph.node_type import Catalogue


@cache
def catalogue() -> Catalogue:
    """The node types that come with Wireloom."""
    from wireloom.nodes.agent import AGENT
    from wireloom.nodes.code import CODE
    from wireloom.nodes.condition import CONDITION
    from wireloom.nodes.delay import DELAY
    from wireloom.nodes.http_request import HTTP_REQUEST
    from wireloom.nodes.input import INPUT
    from wireloom.nodes.join import JOIN
    from wireloom.nodes.output import OUTPUT
    from wireloom.nodes.route import ROUTE
    from wireloom.nodes.set_variable import SET_VARIABLE
    from wireloom.nodes.split import SPLIT
    from wireloom.nodes.subworkflow import SUBWORKFLOW
    from wireloom.nodes.transform import TRANSFORM

    return Catalogue(
        (
            INPUT,
            OUTPUT,
            AGENT,
            ROUTE,
            CONDITION,
            SPLIT,
            JOIN,
            SUBWORKFLOW,
            TRANSFORM,
            SET_VARIABLE,
            CODE,
            DELAY,
            HTTP_REQUEST,
        )
    )
