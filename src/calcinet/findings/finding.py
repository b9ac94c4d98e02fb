"""A place on an image where calcium is, and what kind of mark it is."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from calcinet.arrays import Floats, Mask
from calcinet.mask_labels import MASK_LABELS


class Kind(StrEnum):
    """What a finding is; the values are those of record.json."""

    VESSEL = "vessel"
    NET = "net"
    FOCUS = "focus"
    UPTAKE = "uptake"


LABELS: Final = {Kind(name): value for name, value in MASK_LABELS.items()}
"""Values of the mask images; 0 is none."""


@dataclass(frozen=True, slots=True, eq=False)
class Finding:
    """One mark: its pixels, and its centre lines where it is made of lines."""

    kind: Kind

    mask: Mask
    """Calcified pixels inside the bounding box, shape (rows, columns) of the box."""

    origin: tuple[int, int]
    """Row and column of the box's first pixel in the image."""

    patch: Mask | None = None
    """Area that a net covers, its meshes included, in the same box; None for other kinds."""

    centre_lines: tuple[Floats, ...] = ()
    """Each (N, 2): sub-pixel row and column in the image. A vessel has one, between its walls where it has two."""

    half_width_px: tuple[Floats, ...] = ()
    """For each centre line (N,): first estimate of the outer half-width in pixels; `measure.calibre` refines it."""

    probability: float | None = None
    """That this is calcium of this kind, as far as the finder can say."""
