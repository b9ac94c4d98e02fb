"""A block of soft tissue beside air, with a bone: small enough to know every depth by hand."""

import numpy as np

from calcinet.findings.finding import Finding, Kind
from calcinet.findings.regions import Regions
from calcinet.image import Image
from calcinet.mask_labels import Tissue

PIXEL_MM = 0.5


def block_regions(unit: str = "mm") -> Regions:
    """Rows 0 to 9 are air; below, the depth of a row is its distance to the last row of air. Columns 30 on are bone."""
    labels = np.full((60, 40), Tissue.SOFT, np.uint8)
    labels[:, 30:] = Tissue.BONE
    labels[:10] = Tissue.AIR
    rows = np.arange(60)[:, None] - 9.0
    size = PIXEL_MM if unit == "mm" else 1.0
    depth = np.where(labels == Tissue.AIR, 0.0, rows * size).astype(np.float32)
    return Regions(labels=labels, depth=depth, depth_unit=unit)


def uniform_regions(tissue: Tissue) -> Regions:
    """One tissue everywhere, at the depth 0."""
    shape = (60, 40)
    return Regions(labels=np.full(shape, tissue, np.uint8), depth=np.zeros(shape, np.float32), depth_unit="mm")


def block_image(*, spaced: bool = True, side: str | None = "L") -> Image:
    spacing = (1.0, PIXEL_MM, PIXEL_MM) if spaced else None
    return Image(np.zeros((1, 60, 40), np.float32), spacing, "1", laterality=side)


def square(row: int, column: int, size: int = 2, kind: Kind = Kind.FOCUS) -> Finding:
    """A square of calcium whose first pixel is given."""
    return Finding(kind=kind, mask=np.ones((size, size), bool), origin=(row, column))
