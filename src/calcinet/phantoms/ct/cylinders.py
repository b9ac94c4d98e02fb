"""A block with cylinders of hydroxyapatite, as CT is calibrated with; its truth follows from the arguments."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from calcinet.arrays import Floats, Mask
from calcinet.image import Image

DIAMETERS_MM: Final = (1.0, 3.0, 5.0)
DENSITIES_MG_PER_CM3: Final = (200.0, 400.0, 800.0)
"""Of the usual insert of anthropomorphic heart phantoms: each cylinder as long as it is wide. Our choice, after it."""

HU_PER_MG_PER_CM3: Final = 1.3
"""Brightness of hydroxyapatite. Our choice: near to what is seen at 120 kV; the mass, the truth, is free of it."""

TISSUE_HU: Final = 40.0

PITCH_MM: Final = 16.0
"""Distance of the cylinders' middles."""

SAMPLES: Final = 5
"""Points along each side of a pixel at which the disc is sampled."""


@dataclass(frozen=True, slots=True, eq=False)
class Cylinder:
    """One insert."""

    diameter_mm: float
    density_mg_per_cm3: float
    where: Mask
    """Boolean, shape of the image: a box round it that holds no other."""

    @property
    def volume_mm3(self) -> float:
        """Pi / 4 d^3: a cylinder as long as it is wide."""
        return float(np.pi / 4 * self.diameter_mm**3)

    @property
    def mass_mg(self) -> float:
        """Volume times density."""
        return self.volume_mm3 * self.density_mg_per_cm3 / 1000

    @property
    def plateau_hu(self) -> float:
        """Brightness in its middle, without blur."""
        return TISSUE_HU + HU_PER_MG_PER_CM3 * self.density_mg_per_cm3


def cylinders(
    spacing_mm: tuple[float, float, float] = (1.0, 0.5, 0.5),
    *,
    blur_mm: float = 0.0,
    noise_hu: float = 0.0,
    seed: int = 0,
    diameters_mm: Sequence[float] = DIAMETERS_MM,
    densities: Sequence[float] = DENSITIES_MG_PER_CM3,
) -> tuple[Image, list[Cylinder]]:
    """Scan the block: a row of diameters for each density, axes along Z.

    Parameters
    ----------
    spacing_mm
        Of the image, along (Z, Y, X).
    blur_mm
        Standard deviation of the scanner's blur within slices.
    noise_hu
        Standard deviation of white noise.
    seed
        Of the noise.
    diameters_mm
        Of the cylinders, each as long as it is wide.
    densities
        Of hydroxyapatite in mg/cm3.
    """
    size = np.array([PITCH_MM, PITCH_MM * len(densities), PITCH_MM * len(diameters_mm)])
    shape = np.round(size / spacing_mm).astype(int)
    hu = np.full(shape, TISSUE_HU)
    inserts = []
    for (row, density), (column, diameter) in product(enumerate(densities), enumerate(diameters_mm)):
        middle = np.array([PITCH_MM / 2, (row + 0.5) * PITCH_MM, (column + 0.5) * PITCH_MM])
        hu += _fill_voxels(shape, np.array(spacing_mm), middle, diameter) * HU_PER_MG_PER_CM3 * density
        inserts.append(Cylinder(diameter, density, _mark_surroundings(shape, np.array(spacing_mm), middle)))
    if blur_mm:
        hu = ndimage.gaussian_filter(hu, [0, blur_mm / spacing_mm[1], blur_mm / spacing_mm[2]])
    if noise_hu:
        hu += np.random.default_rng(seed).normal(0, noise_hu, hu.shape)
    image = Image(hu.astype(np.float32), spacing_mm, "[hnsf'U]", modality="CT", spacing_basis="calibrated")
    return image, inserts


def _mark_surroundings(shape: NDArray[np.int_], spacing: Floats, middle: Floats) -> Mask:
    """The box about a cylinder that holds no other."""
    low = np.round((middle - PITCH_MM / 2) / spacing).astype(int)
    high = np.round((middle + PITCH_MM / 2) / spacing).astype(int)
    where = np.zeros(shape, dtype=bool)
    where[low[0] : high[0], low[1] : high[1], low[2] : high[2]] = True
    return where


def _fill_voxels(shape: NDArray[np.int_], spacing: Floats, middle: Floats, diameter: float) -> Floats:
    """Share of each voxel that lies in the cylinder: exact along its axis, by points within the voxel across it."""
    edges = np.arange(shape[0] + 1) * spacing[0] - middle[0]
    along = np.diff(np.clip(edges, -diameter / 2, diameter / 2)) / spacing[0]
    steps = (np.arange(SAMPLES) + 0.5) / SAMPLES
    y = ((np.arange(shape[1])[:, None] + steps) * spacing[1]).ravel() - middle[1]
    x = ((np.arange(shape[2])[:, None] + steps) * spacing[2]).ravel() - middle[2]
    disc = y[:, None] ** 2 + x[None, :] ** 2 <= (diameter / 2) ** 2
    across = disc.reshape(shape[1], SAMPLES, shape[2], SAMPLES).mean(axis=(1, 3))
    return np.asarray(along[:, None, None] * across[None])
