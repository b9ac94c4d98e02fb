"""A bone scan divided, and the uptake of its segments."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage

from calcinet.arrays import Mask
from calcinet.constants import FWHM_PER_SIGMA
from calcinet.errors import NotMeasurable
from calcinet.findings.scintigram.finder import LEAST_SOFT, NOT_FOUND, Scintigram, Segment, ViewMap, find_scintigram
from calcinet.findings.scintigram.limb_segments import PLACES, Place
from calcinet.image import Image
from calcinet.measure.scintigram.counting import UNTOUCHED, Counting, counting_noise
from calcinet.measure.scintigram.heterogeneity import BLUR_FWHM_MM, Heterogeneity, heterogeneity
from calcinet.measure.scintigram.soft_tissue import Tissue
from calcinet.measure.scintigram.uptake import Counted, Density, density
from calcinet.text import say
from calcinet.vocabulary import LimbPart, LimbSide

SOFT_PARTS: Final[tuple[LimbPart, ...]] = ("upper arm", "forearm", "thigh", "lower leg")
"""Parts whose soft tissue is seen beside the bone."""

BONE_PARTS: Final[tuple[LimbPart, ...]] = ("thigh", "lower leg")
"""Parts whose bone two scans may be normalised by."""

ENDS: Final = 0.06
"""Share of a segment left out at either end when variation is tested. Our choice: bone of joints spills there."""

BELOW_ARMPIT: Final = 0.4
"""An upper arm is tested from here. Our choice: shoulder and trunk spill above; phantoms show it at high counts."""

CUT: Final = say("cut off by the edge of the field")

NO_SOFT: Final = say("no soft tissue is seen beside the bone")

SIDES_OF_BODY: Final[tuple[LimbSide, LimbSide]] = ("L", "R")


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredScan:
    """A divided scan and the densities of its segments."""

    image: Image
    found: Scintigram
    noise: Mapping[int, Counting]
    """By number of the view."""
    soft: Mapping[Place, Density]
    missing: Mapping[Place, str]


def measured_scan(image: Image) -> MeasuredScan:
    """Divide a scan and measure the uptake of every segment.

    Raises
    ------
    NotMeasurable
        If no view shows a whole body.
    """
    found = find_scintigram(image)
    noise = {number: _noise(view) for number, view in enumerate(found.views)}
    soft: dict[Place, Density] = {}
    missing: dict[Place, str] = {}
    for place in PLACES:
        try:
            soft[place] = _density(found, noise, place)
        except NotMeasurable as refusal:
            missing[place] = str(refusal)
    return MeasuredScan(image, found, noise, soft, missing)


def _noise(view: ViewMap) -> Counting:
    """Noise of a view, judged in all soft tissue of it; taken for untouched where there is too little."""
    inside = np.zeros(view.counts.shape, dtype=bool)
    for (part, _), segment in view.segments.items():
        inside |= segment.soft if part in SOFT_PARTS else False
    try:
        return counting_noise(view.counts, inside)
    except NotMeasurable:
        return UNTOUCHED


def _density(found: Scintigram, noise: Mapping[int, Counting], place: Place) -> Density:
    views = [(number, view.segments[place]) for number, view in enumerate(found.views)]
    if any(not segment.laid for _, segment in views):
        raise NotMeasurable(NOT_FOUND)
    if any(segment.cut for _, segment in views):
        raise NotMeasurable(CUT)
    if any(segment.soft.sum() < _least_soft(segment) for _, segment in views):
        raise NotMeasurable(NO_SOFT)
    return density([_counted(found.views[n], segment, segment.soft, noise[n]) for n, segment in views])


def _least_soft(segment: Segment) -> float:
    return LEAST_SOFT * float(segment.whole.sum())


def _counted(view: ViewMap, segment: Segment, inside: Mask, noise: Counting) -> Counted:
    return Counted(
        counts=float(view.counts[inside].sum()),
        air=view.contour.air * float(inside.sum()),
        path_mm=float(segment.path_mm[inside].sum()),
        scale=noise.scale,
    )


def flat(scan: MeasuredScan, places: Sequence[Place], inside: Callable[[Segment], Mask]) -> Density | None:
    """Counts a pixel of some segments together; None where there are too few."""
    counted = []
    for number, view in enumerate(scan.found.views):
        chosen = [view.segments[place] for place in places if not view.segments[place].cut]
        pixels = [inside(segment) for segment in chosen]
        area = sum(int(mask.sum()) for mask in pixels)
        counts = sum(float(view.counts[mask].sum()) for mask in pixels)
        air = view.contour.air * area
        counted.append(Counted(counts=counts, air=air, path_mm=float(area), scale=scan.noise[number].scale))
    try:
        return density(counted)
    except NotMeasurable:
        return None


def bone_alone(scan: MeasuredScan) -> Density | None:
    """Counts a pixel of the bones of thighs and lower legs, less those of the soft tissue before and behind them."""
    counted = []
    for number, view in enumerate(scan.found.views):
        counts, other, area = 0.0, 0.0, 0
        for place in ((part, side) for part in BONE_PARTS for side in SIDES_OF_BODY):
            segment = view.segments[place]
            if place not in scan.soft or not segment.bone.any():
                continue
            own = _counted(view, segment, segment.soft, scan.noise[number])
            pixels = int(segment.bone.sum())
            counts += float(view.counts[segment.bone].sum())
            other += view.contour.air * pixels + own.density * float(segment.path_mm[segment.bone].sum())
            area += pixels
        counted.append(Counted(counts=counts, air=other, path_mm=float(area), scale=scan.noise[number].scale))
    try:
        return density(counted)
    except NotMeasurable:
        return None


def variation(scan: MeasuredScan, place: Place) -> dict[str, object]:
    """The view of the most counts tells of variation: two views are not independent of the same body."""
    tested: list[tuple[float, int, Heterogeneity]] = []
    for number, view in enumerate(scan.found.views):
        try:
            tissue = tissue_of(view, view.segments[place], scan.image.require_pixel_mm())
            tested.append((float(tissue.counts.sum()), number, heterogeneity(tissue, scan.noise[number])))
        except NotMeasurable:
            continue
    if not tested:
        return {}
    _, seen_on, best = max(tested, key=lambda one: one[0])
    return {
        "variation": best.variation,
        "variation_interval": best.variation_interval,
        "variation_p": best.p_value,
        "focus_ratio": best.focus_ratio,
        "focus_p": best.focus_p_value,
        "focus": None if best.focus is None else in_picture(scan.found.views[seen_on], best.focus, scan.image),
    }


def in_picture(view: ViewMap, place: tuple[float, float], image: Image) -> tuple[float, float]:
    """Row and column of a place of one view in the picture, where the views lie side by side."""
    row, column = place
    width = view.counts.shape[1]
    number = image.emission.views.index(view.view) if view.view in image.emission.views else 0
    return row, number * width + (width - 1 - column if view.turned else column)


def tissue_of(view: ViewMap, segment: Segment, pixel_mm: tuple[float, float]) -> Tissue:
    """The soft tissue of a segment as its variation is tested: without its ends, an arm below the armpit."""
    begins = BELOW_ARMPIT if segment.place[0] == "upper arm" else ENDS
    middle = (segment.along > begins) & (segment.along < 1 - ENDS)
    rows, columns = np.nonzero(segment.soft & middle[:, None])
    sigma = [BLUR_FWHM_MM / FWHM_PER_SIGMA / mm for mm in pixel_mm]
    spill = ndimage.gaussian_filter(segment.bone.astype(np.float64), sigma)
    return Tissue(
        rows=rows,
        columns=columns,
        counts=view.counts[rows, columns],
        path_mm=segment.path_mm[rows, columns],
        along=segment.along[rows],
        across=segment.across[rows, columns],
        spill=spill[rows, columns],
        pixel_mm=pixel_mm,
        air=view.contour.air,
    )
