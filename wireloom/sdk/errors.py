"""What can be wrong with a workflow that is put together in code."""

from __future__ import annotations

from wireloom.errors import WireloomError


class InvalidNode(WireloomError, ValueError):
    """A node, or an edge between two, that cannot be."""

    code = "invalid_node"
