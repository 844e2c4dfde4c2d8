"""Context injection: what stands before a prompt (DESIGN.md, "From a graph to a run")."""

from __future__ import annotations

import json

from wireloom.engine.node_io import Inputs, Source
from wireloom.graph.expressions.functions import render
from wireloom.graph.templates import Template


def compose(prompt: Template, system: Template | None, inputs: Inputs) -> str:
    """The prompt as the model gets it: a titled section per parent in edge order, one JSON block, the task.

    Left out are parents behind an edge without context and those that a template names itself.
    """
    task = inputs.render(prompt)
    injected = _injected(prompt, system, inputs)
    if not injected:
        return task
    sections = "\n\n".join(f"=== {source.label} ===\n{render(source.value)}" for source in injected)
    block = {source.id: {"label": source.label, "output": source.value} for source in injected}
    context = json.dumps(block, ensure_ascii=False, indent=2)
    return f"Context from earlier steps:\n\n{sections}\n\n[Context JSON]\n{context}\n\n[Task]\n{task}"


def _injected(prompt: Template, system: Template | None, inputs: Inputs) -> list[Source]:
    sources = [source for source in inputs.sources if source.context]
    if not sources:
        return []
    references = prompt.references + (system.references if system else ())
    named = {one.path[0] for one in references if one.root == "nodes" and one.path}
    if any(one.root == "input" for one in references):
        # A parent that only hands on the run's input is named by `input` too.
        sources = [source for source in sources if source.value != inputs.run_input]
    return [source for source in sources if source.id not in named]
