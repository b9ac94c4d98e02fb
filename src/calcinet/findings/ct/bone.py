"""Bone and metal: told from calcified vessels by thickness, by size and by what lies inside the shell."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage

from calcinet.arrays import Mask, Pixels
from calcinet.findings.ct.coarse_grid import ALL_NEIGHBOURS, Box, CoarseGrid, closed, filled, grown, parts
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
"""Half the width of a hollow of dense bone that lighter bone may fill. Our choice: a vertebral body is twice as wide,
but has a dense shell on each side."""

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


def find_bone(image: Image, grid: CoarseGrid, body: Mask, given: Mask | None = None) -> Skeleton:
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
        if _is_bone(part, grid, box) and not _is_vessel(image, part, grid, box):
            bone[box] |= part
    bone = _with_trabeculae(bone, grid, body)
    rim = grown(bone, grid, RIM_MM) & body
    return Skeleton(bone, rim, metal, streaks & body)


def _with_trabeculae(core: Mask, grid: CoarseGrid, body: Mask) -> Mask:
    """Add what is joined to the core, dense enough, and within the core's own hollows; then its marrow."""
    hull = closed(core, grid, HOLLOW_MM) & body
    joined = ndimage.binary_propagation(core, mask=hull & (grid.hu > TRABECULA_HU), structure=ALL_NEIGHBOURS)
    return filled(closed(joined, grid, SHELL_GAP_MM)) & body


def _is_bone(part: Mask, grid: CoarseGrid, box: Box) -> bool:
    volume = float(part.sum()) * grid.voxel_mm3
    if volume >= SURE_MM3:
        return True
    inside = ndimage.distance_transform_edt(np.pad(part, 1, constant_values=False), sampling=grid.mm)
    if float(inside.max()) < LEAST_RADIUS_MM:
        return False
    hu = grid.hu[box]
    lumen = part & (hu > BLOOD_HU[0]) & (hu < BLOOD_HU[1])
    return bool(lumen.sum() < BLOOD_SHARE * part.sum())


def _is_vessel(image: Image, part: Mask, grid: CoarseGrid, box: Box) -> bool:
    """Whether a part is a ring of calcium about blood, or enhanced blood itself, seen on the scanner's own grid."""
    if float(part.sum()) * grid.voxel_mm3 >= MOST_VESSEL_MM3:
        return False
    fine = tuple(slice(at.start * step, at.stop * step) for at, step in zip(box, grid.block, strict=True))
    hu = image.pixels[fine]
    inner, dense = np.zeros(hu.shape, dtype=bool), np.zeros(hu.shape, dtype=bool)
    for z, plane in enumerate(hu):
        dense[z] = (plane > SHELL_HU) & grid.fine_part(part, z, plane.shape)
        inner[z] = ndimage.binary_erosion(ndimage.binary_fill_holes(dense[z]) & ~dense[z])
    assert image.spacing_mm is not None
    if _is_ring(hu, dense, inner, image.spacing_mm[1] * image.spacing_mm[2]):
        return True
    return _is_enhanced(hu, dense, image.spacing_mm)


def _is_ring(hu: Pixels, dense: Mask, inner: Mask, pixel_mm2: float) -> bool:
    """Whether a shell is as narrow and as thin as a calcified artery's, and what it encloses as bright as blood."""
    rings = np.flatnonzero(inner.any(axis=(1, 2)))
    if len(rings) < LUMEN_SLICES * len(inner) or not BLOOD_HU[0] < float(np.median(hu[inner])) < BLOOD_HU[1]:
        return False
    whole = np.array([ndimage.binary_fill_holes(dense[z]).sum() for z in rings])
    hollow = np.array([(ndimage.binary_fill_holes(dense[z]) & ~dense[z]).sum() for z in rings])
    return bool(np.median(whole) * pixel_mm2 <= MOST_RING_MM2 and np.median(hollow / whole) >= LEAST_HOLLOW)


MOST_RING_MM2: Final = 75.0
LEAST_HOLLOW: Final = 0.3
"""Section of a calcified artery with its lumen, at most, and share of the lumen, at least. Our choice: a femoral artery
of 9 mm has 64 mm2; a fibula is cut at 80 to 150 mm2, and a metatarsal's cortex is thicker."""


def _is_enhanced(hu: Pixels, dense: Mask, spacing_mm: tuple[float, float, float]) -> bool:
    """Whether a dense part is an even column without a brighter shell, as enhanced blood is and bone is not."""
    if hu.shape[0] * spacing_mm[0] < COLUMN_MM:
        return False
    inside = np.stack(
        [ndimage.distance_transform_edt(np.pad(plane, 1), sampling=spacing_mm[1:])[1:-1, 1:-1] for plane in dense]
    )
    core, shell = hu[inside > EDGE_MM], hu[(inside > 0) & (inside <= EDGE_MM)]
    if len(core) < MOST_SHELL_PARTS * len(shell):
        return False
    middle = float(np.median(core))
    uneven = 1.4826 * float(np.median(np.abs(core - middle)))
    return middle < ENHANCED_HU and uneven < UNEVEN * middle and float(np.median(shell)) < middle


COLUMN_MM: Final = 20.0
EDGE_MM: Final = 1.2
MOST_SHELL_PARTS: Final = 0.1
ENHANCED_HU: Final = 650.0
UNEVEN: Final = 0.15
"""A column of enhanced blood is this tall at least; so thick is its edge, which blur darkens; its core is a tenth of
the edge at least, no brighter than this, and its spread a small share of its brightness. Our choice: trabeculae spread
more, and cortex is brighter than what it encloses."""


MOST_VESSEL_MM3: Final = 60_000.0
"""What is larger is no vessel. Our choice: enhanced arteries from the groin to the foot have 30 cm3 at most."""

SHELL_HU: Final = 200.0
"""The shell of a vessel or a bone, on the scanner's own grid. Our choice: above blood with its noise."""

LUMEN_SLICES: Final = 0.3
"""Share of a part's slices that show a closed ring about blood. Our choice: rings are broken."""


def _metal(image: Image, grid: CoarseGrid, body: Mask) -> Mask:
    """Coarse voxels that hold metal."""
    out = np.zeros_like(body)
    _, height, width = body.shape
    for z in range(len(body)):
        slab = image.pixels[z * grid.block[0] : (z + 1) * grid.block[0]].max(axis=0)
        if slab.max() < METAL_HU:
            continue
        places = np.argwhere(slab >= METAL_HU) // np.array([grid.block[1], grid.block[2]])
        rows, columns = places[:, 0], places[:, 1]
        inside = (rows < height) & (columns < width)
        out[z, rows[inside], columns[inside]] = True
    numbered, large = parts(out & body, max(1.0, LEAST_METAL_MM3 / grid.voxel_mm3))
    return np.isin(numbered, [n for n, _ in large]) if large else np.zeros_like(out)
