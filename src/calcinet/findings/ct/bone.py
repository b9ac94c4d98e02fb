"""Bone and metal: told from calcified vessels by thickness, by size and by what lies inside the shell."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage

from calcinet.arrays import Mask, Pixels
from calcinet.findings.ct.coarse_grid import (
    ALL_NEIGHBOURS,
    Box,
    CoarseGrid,
    Spacing,
    close_slices,
    dilate,
    distance_to_edge,
    fill_holes,
    label_components,
)
from calcinet.image import Image

BONE_HU: Final = 220.0
"""Mean of a coarse voxel of cortex, or of dense trabeculae, at least. Our choice."""

SHELL_GAP_MM: Final = 2.0
"""Gaps in the shell of a bone that are closed. Our choice: foramina and thin cortex averaged away."""

LEAST_MM3: Final = 700.0
"""A smaller component is no bone by itself. Our choice: a sesamoid of 10 mm has 520, a phalanx of the toe 1,000."""

LEAST_RADIUS_MM: Final = 2.9
"""A component that is nowhere this deep inside is no bone either. Our choice: calcified walls of a popliteal artery
are 1 to 2 mm thick."""

SURE_MM3: Final = 20_000.0
"""A larger component is bone, however thin. Our choice: a rib, a scapula; ten times a popliteal artery's calcium."""

BLOOD_HU: Final = (15.0, 85.0)
"""Mean inside a closed ring of calcium that is a vessel: flowing blood. Our choice: marrow is fat, or trabeculae."""

BLOOD_SHARE: Final = 0.25
"""Share of a component that is such a lumen, for it to be a vessel. Our choice."""

METAL_HU: Final = 2400.0
"""Nothing in a body is so dense. Our choice: enamel and dense cortex stay under 2,200."""

TRABECULA_HU: Final = 130.0
"""Mean of a coarse voxel of bone that touches denser bone. Our choice: the threshold of calcium."""

HOLLOW_MM: Final = 8.0
"""Half the width of a hollow of dense bone that lighter bone may fill. Our choice: a vertebral body is twice as wide,
but has a dense shell on each side."""

LEAST_METAL_MM3: Final = 15.0
"""A smaller component is no metal. Our choice."""

STREAK_MM: Final = 12.0
"""How far from metal nothing is judged. Our choice: where streaks pass 130 HU about hip screws."""

RIM_MM: Final = 2.0
"""Partial volume about bone that is counted to it. Our choice: blur of a sharp edge to 130 HU."""


MOST_RING_MM2: Final = 75.0
"""Section of a calcified artery with its lumen, at most. Our choice: a femoral artery of 9 mm has 64 mm2; a fibula is
cut at 80 to 150 mm2."""

LEAST_HOLLOW: Final = 0.3
"""Share of the lumen in that section, at least. Our choice: a metatarsal's cortex is thicker."""

COLUMN_MM: Final = 20.0
"""A column of enhanced blood is at least this tall. Our choice."""

EDGE_MM: Final = 1.2
"""Thickness of the column's edge, which blur darkens. Our choice."""

LEAST_CORE: Final = 0.1
"""Voxels of the column's core over those of its edge, at least. Our choice."""

ENHANCED_HU: Final = 650.0
"""The core of the column is no brighter. Our choice: cortex is brighter than what it encloses."""

UNEVEN: Final = 0.15
"""Spread of the core over its brightness, at most. Our choice: trabeculae spread more."""

MOST_VESSEL_MM3: Final = 60_000.0
"""What is larger is no vessel. Our choice: enhanced arteries from the groin to the foot have 30 cm3 at most."""

SHELL_HU: Final = 200.0
"""The shell of a vessel or a bone, on the scanner's own grid. Our choice: above blood with its noise."""

LUMEN_SLICES: Final = 0.3
"""Share of a component's slices that show a closed ring about blood. Our choice: rings are broken."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Skeleton:
    """Bone and metal on the coarse grid."""

    bone: Mask
    """With its marrow."""
    near_bone: Mask
    """Bone and its rim."""
    metal: Mask
    near_metal: Mask
    """Metal and where its streaks reach."""


def find_bone(image: Image, grid: CoarseGrid, body: Mask, given: Mask | None = None) -> Skeleton:
    """Find bones as dense components too thick, too large or too fatty inside to be vessels.

    Parameters
    ----------
    image, grid
        The volume and its coarse grid.
    body
        The patient, on the coarse grid.
    given
        Bones that the caller knows already, on the coarse grid: they are added.
    """
    bone = _find_dense_bone(image, grid, body)
    if given is not None:
        bone |= given & body
    bone = _add_trabeculae(bone, grid, body)
    metal = _find_metal(image, grid, body)
    streaks = metal
    if metal.any():
        streaks = dilate(metal, grid, STREAK_MM)
    rim = dilate(bone, grid, RIM_MM)
    return Skeleton(bone=bone, near_bone=rim & body, metal=metal, near_metal=streaks & body)


def _find_dense_bone(image: Image, grid: CoarseGrid, body: Mask) -> Mask:
    """Dense components that are bones."""
    dense = (grid.hu > BONE_HU) & body
    whole = fill_holes(close_slices(dense, grid, SHELL_GAP_MM)) & body
    numbered, large = label_components(whole, LEAST_MM3 / grid.voxel_mm3)
    bone = np.zeros_like(body)
    for number, box in large:
        component = numbered[box] == number
        if _is_bone(component, grid, box) and not _is_vessel(image, component, grid, box):
            bone[box] |= component
    return bone


def _add_trabeculae(core: Mask, grid: CoarseGrid, body: Mask) -> Mask:
    """Add what is joined to the core, dense enough, and within the core's own hollows; then its marrow."""
    hull = close_slices(core, grid, HOLLOW_MM) & body
    joined = ndimage.binary_propagation(core, mask=hull & (grid.hu > TRABECULA_HU), structure=ALL_NEIGHBOURS)
    return fill_holes(close_slices(joined, grid, SHELL_GAP_MM)) & body


def _is_bone(component: Mask, grid: CoarseGrid, box: Box) -> bool:
    """Whether a dense component is very large, or thick and not full of blood."""
    volume_mm3 = float(component.sum()) * grid.voxel_mm3
    if volume_mm3 >= SURE_MM3:
        return True
    depth = ndimage.distance_transform_edt(np.pad(component, 1, constant_values=False), sampling=grid.mm)
    if float(depth.max()) < LEAST_RADIUS_MM:
        return False
    hu = grid.hu[box]
    lumen = component & (hu > BLOOD_HU[0]) & (hu < BLOOD_HU[1])
    return bool(lumen.sum() < BLOOD_SHARE * component.sum())


def _is_vessel(image: Image, component: Mask, grid: CoarseGrid, box: Box) -> bool:
    """Whether a component is a ring of calcium about blood, or enhanced blood itself, on the scanner's own grid."""
    if float(component.sum()) * grid.voxel_mm3 >= MOST_VESSEL_MM3:
        return False
    hu = image.pixels[grid.fine_region(box)]
    dense = np.zeros(hu.shape, dtype=bool)
    for z, plane in enumerate(hu):
        dense[z] = (plane > SHELL_HU) & grid.fine_part(component, z, plane.shape)
    spacing_mm = image.require_spacing_mm()
    return _is_ring(hu, dense, spacing_mm[1] * spacing_mm[2]) or _is_enhanced(hu, dense, spacing_mm)


def _is_ring(hu: Pixels, dense: Mask, pixel_mm2: float) -> bool:
    """Whether a shell is as narrow and as thin as a calcified artery's, and what it encloses as bright as blood."""
    whole = np.zeros(dense.shape, dtype=bool)
    inner = np.zeros(dense.shape, dtype=bool)
    for z, shell in enumerate(dense):
        whole[z] = ndimage.binary_fill_holes(shell)
        inner[z] = ndimage.binary_erosion(whole[z] & ~shell)
    rings = np.flatnonzero(inner.any(axis=(1, 2)))
    if len(rings) < LUMEN_SLICES * len(inner) or not BLOOD_HU[0] < float(np.median(hu[inner])) < BLOOD_HU[1]:
        return False
    section = whole[rings].sum(axis=(1, 2))
    hollow = (whole & ~dense)[rings].sum(axis=(1, 2))
    return bool(np.median(section) * pixel_mm2 <= MOST_RING_MM2 and np.median(hollow / section) >= LEAST_HOLLOW)


def _is_enhanced(hu: Pixels, dense: Mask, spacing_mm: Spacing) -> bool:
    """Whether a dense component is an even column without a brighter shell, as enhanced blood is and bone is not."""
    if hu.shape[0] * spacing_mm[0] < COLUMN_MM:
        return False
    depth = distance_to_edge(dense, spacing_mm[1:])
    core = hu[depth > EDGE_MM]
    shell = hu[(depth > 0) & (depth <= EDGE_MM)]
    if len(core) < LEAST_CORE * len(shell):
        return False
    middle = float(np.median(core))
    spread = 1.4826 * float(np.median(np.abs(core - middle)))
    return middle < ENHANCED_HU and spread < UNEVEN * middle and float(np.median(shell)) < middle


def _find_metal(image: Image, grid: CoarseGrid, body: Mask) -> Mask:
    """Coarse voxels that hold metal."""
    out = np.zeros_like(body)
    for z in range(len(body)):
        slab = image.pixels[z * grid.block[0] : (z + 1) * grid.block[0]].max(axis=0)
        if slab.max() >= METAL_HU:
            _mark_blocks(out[z], slab >= METAL_HU, grid)
    numbered, large = label_components(out & body, max(1.0, LEAST_METAL_MM3 / grid.voxel_mm3))
    return np.isin(numbered, [number for number, _ in large])


def _mark_blocks(plane: Mask, fine: Mask, grid: CoarseGrid) -> None:
    """Mark those voxels of a coarse slice in whose block something is; what is left over at the edges is in none."""
    rows, columns = (np.argwhere(fine) // np.array(grid.block[1:])).T
    inside = (rows < plane.shape[0]) & (columns < plane.shape[1])
    plane[rows[inside], columns[inside]] = True
