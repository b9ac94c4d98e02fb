"""Connected components of a mask, each in its own box."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from calcinet.arrays import Indices, Mask

Box = tuple[slice, slice]
"""Rows and columns."""


@dataclass(frozen=True, slots=True, eq=False)
class Component:
    """Some pixels of a map."""

    mask: Mask
    """Shape of `box`."""

    box: Box
    """Rows and columns of the map that `mask` covers."""

    @property
    def middle(self) -> tuple[float, float]:
        """Mean row and column of the pixels."""
        rows, columns = np.nonzero(self.mask)
        return float(rows.mean() + self.box[0].start), float(columns.mean() + self.box[1].start)


def find_components(mask: Mask, *, min_px: float) -> Iterator[Component]:
    """Connected components (8 neighbours) of at least `min_px` pixels."""
    count, numbered, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    for number in range(1, count):
        left, top, width, height, area = (int(value) for value in stats[number])
        if area >= min_px:
            box = slice(top, top + height), slice(left, left + width)
            yield Component(numbered[box] == number, box)


def collect_pixels(pixels: Indices) -> Component:
    """The component that consists of given pixels, shape (M, 2): row and column; at least one."""
    corner = pixels.min(axis=0)
    size = np.ptp(pixels, axis=0) + 1
    mask = np.zeros(size, dtype=bool)
    mask[tuple((pixels - corner).T)] = True
    top, left = corner.tolist()
    bottom, right = (corner + size).tolist()
    return Component(mask, (slice(top, bottom), slice(left, right)))
