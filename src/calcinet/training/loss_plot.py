"""The loss of a run as a picture."""

import json
from pathlib import Path
from typing import Final

import numpy as np

from calcinet.report.pictures.svg import ACCENT, GRID, SOFT, Drawing

SIZE: Final = (640.0, 320.0)
FRAME: Final = (56.0, 20.0, 620.0, 270.0)
"""Left, top, right and bottom of the axes."""

SMOOTHED: Final = 12
"""Values that are averaged for the thick line; the loss of one batch says little."""


def write_curve(log: Path, picture: Path) -> None:
    """Draw the losses of curve.jsonl, each by its step, into an SVG file."""
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    steps = np.array([line["step"] for line in lines], float)
    losses = np.array([line["loss"] for line in lines], float)
    left, top, right, bottom = FRAME
    last, highest = max(float(steps.max()), 1.0), max(float(np.quantile(losses, 0.99)), 1e-6)

    def at(step: float, loss: float) -> tuple[float, float]:
        return left + (right - left) * step / last, bottom - (bottom - top) * min(loss / highest, 1.0)

    drawing = Drawing(*SIZE, f"Loss over {last:.0f} steps")
    for share in np.linspace(0, 1, 5):
        height = highest * float(share)
        drawing.line(at(0, height), at(last, height), colour=GRID, width=0.7)
        drawing.letters((left - 8, at(0, height)[1] + 4), f"{height:.2f}", anchor="end")
        drawing.letters((at(last * float(share), 0)[0], bottom + 18), f"{last * float(share):.0f}", anchor="middle")
    drawing.path((at(step, loss) for step, loss in zip(steps, losses, strict=True)), colour=SOFT, width=0.5)
    width = min(SMOOTHED, losses.size)
    mean = np.convolve(losses, np.full(width, 1 / width), mode="valid")
    drawing.path((at(*pair) for pair in zip(steps[width - 1 :], mean, strict=True)), colour=ACCENT, width=2.2)
    drawing.letters(((left + right) / 2, bottom + 40), "step", anchor="middle", size=12)
    drawing.letters((left - 48, top - 7), "loss", size=12)
    picture.write_text(drawing.svg() + "\n", "utf-8")
