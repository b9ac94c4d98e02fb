"""The loss of a run as a picture."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from calcinet.arrays import Floats
from calcinet.report.pictures.svg import ACCENT, GRID, SOFT, Drawing

SIZE: Final = (640.0, 320.0)
FRAME: Final = (56.0, 20.0, 620.0, 270.0)
"""Left, top, right and bottom of the axes."""

SMOOTHED: Final = 12
"""Values that are averaged for the thick line; the loss of one batch says little."""

TICKS: Final = 5
"""Numbers on each axis."""


@dataclass(frozen=True, slots=True)
class _Axes:
    """Places of steps and losses on the picture."""

    last_step: float
    highest_loss: float

    def at(self, step: float, loss: float) -> tuple[float, float]:
        """Place of one loss; what is higher than the highest is drawn at the top."""
        left, top, right, bottom = FRAME
        x = left + (right - left) * step / self.last_step
        return x, bottom - (bottom - top) * min(loss / self.highest_loss, 1.0)

    def trace(self, steps: Floats, losses: Floats) -> list[tuple[float, float]]:
        """Places of many."""
        return [self.at(step, loss) for step, loss in zip(steps, losses, strict=True)]


def write_curve(log: Path, picture: Path) -> None:
    """Draw the losses of curve.jsonl, each by its step, into an SVG file."""
    steps, losses = _read_losses(log)
    axes = _Axes(max(float(steps.max()), 1.0), max(float(np.quantile(losses, 0.99)), 1e-6))
    drawing = Drawing(*SIZE, f"Loss over {axes.last_step:.0f} steps")
    _draw_axes(drawing, axes)
    drawing.path(axes.trace(steps, losses), colour=SOFT, width=0.5)
    width = min(SMOOTHED, losses.size)
    mean = np.convolve(losses, np.full(width, 1 / width), mode="valid")
    drawing.path(axes.trace(steps[width - 1 :], mean), colour=ACCENT, width=2.2)
    _write_names(drawing)
    picture.write_text(drawing.svg() + "\n", "utf-8")


def _read_losses(log: Path) -> tuple[Floats, Floats]:
    """Steps and losses of curve.jsonl."""
    points = []
    for line in log.read_text("utf-8").splitlines():
        entry = json.loads(line)
        points.append((entry["step"], entry["loss"]))
    steps, losses = np.array(points, float).T
    return steps, losses


def _draw_axes(drawing: Drawing, axes: _Axes) -> None:
    """Lines and numbers of losses, and numbers of steps."""
    left, _, _, bottom = FRAME
    for share in np.linspace(0, 1, TICKS):
        loss, step = axes.highest_loss * float(share), axes.last_step * float(share)
        drawing.line(axes.at(0, loss), axes.at(axes.last_step, loss), colour=GRID, width=0.7)
        drawing.letters((left - 8, axes.at(0, loss)[1] + 4), f"{loss:.2f}", anchor="end")
        drawing.letters((axes.at(step, 0)[0], bottom + 18), f"{step:.0f}", anchor="middle")


def _write_names(drawing: Drawing) -> None:
    left, top, right, bottom = FRAME
    drawing.letters(((left + right) / 2, bottom + 40), "step", anchor="middle", size=12)
    drawing.letters((left - 48, top - 7), "loss", size=12)
