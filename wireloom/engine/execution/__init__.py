"""One run, driven to its end or to a long wait."""

from wireloom.engine.execution.execution import Execution, ServicesFor
from wireloom.engine.execution.outcome import Ending, Outcome

__all__ = ["Ending", "Execution", "Outcome", "ServicesFor"]
