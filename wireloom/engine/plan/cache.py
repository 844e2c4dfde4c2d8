"""Plans that were compiled before."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping

from wireloom.engine.plan.build import compile_plan
from wireloom.engine.plan.model import Plan
from wireloom.graph.document import Document
from wireloom.graph.node_type import NodeType
from wireloom.graph.validation import WorkflowSource


class PlanCache:
    """The plans of the workflows that ran last, by content hash. Safe between threads."""

    def __init__(self, catalogue: Mapping[str, NodeType], size: int = 256) -> None:
        self._catalogue = catalogue
        self._size = size
        self._plans: OrderedDict[str, Plan] = OrderedDict()
        self._lock = threading.Lock()

    def get(
        self, key: str, document: Document | None = None, workflows: WorkflowSource | None = None
    ) -> Plan | None:
        """The plan known by `key`; compiled from `document` if it is not at hand, else None.

        The key is the document's content hash, and names the owner too where
        `workflows` depends on it.

        Raises InvalidWorkflow if `document` cannot run.
        """
        with self._lock:
            plan = self._plans.get(key)
            if plan is not None:
                self._plans.move_to_end(key)
        if plan is not None or document is None:
            return plan
        plan = compile_plan(document, self._catalogue, workflows)  # outside the lock: it may take a second
        with self._lock:
            self._plans[key] = plan
            if len(self._plans) > self._size:
                self._plans.popitem(last=False)
        return plan
