"""For those who write node types: the suite that ours pass too.

from wireloom.testing import Example, check_node

def test_excerpt():
    check_node(EXCERPT, Example({"text": "{{ input }}"}, input="One. Two.", output="One."))
"""

from wireloom.testing.check import UnfitNode, check_node
from wireloom.testing.example import Answers, Example

__all__ = ["Answers", "Example", "UnfitNode", "check_node"]
