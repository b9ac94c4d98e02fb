"""Calcium of a wall is drawn out along it; small round grains are not an artery's for all one can tell."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Floats, Indices, Mask

GRAIN_MM2: Final = 0.3
"""Half of the pieces of an artery are larger than this, or else long. Our choice: a dot of 0.6 mm; most
microcalcifications are smaller."""

LONG: Final = 2.4
"""Length over width of pieces that follow a wall, weighted by their area. Our choice: between the two on phantoms that
rules were set by, where rows of grains had 1.3 to 2.3 and small beads of arteries mostly more."""

BEAD_MM2: Final = 0.2
"""A piece that is long is a bead of a wall from this size on. Our choice: 0.3 x 0.7 mm."""

SHAPE_SEEN_MM: Final = 0.18
"""At coarser pixels a dot covers too few of them to tell that it is long. Our choice."""

LEAST_PIECES: Final = 3
"""Fewer pieces are no row of grains. Our choice."""


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Connected pieces of what is marked; at least one."""

    area_mm2: Floats
    """Shape (N,)."""

    elongation: Floats
    """Shape (N,): length over width, of the ellipse with the same moments; 1 is round."""

    along: Floats
    """Shape (N, 2): unit vector of the length."""

    places: tuple[Indices, ...]
    """Of each, shape (M, 2): its pixels."""

    @property
    def middle(self) -> Floats:
        """Shape (N, 2): row and column."""
        return np.array([part.mean(axis=0) for part in self.places])

    def pixels(self, of: Indices) -> Indices:
        """Of some pieces together, shape (M, 2)."""
        return np.vstack([self.places[number] for number in of])


def pieces(pixels: Indices, pixel_mm: float) -> Pieces:
    """The pieces that pixels, shape (M, 2), hang together as."""
    corner = pixels.min(axis=0)
    canvas = np.zeros(np.ptp(pixels, axis=0) + 1, np.uint8)
    canvas[tuple((pixels - corner).T)] = 1
    count, labels = cv2.connectedComponents(canvas, connectivity=8)
    parts = tuple(np.argwhere(labels == number) for number in range(1, count))
    shapes = [_shape(part) for part in parts]
    return Pieces(
        np.array([len(part) for part in parts]) * pixel_mm**2,
        np.array([elongation for elongation, _ in shapes]),
        np.array([along for _, along in shapes]),
        tuple(part + corner for part in parts),
    )


def drawn_out(found: Pieces, pixel_mm: float) -> Mask:
    """Which pieces are beads along a wall, shape (N,): clearly longer than wide; none where pixels are too coarse."""
    if pixel_mm > SHAPE_SEEN_MM:
        return np.zeros(len(found.area_mm2), bool)
    return np.asarray((found.area_mm2 >= BEAD_MM2) & (found.elongation >= LONG))


def are_grains(pixels: Indices, pixel_mm: float) -> bool:
    """Whether what is marked, shape (M, 2), is a row of small round grains.

    Parameters
    ----------
    pixels
        Rows and columns of the marks.
    pixel_mm
        Of them.
    """
    found = pieces(pixels, pixel_mm)
    if len(found.area_mm2) < LEAST_PIECES or float(np.median(found.area_mm2)) >= GRAIN_MM2:
        return False
    return float(np.average(found.elongation, weights=found.area_mm2)) < LONG


def _shape(places: Indices) -> tuple[float, Floats]:
    """Length over width of a piece, and its direction; a pixel is a square, whose own moment is a twelfth."""
    offset = places - places.mean(axis=0)
    moments, axes = np.linalg.eigh(offset.T @ offset / len(places) + np.eye(2) / 12)
    return float(np.sqrt(moments[1] / moments[0])), np.asarray(axes[:, 1], np.float64)
