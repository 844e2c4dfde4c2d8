"""Who is under way only by waiting (X11, X18)."""

from __future__ import annotations

from wireloom.engine.state.frames import Frame, Instances, Step


def only_waits(step: Step) -> bool:
    """Whether a step would go on by itself only to start something new."""
    return step.status == "waiting" or (step.body is not None and not step.body.busy)


def all_wait(frame: Frame) -> bool:
    """Whether every step that is left in it waits."""
    for cell in frame.cells:
        if isinstance(cell, Instances):
            if not all(one.idle or not one.open or all_wait(one) for one in cell.frames):
                return False
        elif cell is not None and cell.status in ("pending", "running"):  # noqa: SIM102
            if cell.body is None or not all_wait(cell.body):
                return False
    return True
