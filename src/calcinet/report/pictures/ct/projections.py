"""Projections of a CT: the brightest voxel along a line, with the calcium by compartment beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Indices, Pixels
from calcinet.record import FindingRecord, ImageRecord
from calcinet.report.pictures.ct.body import find_body
from calcinet.report.pictures.ct.compartments import places
from calcinet.report.pictures.ct.limbs import Limb, find_limbs, has_artery, one_limb, way
from calcinet.report.pictures.viewport import ExaminedVolume
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


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """One picture before it is drawn."""

    plane: Pixels
    """Hounsfield units, head up."""
    places: NDArray[np.uint8]
    """Which compartment's calcium lies there, same shape; 0 is none."""
    spacing_mm: tuple[float, float]
    caption: str
    side: Side | None = None


def front_places(volume: ExaminedVolume, image: ImageRecord) -> NDArray[np.uint8]:
    """Where the calcium of which compartment lies in the projection from the front that the record's points are in."""
    slices = _slices(image)
    flat = {key: (slices - 1 - at[:, 0], at[:, 2]) for key, at in volume.voxels.items()}
    return places(image.shape or (slices, 0), image.findings, flat)


def projections(volume: ExaminedVolume, image: ImageRecord) -> list[Projection]:
    """Project each limb from the side, and straightened from the front; where left is not known, all from one side."""
    assert image.ct is not None
    hu, voxels, mm = volume.hu, volume.voxels, image.ct.spacing_mm
    body = find_body(hu, mm)
    if not volume.oriented:
        whole = replace(
            _from_the_side(hu, voxels, one_limb(body, image, image.ct.shape, mm), image), caption=UNORIENTED
        )
        return [whole]
    limbs = find_limbs(body, image, image.ct.shape, mm)
    straight = [
        _straightened(hu, voxels, limb, image, way(limb, image, volume.affine, mm))
        for limb in limbs
        if limb.side is not None or has_artery(limb, image)  # the whole body straightened is the front once more
    ]
    return [*straight, *(_from_the_side(hu, voxels, limb, image) for limb in limbs)]


def _from_the_side(hu: Pixels, voxels: Mapping[str, Indices], limb: Limb, image: ImageRecord) -> Projection:
    """Seen from the patient's left, so that the front is at the left of the picture."""
    assert image.ct is not None
    (along, down, _), (slices, rows, _) = image.ct.spacing_mm, image.ct.shape
    plane = np.full((slices, rows), AIR_HU, np.float32)
    for z, (first, last) in enumerate(limb.reach):
        if last >= first:
            plane[slices - 1 - z] = hu[z, :, first : last + 1].max(axis=1)
    flat = {}
    for finding in image.findings:
        at = _of(finding, voxels)
        inside = (at[:, 2] >= limb.reach[at[:, 0], 0]) & (at[:, 2] <= limb.reach[at[:, 0], 1])
        flat[finding.id] = slices - 1 - at[inside, 0], at[inside, 1]
    shown = places((slices, rows), image.findings, flat)
    low, high = _window(limb.centre[:, 0], (limb.half_mm[0] + ASIDE_MM) / down, rows)
    return Projection(plane[:, low:high], shown[:, low:high], (along, down), SIDE_VIEW[limb.side], limb.side)


def _straightened(
    hu: Pixels,
    voxels: Mapping[str, Indices],
    limb: Limb,
    image: ImageRecord,
    centre: Floats,
) -> Projection:
    """Each slice moved so that the way stands upright, nothing turned."""
    assert image.ct is not None
    (along, down, across), slices = image.ct.spacing_mm, image.ct.shape[0]
    artery = has_artery(limb, image)
    half = round((limb.half_mm[1] + ASIDE_MM) / across)
    deep = round((SLAB_MM if artery else limb.half_mm[0] + ASIDE_MM) / down)
    middle = np.rint(centre).astype(np.intp)
    plane = np.full((slices, 2 * half + 1), AIR_HU, np.float32)
    for z, (row, column) in enumerate(middle):
        slab = hu[z, max(0, row - deep) : row + deep + 1]
        first, last = max(limb.reach[z, 0], column - half), min(limb.reach[z, 1], column + half)
        if slab.size and last >= first:
            start = first - column + half
            plane[slices - 1 - z, start : start + last - first + 1] = slab[:, first : last + 1].max(axis=0)
    flat = {}
    for finding in image.findings:
        at = _of(finding, voxels)
        own = (at[:, 2] >= limb.reach[at[:, 0], 0]) & (at[:, 2] <= limb.reach[at[:, 0], 1])
        inside = own & (np.abs(at[:, 1] - middle[at[:, 0], 0]) <= deep)
        flat[finding.id] = slices - 1 - at[inside, 0], at[inside, 2] - middle[at[inside, 0], 1] + half
    shown = places(plane.shape, image.findings, flat)
    caption = (ALONG_ARTERY if artery else ALONG_LIMB)[limb.side]
    return Projection(plane, shown, (along, across), caption, limb.side)


def _slices(image: ImageRecord) -> int:
    assert image.ct is not None
    return image.ct.shape[0]


def _of(finding: FindingRecord, voxels: Mapping[str, Indices]) -> Indices:
    return voxels.get(finding.id, np.empty((0, 3), np.intp))


def _window(centre: Floats, half: float, size: int) -> tuple[int, int]:
    """Columns that show a limb wherever it lies."""
    low, high = int(centre.min() - half), int(np.ceil(centre.max() + half)) + 1
    return (max(0, low), min(size, high)) if high > low else (0, size)
