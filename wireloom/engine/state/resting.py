"""Who is under way only by waiting (X11, X18)."""

from __future__ import annotations

from wireloom.engine.state.frames import Frame, Instances, Step


def only_waits(step: Step) -> bool:
    """Whether a step would go on by itself only to start something new."""
    return step.status == "waiting" or (step.body is not None and not step.body.busy)


def all_wait(frame: Frame) -> bool:
    """Whether every step that is left in it waits."""
    return all(_waits(cell) for cell in frame.cells if cell is not None)


def _waits(cell: Step | Instances) -> bool:
    """Whether nothing is under way in a step or a region, or waits for anything but time."""
    if isinstance(cell, Step):
        is_busy = cell.status in ("pending", "running")
        return not is_busy or (cell.body is not None and all_wait(cell.body))
    if cell.region.kind == "split" and cell.entered:
        return not cell.active and not cell.woken
    return not cell.last.open or all_wait(cell.last)
