"""Bone and metal: told from calcified vessels by thickness, by size and by what lies inside the shell."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage

from calcinet.findings.ct.grid import Box, Coarse, Mask, closed, filled, grown, parts
from calcinet.image import Image

BONE_HU: Final = 220.0
"""Mean of a coarse voxel of cortex, or of dense trabeculae, at least. Our choice."""

SHELL_GAP_MM: Final = 2.0
"""Gaps in the shell of a bone that are closed. Our choice: foramina and thin cortex averaged away."""

LEAST_MM3: Final = 700.0
"""A smaller part is no bone by itself. Our choice: a sesamoid of 10 mm has 520, a phalanx of the toe 1,000."""

LEAST_RADIUS_MM: Final = 2.9
"""Nor is one without a place this far inside. Our choice: calcified walls of a popliteal artery are 1 to 2 mm thick."""

SURE_MM3: Final = 20_000.0
"""What is larger is bone, however thin. Our choice: a rib, a scapula; ten times a popliteal artery's calcium."""

BLOOD_HU: Final = (15.0, 85.0)
"""Mean inside a closed ring of calcium that is a vessel: flowing blood. Our choice: marrow is fat, or trabeculae."""

BLOOD_SHARE: Final = 0.25
"""Share of a part that is such a lumen, for it to be a vessel. Our choice."""

METAL_HU: Final = 2400.0
"""Nothing in a body is so dense. Our choice: enamel and dense cortex stay under 2,200."""

TRABECULA_HU: Final = 130.0
"""Mean of a coarse voxel of bone that touches denser bone. Our choice: the threshold of calcium."""

HOLLOW_MM: Final = 8.0
"""Half the width of a hollow of dense bone that lighter bone may fill. Our choice: a vertebral body is twice as wide, but
has a dense shell on each side."""

LEAST_METAL_MM3: Final = 15.0
STREAK_MM: Final = 12.0
"""How far from metal nothing is judged. Our choice: where streaks pass 130 HU about hip screws."""

RIM_MM: Final = 2.0
"""Partial volume about bone that is counted to it. Our choice: blur of a sharp edge to 130 HU."""


@dataclass(frozen=True, slots=True, eq=False)
class Skeleton:
    """On the coarse grid."""

    bone: Mask
    """With its marrow."""
    near_bone: Mask
    """Bone and its rim."""
    metal: Mask
    near_metal: Mask
    """Metal and where its streaks reach."""


def find_bone(image: Image, grid: Coarse, body: Mask, given: Mask | None = None) -> Skeleton:
    """Find bones as dense parts too thick, too large or too fatty inside to be vessels.

    Parameters
    ----------
    image, grid
        The volume and its coarse grid.
    body
        The patient, on the coarse grid.
    given
        Bones that the caller knows already, on the coarse grid: they are added.
    """
    metal = _metal(image, grid, body)
    streaks = grown(metal, grid, STREAK_MM) if metal.any() else metal
    dense = (grid.hu > BONE_HU) & body
    whole = filled(closed(dense, grid, SHELL_GAP_MM)) & body
    numbered, large = parts(whole, LEAST_MM3 / grid.voxel_mm3)
    bone = np.zeros_like(body) if given is None else given & body
    for number, box in large:
        part = numbered[box] == number
        if _is_bone(part, grid, box) and not _has_lumen(image, part, grid, box):
            bone[box] |= part
    bone = _with_trabeculae(bone, grid, body)
    rim = grown(bone, grid, RIM_MM) & body
    return Skeleton(bone, rim, metal, streaks & body)


def _with_trabeculae(core: Mask, grid: Coarse, body: Mask) -> Mask:
    """Add what is joined to the core, dense enough, and within the core's own hollows; then its marrow."""
    hull = closed(core, grid, HOLLOW_MM) & body
    joined = ndimage.binary_propagation(core, mask=hull & (grid.hu > TRABECULA_HU), structure=np.ones((3, 3, 3)))
    return filled(closed(joined, grid, SHELL_GAP_MM)) & body


def _is_bone(part: Mask, grid: Coarse, box: Box) -> bool:
    volume = float(part.sum()) * grid.voxel_mm3
    if volume >= SURE_MM3:
        return True
    inside = ndimage.distance_transform_edt(np.pad(part, 1, constant_values=False), sampling=grid.mm)
    if float(inside.max()) < LEAST_RADIUS_MM:
        return False
    hu = grid.hu[box]
    lumen = part & (hu > BLOOD_HU[0]) & (hu < BLOOD_HU[1])
    return bool(lumen.sum() < BLOOD_SHARE * part.sum())


def _has_lumen(image: Image, part: Mask, grid: Coarse, box: Box) -> bool:
    """Whether the shell of a part goes round blood, seen on the scanner's own grid."""
    if float(part.sum()) * grid.voxel_mm3 >= SURE_MM3:
        return False
    fine = tuple(slice(at.start * step, at.stop * step) for at, step in zip(box, grid.block, strict=True))
    hu = image.pixels[fine]
    inner = np.zeros(hu.shape, dtype=bool)
    for z, plane in enumerate(hu):
        shell = (plane > SHELL_HU) & grid.fine_part(part, z, plane.shape)
        inner[z] = ndimage.binary_erosion(ndimage.binary_fill_holes(shell) & ~shell)
    rings = inner.any(axis=(1, 2))
    if rings.mean() < LUMEN_SLICES:
        return False
    middle = float(np.median(hu[inner]))
    return BLOOD_HU[0] < middle < BLOOD_HU[1]


SHELL_HU: Final = 200.0
"""The shell of a vessel or a bone, on the scanner's own grid. Our choice: above blood with its noise."""

LUMEN_SLICES: Final = 0.3
"""Share of a part's slices that show a closed ring about blood. Our choice: rings are broken."""


def _metal(image: Image, grid: Coarse, body: Mask) -> Mask:
    """Coarse voxels that hold metal."""
    out = np.zeros(grid.hu.shape, dtype=bool)
    for z in range(grid.hu.shape[0]):
        slab = image.pixels[z * grid.block[0] : (z + 1) * grid.block[0]].max(axis=0)
        if slab.max() < METAL_HU:
            continue
        rows, columns = np.nonzero(slab >= METAL_HU)
        rows, columns = rows // grid.block[1], columns // grid.block[2]
        inside = (rows < out.shape[1]) & (columns < out.shape[2])
        out[z, rows[inside], columns[inside]] = True
    numbered, large = parts(out & body, max(1.0, LEAST_METAL_MM3 / grid.voxel_mm3))
    return np.isin(numbered, [n for n, _ in large]) if large else np.zeros_like(out)
