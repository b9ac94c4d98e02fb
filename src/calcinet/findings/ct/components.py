"""Calcium on the scanner's own grid: connected voxels of calcium in the body, outside bone and metal."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calcinet.arrays import Indices, Mask
from calcinet.findings.ct.bone import Skeleton
from calcinet.findings.ct.coarse_grid import ALL_NEIGHBOURS, Box, CoarseGrid
from calcinet.findings.ct.compartments import Layer
from calcinet.image import Image

CALCIUM_HU: Final = 130.0
"""Calcium begins here. [agatston1990]"""

SEED_SIGMAS: Final = 5.5
"""Noise's standard deviations above muscle that the peak of calcium reaches at least. Our choice: among 100 million
voxels of noise of a soft kernel fewer than one stands so high."""

LONE_SIGMAS: Final = 7.0
"""The same where a single voxel stands alone. Our choice."""

MOST_SAMPLED: Final = 400_000
"""Voxels that noise is measured on. Our choice: its error is then a per mille."""


DEFAULT_MUSCLE_HU: Final = 50.0
"""Brightness of muscle where none is seen. Our choice."""

DEFAULT_NOISE_HU: Final = 15.0
"""Noise where it cannot be measured. Our choice: that of a scan for calcium scoring, 15 to 20 HU."""


@dataclass(frozen=True, slots=True, eq=False)
class Muscle:
    """Muscle on this scan."""

    mean_hu: float
    noise_hu: float
    """Standard deviation between neighbouring voxels and of the tissue itself."""

    def seed_hu(self, threshold_hu: float, sigmas: float = SEED_SIGMAS) -> float:
        """Brightness that a component's peak must reach."""
        return max(threshold_hu, self.mean_hu + sigmas * self.noise_hu)


@dataclass(frozen=True, slots=True, eq=False)
class Component:
    """One connected component of calcium."""

    mask: Mask
    """In its own box."""
    box: Box

    @property
    def origin(self) -> tuple[int, int, int]:
        """First voxel of the box."""
        return self.box[0].start, self.box[1].start, self.box[2].start

    def voxels(self) -> Indices:
        """Indices (Z, Y, X) in the volume, shape (N, 3)."""
        return np.asarray(np.argwhere(self.mask) + np.array(self.origin), dtype=np.intp)


def measure_muscle(image: Image, grid: CoarseGrid, layers: NDArray[np.uint8]) -> Muscle:
    """Brightness and noise of muscle; the defaults where there is no muscle."""
    blocks = _find_soft_blocks(grid, layers)
    if not len(blocks):
        return Muscle(DEFAULT_MUSCLE_HU, DEFAULT_NOISE_HU)
    step = max(1, len(blocks) * int(np.prod(grid.block)) // MOST_SAMPLED)
    corners = blocks[::step] * np.array(grid.block)
    values = image.pixels[tuple(corners.T)]
    middle = float(np.median(values))
    return Muscle(middle, float(1.4826 * np.median(np.abs(values - middle))))


def _find_soft_blocks(grid: CoarseGrid, layers: NDArray[np.uint8]) -> Indices:
    """Coarse voxels of soft tissue under the fascia whose neighbours are such, too; shape (N, 3)."""
    soft = (layers == Layer.DEEP) & (grid.hu > 0) & (grid.hu < 100)
    return np.argwhere(ndimage.binary_erosion(soft, np.ones((1, 3, 3), dtype=bool)))


def find_components(
    image: Image, grid: CoarseGrid, layers: NDArray[np.uint8], skeleton: Skeleton, muscle: Muscle, threshold_hu: float
) -> list[Component]:
    """Connected components at `threshold_hu` and above whose peak stands clear of noise, outside bone and its rim.

    Parameters
    ----------
    image, grid
        The volume and its coarse grid.
    layers, skeleton
        Compartments and bone on the coarse grid.
    muscle
        Brightness and noise.
    threshold_hu
        Where calcium begins.
    """
    allowed = (layers != Layer.OUTSIDE) & ~skeleton.near_bone & ~skeleton.near_metal
    bright = np.zeros(image.pixels.shape, dtype=bool)
    for z, plane in enumerate(image.pixels):
        above = plane >= threshold_hu
        if above.any():
            bright[z] = above & grid.fine_plane(allowed, z)
    return list(_split_components(image, bright, muscle, threshold_hu))


def _split_components(image: Image, bright: Mask, muscle: Muscle, threshold_hu: float) -> Iterator[Component]:
    """Connected components whose peak reaches the seed: a higher one for a single voxel."""
    numbered, _ = ndimage.label(bright, structure=ALL_NEIGHBOURS)
    for number, box in enumerate(ndimage.find_objects(numbered), start=1):
        mask = numbered[box] == number
        sigmas = SEED_SIGMAS
        if mask.sum() == 1:
            sigmas = LONE_SIGMAS
        peak = float(image.pixels[box][mask].max())
        if peak >= muscle.seed_hu(threshold_hu, sigmas):
            yield Component(mask, (box[0], box[1], box[2]))
