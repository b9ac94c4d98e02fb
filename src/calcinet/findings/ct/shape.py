"""What a part of calcium looks like: tubular, plate, nodular; and how deep under the skin it lies."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

from calcinet.findings.ct.body import SURFACE_HU
from calcinet.findings.ct.grid import Box, Mask
from calcinet.findings.ct.lesions import Part
from calcinet.image import Image

Spacing = tuple[float, float, float]
Form = Literal["tubular", "plate", "nodular", "net-like"]

TUBULAR: Final = 2.5
"""Length over width from which a part is tubular. Our choice."""

FLAT: Final = 2.0
"""Width over thickness from which a part is a plate. Our choice."""

LINE_STEP_MM: Final = 2.0
"""Distance of the points of a centre line. Our choice: plaques bend less within that."""

SKIN_SEARCH_MM: Final = 12.0
"""Around a part the surface is sought on the scanner's own grid this far; deeper parts are measured coarsely.
Our choice: the compartments of a leg need no more."""


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """Form of a part, lengths in mm."""

    form: Form
    extent_mm: tuple[float, float, float]
    """Along its own axes, longest first."""
    axis: NDArray[np.float64]
    """Direction of the longest, unit vector (Z, Y, X)."""
    length_mm: float
    """Of its centre line."""
    centre: NDArray[np.float64]
    """Middle, in voxels of the volume (Z, Y, X)."""
    line: NDArray[np.float64]
    """Centre line, in voxels of the volume, shape (N, 3)."""


def shape_of(part: Part, spacing_mm: Spacing) -> Shape:
    """Describe the form of a part by the spread of its voxels along its own axes."""
    voxels = part.voxels().astype(np.float64)
    places = voxels * spacing_mm
    middle = places.mean(axis=0)
    own = np.array(spacing_mm) ** 2 / 12  # a voxel's own spread
    spread = np.cov((places - middle).T, bias=True) if len(places) > 1 else np.zeros((3, 3))
    values, axes = np.linalg.eigh(spread + np.diag(own))
    order = np.argsort(values)[::-1]
    extent = np.sqrt(12 * values[order])  # of a uniform bar of that spread
    line = _line(places, axes[:, order[0]])
    length = float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum()) + float(min(extent[1], extent[0]))
    length = max(length, float(extent[0]))
    return Shape(
        _form(extent, length),
        (float(extent[0]), float(extent[1]), float(extent[2])),
        axes[:, order[0]],
        length,
        middle / spacing_mm,
        line / spacing_mm,
    )


def _form(extent: NDArray[np.float64], length: float) -> Form:
    if length >= TUBULAR * extent[1]:
        return "tubular"
    return "plate" if extent[1] >= FLAT * extent[2] else "nodular"


def _line(places: NDArray[np.float64], axis: NDArray[np.float64]) -> NDArray[np.float64]:
    """Middles of slabs across the longest axis, in order along it."""
    along = places @ axis
    slab = ((along - along.min()) / LINE_STEP_MM).astype(np.intp)
    count = np.bincount(slab)
    middles = np.stack([np.bincount(slab, weights=places[:, k]) for k in range(3)], axis=1)
    return np.asarray(middles[count > 0] / count[count > 0, None])


def depth_mm(image: Image, part: Part, spacing_mm: Spacing, coarse_depth_mm: float) -> float:
    """Distance from the middle of a part to the skin's surface, within its slices.

    Parameters
    ----------
    image
        The volume.
    part
        A part of calcium.
    spacing_mm
        Of the volume, (Z, Y, X).
    coarse_depth_mm
        What the coarse grid says; kept where the surface is far.
    """
    if coarse_depth_mm > SKIN_SEARCH_MM - 2:
        return coarse_depth_mm
    centre = part.voxels().mean(axis=0)
    reach = [0, *(int(np.ceil(SKIN_SEARCH_MM / mm)) for mm in spacing_mm[1:])]
    z = round(centre[0])
    box: Box = (
        slice(z, z + 1),
        *(
            slice(max(0, int(c) - r), min(size, int(c) + r + 1))
            for c, r, size in zip(centre[1:], reach[1:], image.pixels.shape[1:], strict=True)
        ),
    )  # type: ignore[assignment]
    outside = _open_air(image.pixels[box][0] < SURFACE_HU)
    if not outside.any():
        return coarse_depth_mm
    edge = outside & ndimage.binary_dilation(~outside)
    places = (np.argwhere(edge) + [box[1].start, box[2].start]) * spacing_mm[1:]
    away = float(cKDTree(places).query(centre[1:] * spacing_mm[1:])[0])
    return max(0.0, away - 0.5 * float(np.mean(spacing_mm[1:])))


def _open_air(dark: Mask) -> Mask:
    """Of what is dark, the parts that reach the edge of the window: gas inside stays body."""
    numbered, _ = ndimage.label(dark)
    rim = np.concatenate([numbered[0], numbered[-1], numbered[:, 0], numbered[:, -1]])
    return np.isin(numbered, np.setdiff1d(rim, [0]))
