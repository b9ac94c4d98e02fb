"""Projections of a CT: the brightest voxel along a line, with the calcium by compartment beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Indices, Mask, Pixels
from calcinet.examined import ExaminedVolume
from calcinet.record import FindingRecord, ImageRecord
from calcinet.report.pictures.ct.body import find_body
from calcinet.report.pictures.ct.compartments import map_compartments
from calcinet.report.pictures.ct.limbs import Limb, centre_on_arteries, find_limbs, has_artery, one_limb
from calcinet.text import say
from calcinet.vocabulary import Side

AIR_HU: Final = -1000.0
"""Beyond the edge of the volume."""

SLAB_MM: Final = 18.0
"""Half the thickness of the slab that follows the arteries. Our choice: those of the lower leg lie within it, and much
of the bone in front and behind does not."""

ASIDE_MM: Final = 12.0
"""Room left beside a limb. Our choice."""

SIDE_VIEW: Final[Mapping[Side | None, str]] = {
    "R": say("Right, from the side: front on the left of the picture"),
    "L": say("Left, from the side: front on the left of the picture"),
    None: say("From the side: front on the left of the picture"),
}
UNORIENTED: Final = say("Seen at right angles to the first picture")
"""Of a volume that may lie in any way."""

ALONG_ARTERY: Final[Mapping[Side | None, str]] = {
    "R": say("Right, straightened, from the front: a slab {mm:.0f} mm thick that follows the arteries", mm=2 * SLAB_MM),
    "L": say("Left, straightened, from the front: a slab {mm:.0f} mm thick that follows the arteries", mm=2 * SLAB_MM),
    None: say("Straightened, from the front: a slab {mm:.0f} mm thick that follows the arteries", mm=2 * SLAB_MM),
}
ALONG_LIMB: Final[Mapping[Side | None, str]] = {
    "R": say("Right, straightened along the limb, from the front"),
    "L": say("Left, straightened along the limb, from the front"),
    None: say("Straightened along the limb, from the front"),
}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Projection:
    """One picture before it is drawn."""

    plane: Pixels
    """Hounsfield units, head up."""
    compartments: NDArray[np.uint8]
    """Which compartment's calcium lies there, same shape; 0 is none."""
    spacing_mm: tuple[float, float]
    caption: str
    side: Side | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Volume:
    """A CT in memory while it is projected."""

    hu: Pixels
    voxels: Mapping[str, Indices]
    image: ImageRecord
    shape: tuple[int, int, int]
    spacing_mm: tuple[float, float, float]

    def voxels_of(self, finding: FindingRecord) -> Indices:
        """(Z, Y, X) of a finding, shape (N, 3); none of one without voxels."""
        return self.voxels.get(finding.id, np.empty((0, 3), np.intp))

    def upright(self, z: Indices) -> Indices:
        """Rows of slices in a picture with the head up."""
        return self.shape[0] - 1 - z


def projections(volume: ExaminedVolume, image: ImageRecord) -> list[Projection]:
    """Project each limb from the side, and straightened from the front; where left is not known, all from one side."""
    assert image.ct is not None
    ct = _Volume(hu=volume.hu, voxels=volume.voxels, image=image, shape=image.ct.shape, spacing_mm=image.ct.spacing_mm)
    body = find_body(ct.hu, ct.spacing_mm)
    if not volume.oriented:
        whole = one_limb(body, image, ct.shape, ct.spacing_mm)
        return [replace(_project_from_the_side(ct, whole), caption=UNORIENTED)]
    limbs = find_limbs(body, image, ct.shape, ct.spacing_mm)
    straightened = []
    for limb in limbs:
        if limb.side is not None or has_artery(limb, image):  # the whole body straightened is the front once more
            centre = centre_on_arteries(limb, image, volume.affine, ct.spacing_mm)
            straightened.append(_project_straightened(ct, limb, centre))
    return straightened + [_project_from_the_side(ct, limb) for limb in limbs]


def _project_from_the_side(ct: _Volume, limb: Limb) -> Projection:
    """Seen from the patient's left, so that the front is at the left of the picture."""
    (along, down, _), (slices, rows, _) = ct.spacing_mm, ct.shape
    plane = np.full((slices, rows), AIR_HU, np.float32)
    for z, (first, last) in enumerate(limb.reach):
        if last >= first:
            plane[slices - 1 - z] = ct.hu[z, :, first : last + 1].max(axis=1)
    projected = {}
    for finding in ct.image.findings:
        voxels = ct.voxels_of(finding)
        own = voxels[_is_in_limb(voxels, limb)]
        projected[finding.id] = ct.upright(own[:, 0]), own[:, 1]
    compartments = map_compartments((slices, rows), ct.image.findings, projected)
    low, high = _frame_limb(limb.centre[:, 0], (limb.half_mm[0] + ASIDE_MM) / down, rows)
    return Projection(
        plane=plane[:, low:high],
        compartments=compartments[:, low:high],
        spacing_mm=(along, down),
        caption=SIDE_VIEW[limb.side],
        side=limb.side,
    )


def _project_straightened(ct: _Volume, limb: Limb, centre: Floats) -> Projection:
    """Each slice moved so that `centre` stands upright, nothing turned."""
    along, down, across = ct.spacing_mm
    slab_mm, captions = limb.half_mm[0] + ASIDE_MM, ALONG_LIMB
    if has_artery(limb, ct.image):
        slab_mm, captions = SLAB_MM, ALONG_ARTERY
    half = round((limb.half_mm[1] + ASIDE_MM) / across)
    deep = round(slab_mm / down)
    middle = np.rint(centre).astype(np.intp)
    plane = _straighten_slab(ct.hu, limb, middle, half, deep)
    projected = {}
    for finding in ct.image.findings:
        voxels = ct.voxels_of(finding)
        in_slab = np.abs(voxels[:, 1] - middle[voxels[:, 0], 0]) <= deep
        own = voxels[_is_in_limb(voxels, limb) & in_slab]
        projected[finding.id] = ct.upright(own[:, 0]), own[:, 2] - middle[own[:, 0], 1] + half
    rows, columns = plane.shape
    return Projection(
        plane=plane,
        compartments=map_compartments((rows, columns), ct.image.findings, projected),
        spacing_mm=(along, across),
        caption=captions[limb.side],
        side=limb.side,
    )


def _straighten_slab(hu: Pixels, limb: Limb, middle: Indices, half: int, deep: int) -> Pixels:
    """Project a slab of 2 * `deep` + 1 rows and 2 * `half` + 1 columns round the middle of each slice, head up."""
    slices = len(hu)
    plane = np.full((slices, 2 * half + 1), AIR_HU, np.float32)
    for z, (row, column) in enumerate(middle):
        slab = hu[z, max(0, row - deep) : row + deep + 1]
        first, last = max(limb.reach[z, 0], column - half), min(limb.reach[z, 1], column + half)
        if slab.size and last >= first:
            start = first - column + half
            plane[slices - 1 - z, start : start + last - first + 1] = slab[:, first : last + 1].max(axis=0)
    return plane


def _is_in_limb(voxels: Indices, limb: Limb) -> Mask:
    """Which voxels lie in the columns of a limb."""
    first, last = limb.reach[voxels[:, 0]].T
    return np.asarray((voxels[:, 2] >= first) & (voxels[:, 2] <= last))


def _frame_limb(centre: Floats, half: float, size: int) -> tuple[int, int]:
    """Columns that show a limb wherever it lies."""
    low, high = int(centre.min() - half), int(np.ceil(centre.max() + half)) + 1
    if high > low:
        return max(0, low), min(size, high)
    return 0, size
