"""Small marks by their shape: calcium of a wall is drawn out along it, small round grains may be no artery's."""

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


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Particles:
    """Connected components of what is marked; at least one."""

    area_mm2: Floats
    """Shape (N,)."""

    elongation: Floats
    """Shape (N,): length over width, of the ellipse with the same moments; 1 is round."""

    along: Floats
    """Shape (N, 2): unit vector of the length."""

    pixels: tuple[Indices, ...]
    """Row and column of the pixels of each, shape (M, 2)."""

    @property
    def middle(self) -> Floats:
        """Shape (N, 2): row and column."""
        return np.array([own.mean(axis=0) for own in self.pixels])

    def pixels_of(self, numbers: Indices) -> Indices:
        """Pixels of some particles together, shape (M, 2)."""
        return np.vstack([self.pixels[number] for number in numbers])


def find_particles(pixels: Indices, pixel_mm: float) -> Particles:
    """The connected components of pixels, shape (M, 2): row and column."""
    corner = pixels.min(axis=0)
    canvas = np.zeros(np.ptp(pixels, axis=0) + 1, np.uint8)
    canvas[tuple((pixels - corner).T)] = 1
    count, labels = cv2.connectedComponents(canvas, connectivity=8)
    components = [np.argwhere(labels == number) for number in range(1, count)]
    elongation, along = _measure_shapes(components)
    return Particles(
        area_mm2=np.asarray(np.bincount(labels.ravel(), minlength=count)[1:] * pixel_mm**2, np.float64),
        elongation=elongation,
        along=along,
        pixels=tuple(own + corner for own in components),
    )


def are_elongated(found: Particles, pixel_mm: float) -> Mask:
    """Which particles are beads along a wall, shape (N,): clearly longer than wide.

    At pixels coarser than `SHAPE_SEEN_MM` none is.
    """
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
        Size of these pixels.
    """
    found = find_particles(pixels, pixel_mm)
    if len(found.area_mm2) < LEAST_PIECES or float(np.median(found.area_mm2)) >= GRAIN_MM2:
        return False
    return float(np.average(found.elongation, weights=found.area_mm2)) < LONG


def _measure_shapes(components: list[Indices]) -> tuple[Floats, Floats]:
    """Length over width of each component, shape (N,), and its direction, shape (N, 2)."""
    elongation, along = np.zeros(len(components)), np.zeros((len(components), 2))
    for number, own in enumerate(components):
        elongation[number], along[number] = _measure_shape(own)
    return elongation, along


def _measure_shape(pixels: Indices) -> tuple[float, Floats]:
    """Length over width of a particle, and its direction.

    That is sqrt(a / b) with a and b the larger and the smaller eigenvalue of the moments of its pixels; a pixel is a
    square, whose own moment is a twelfth.
    """
    offset = pixels - pixels.mean(axis=0)
    moments, axes = np.linalg.eigh(offset.T @ offset / len(pixels) + np.eye(2) / 12)
    return float(np.sqrt(moments[1] / moments[0])), np.asarray(axes[:, 1], np.float64)
