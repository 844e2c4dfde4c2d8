"""A valid workflow compiled for the executor."""

from wireloom.engine.plan.build import compile_plan
from wireloom.engine.plan.cache import PlanCache
from wireloom.engine.plan.model import Body, Plan, PlannedEdge, PlannedNode, Region, Route, VariableRead

__all__ = [
    "Body",
    "Plan",
    "PlanCache",
    "PlannedEdge",
    "PlannedNode",
    "Region",
    "Route",
    "VariableRead",
    "compile_plan",
]
