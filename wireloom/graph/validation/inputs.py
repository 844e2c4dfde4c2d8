"""The schema of the run's input."""

from __future__ import annotations

from wireloom.graph.document import Document
from wireloom.graph.problems import Problem
from wireloom.graph.schemas import schema_problems


def check_inputs(document: Document, errors: list[Problem]) -> None:
    try:
        schema_problems({}, document.inputs, code="invalid_input")  # finds references to nowhere
    except ValueError as error:
        errors.append(Problem("invalid_config", f"inputs: {error}", field="inputs"))
