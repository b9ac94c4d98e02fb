"""Which detector marks the films: light, so that `calcinet info` can say it at once."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

NAME: Final = "radiograph"
"""The weights that find calcium on radiographs: NAME.onnx in `WEIGHTS`, its digest in NAME.sha256."""

MAMMOGRAM: Final = "mammogram"
"""The weights that find calcium of arteries on mammograms."""

WEIGHTS: Final = Path(__file__).parent / "findings" / "weights"
"""Folder of the weights and of what was measured with them."""

TRAINED_FOR: Final = {
    NAME: "calcified arteries, nets and other calcium on radiographs of limbs",
    MAMMOGRAM: "calcified arteries and nets on mammograms; no reading for cancer",
}
"""What each of the weights is for; the model cards in docs say on what and how well."""

MODALITIES: Final = {"CR": NAME, "DX": NAME, "MG": MAMMOGRAM, "CT": None, "NM": None}
"""Which weights mark images of each modality; None where rules do that nothing was trained for."""

LineRatio = tuple[float, float, float]
"""Thinnest line that the detector finds over the one that an ideal observer would: value, low and high of 95 %."""


@dataclass(frozen=True, slots=True)
class ArteryRecall:
    """How many calcified arteries, each boxed by a reader on a real film of a limb, the detector marks."""

    found: int
    arteries: int
    patients: int


def line_ratio(name: str = NAME) -> LineRatio | None:
    """What was measured of the detector with these very weights; None where it was measured with others, or not."""
    measured = _read_measured(name, "visibility")
    if measured is None:
        return None
    low, high = measured["interval95"]
    return float(measured["ratio"]), float(low), float(high)


def artery_recall(name: str = NAME) -> ArteryRecall | None:
    """What was counted on real films with these very weights; None where it was counted with others, or not."""
    measured = _read_measured(name, "recall")
    if measured is None:
        return None
    return ArteryRecall(int(measured["found"]), int(measured["arteries"]), int(measured["patients"]))


def _read_measured(name: str, what: str) -> dict[str, Any] | None:
    """What a file beside the weights says of them; None where it says it of others."""
    try:
        measured: dict[str, Any] = json.loads((WEIGHTS / f"{name}.{what}.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if measured["weights_sha256"] != sha256(name):
        return None
    return measured


def state(name: str) -> str:
    """Whether the weights are here and as this version was tested with: "as tested", "altered" or "missing"."""
    try:
        found = hashlib.sha256((WEIGHTS / f"{name}.onnx").read_bytes()).hexdigest()
    except OSError:
        return "missing"
    if found != sha256(name):
        return "altered"
    return "as tested"


def sha256(name: str = NAME) -> str | None:
    """Digest that the weights must have; None where they are missing."""
    try:
        return (WEIGHTS / f"{name}.sha256").read_text("ascii").split()[0]
    except (OSError, IndexError):
        return None
