"""Calcium of a wall is drawn out along it; small round grains are not an artery's for all one can tell."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

GRAIN_MM2: Final = 0.3
"""Half of the pieces of an artery are larger than this, or else long. Our choice: a dot of 0.6 mm; most
microcalcifications are smaller."""

LONG: Final = 2.4
"""Length over width of pieces that follow a wall, weighted by their area. Our choice: between the two on phantoms that
rules were set by, where rows of grains had 1.3 to 2.3 and small beads of arteries mostly more."""

LEAST_PIECES: Final = 3
"""Fewer pieces are no row of grains. Our choice."""


@dataclass(frozen=True, slots=True, eq=False)
class Pieces:
    """Connected pieces of what is marked."""

    area_mm2: NDArray[np.float64]
    """Shape (N,)."""

    elongation: NDArray[np.float64]
    """Shape (N,): length over width, of the ellipse with the same moments; 1 is round."""


def pieces(pixels: NDArray[np.intp], pixel_mm: float) -> Pieces:
    """The pieces that pixels, shape (M, 2), hang together as."""
    corner = pixels.min(axis=0)
    canvas = np.zeros(np.ptp(pixels, axis=0) + 1, np.uint8)
    canvas[tuple((pixels - corner).T)] = 1
    count, labels = cv2.connectedComponents(canvas, connectivity=8)
    parts = [np.argwhere(labels == number) for number in range(1, count)]
    area = np.array([len(part) for part in parts]) * pixel_mm**2
    return Pieces(area, np.array([_elongation(part) for part in parts]))


def are_grains(pixels: NDArray[np.intp], pixel_mm: float) -> bool:
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


def _elongation(places: NDArray[np.intp]) -> float:
    """Length over width of a piece; a pixel is a square, whose own moment is a twelfth."""
    offset = places - places.mean(axis=0)
    small, large = np.linalg.eigvalsh(offset.T @ offset / len(places) + np.eye(2) / 12)
    return float(np.sqrt(large / small))
