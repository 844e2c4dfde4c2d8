"""The functions an expression may call: name, arguments, and what each gives.

A function is called as `f(x, y)` or `x.f(y)`: both are the same. Each knows no
clock and no chance, and raises Mismatch when an argument does not fit. Those
whose work or result can be far larger than their arguments are given the
evaluation's frame too, and pay before they work.
"""

from __future__ import annotations

from wireloom.graph.expressions.functions import any_value, collections, numbers, texts
from wireloom.graph.expressions.functions.registry import FUNCTIONS, Function
from wireloom.graph.expressions.functions.rendering import render

#: The modules that registered them.
MODULES = (any_value, numbers, texts, collections)

__all__ = ["FUNCTIONS", "MODULES", "Function", "render"]
