"""What a run's events amount to: steps, frames of regions, and what follows next."""

from wireloom.engine.state.fold import RunState
from wireloom.engine.state.frames import Frame, Instances, Step

__all__ = ["Frame", "Instances", "RunState", "Step"]
