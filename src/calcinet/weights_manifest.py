"""Which detector marks the films: light, so that `calcinet info` can say it at once."""

import json
from pathlib import Path
from typing import Final

NAME: Final = "radiograph"
"""The weights that find calcium on radiographs: NAME.onnx in `WEIGHTS`, its digest in NAME.sha256."""

MAMMOGRAM: Final = "mammogram"
"""The weights that find calcium of arteries on mammograms."""

WEIGHTS: Final = Path(__file__).parent / "findings" / "weights"
"""Folder of the weights and of what was measured with them."""

LineRatio = tuple[float, float, float]
"""Thinnest line that the detector finds over the one that an ideal observer would: value, low and high of 95 %."""


def line_ratio(name: str = NAME) -> LineRatio | None:
    """What was measured of the detector with these very weights; None where it was measured with others, or not."""
    try:
        measured = json.loads((WEIGHTS / f"{name}.visibility.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if measured["weights_sha256"] != sha256(name):
        return None
    low, high = measured["interval95"]
    return float(measured["ratio"]), float(low), float(high)


def sha256(name: str = NAME) -> str | None:
    """Digest that the weights must have; None where they are missing."""
    try:
        return (WEIGHTS / f"{name}.sha256").read_text("ascii").split()[0]
    except (OSError, IndexError):
        return None
