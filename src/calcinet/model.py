"""Which detector marks the films: light, so that `calcinet info` can say it at once."""

from pathlib import Path
from typing import Final

NAME: Final = "radiograph"
"""The weights that find calcium on radiographs: NAME.onnx in `WEIGHTS`, its digest in NAME.sha256."""

WEIGHTS: Final = Path(__file__).parent / "findings" / "weights"


def sha256(name: str = NAME) -> str | None:
    """Digest that the weights must have; None where they are missing."""
    try:
        return (WEIGHTS / f"{name}.sha256").read_text("ascii").split()[0]
    except (OSError, IndexError):
        return None
