"""RUNS.md read a second time: slow, recursive, one region after another, and nothing of `wireloom.engine` in it.

It knows no time. Where a failure may stop others that are under way, it does
everything that could still have been done, and says of all that only that it
is possible.
"""

from tests.engine.interpreter.book import Book, Place, Step
from tests.engine.interpreter.run import interpret

__all__ = ["Book", "Place", "Step", "interpret"]
