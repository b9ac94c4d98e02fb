"""One mark on an image: where calcium is, and of what kind it is; and the label map of many."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

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

Mark = tuple[Kind, tuple[slice, ...], Mask]
"""What a mark is, its box in the image, and its pixels inside that box."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
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
    """Probability that this is calcium of this kind, as far as the finder can say."""

    @property
    def box(self) -> tuple[slice, slice]:
        """Rows and columns of the image that `mask` covers."""
        row, column = self.origin
        rows, columns = self.mask.shape
        return slice(row, row + rows), slice(column, column + columns)

    @property
    def mark(self) -> Mark:
        """What `draw_label_map` draws of it."""
        return self.kind, self.box, self.mask


def draw_label_map(shape: tuple[int, ...], marks: Iterable[Mark]) -> NDArray[np.uint8]:
    """Label map of an image or a volume: values of `LABELS`; where marks overlap the last one counts.

    Parameters
    ----------
    shape
        Of the image: (Y, X), or (Z, Y, X).
    marks
        In the order in which they are drawn.
    """
    labels = np.zeros(shape, dtype=np.uint8)
    for kind, box, mask in marks:
        labels[box][mask] = LABELS[kind]
    return labels
