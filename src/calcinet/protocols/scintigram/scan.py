"""A bone scan divided into segments of the limbs, and the uptake of these."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import ndimage

from calcinet.arrays import Mask
from calcinet.constants import FWHM_PER_SIGMA
from calcinet.errors import NotMeasurable
from calcinet.findings.scintigram.finder import LEAST_SOFT, NOT_FOUND, Scintigram, Segment, ViewMap, find_scintigram
from calcinet.findings.scintigram.limb_segments import SEGMENT_KEYS, SegmentKey
from calcinet.image import Image
from calcinet.measure.scintigram.counting import UNTOUCHED, Counting, counting_noise
from calcinet.measure.scintigram.heterogeneity import BLUR_FWHM_MM, Heterogeneity, heterogeneity, patchiness
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


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MeasuredScan:
    """A divided scan and the densities of its segments."""

    image: Image
    found: Scintigram
    noise: Mapping[int, Counting]
    """By number of the view."""
    soft: Mapping[SegmentKey, Density]
    """Uptake of the soft tissue of each segment that was measured."""
    missing: Mapping[SegmentKey, str]
    """Why each of the others was not."""


def measure_scan(image: Image) -> MeasuredScan:
    """Divide a scan and measure the uptake of every segment.

    Raises
    ------
    NotMeasurable
        If no view shows a whole body.
    """
    found = find_scintigram(image)
    noise = {number: _measure_noise(view) for number, view in enumerate(found.views)}
    soft: dict[SegmentKey, Density] = {}
    missing: dict[SegmentKey, str] = {}
    for place in SEGMENT_KEYS:
        try:
            soft[place] = _measure_density(found, noise, place)
        except NotMeasurable as refusal:
            missing[place] = str(refusal)
    return MeasuredScan(image=image, found=found, noise=noise, soft=soft, missing=missing)


def _measure_noise(view: ViewMap) -> Counting:
    """Noise of a view, judged in all soft tissue of it; taken for untouched where there is too little."""
    soft = np.zeros(view.counts.shape, dtype=bool)
    for (part, _), segment in view.segments.items():
        if part in SOFT_PARTS:
            soft |= segment.soft
    try:
        return counting_noise(view.counts, soft)
    except NotMeasurable:
        return UNTOUCHED


def _measure_density(found: Scintigram, noise: Mapping[int, Counting], place: SegmentKey) -> Density:
    """Uptake of the soft tissue of one segment on all views; raises NotMeasurable with the reason."""
    segments = [view.segments[place] for view in found.views]
    if not all(segment.is_complete for segment in segments):
        raise NotMeasurable(NOT_FOUND)
    if any(segment.cut for segment in segments):
        raise NotMeasurable(CUT)
    if any(_has_too_little_tissue(segment) for segment in segments):
        raise NotMeasurable(NO_SOFT)
    counted = []
    for number, view in enumerate(found.views):
        counted.append(count_soft_tissue(view, view.segments[place], noise[number]))
    return density(counted)


def _has_too_little_tissue(segment: Segment) -> bool:
    return bool(segment.soft.sum() < LEAST_SOFT * float(segment.whole.sum()))


def count_soft_tissue(view: ViewMap, segment: Segment, noise: Counting) -> Counted:
    """Counts of the soft tissue of one segment on one view, and the tissue that they come from."""
    return Counted(
        counts=float(view.counts[segment.soft].sum()),
        air=view.contour.air * float(segment.soft.sum()),
        path_mm=float(segment.path_mm[segment.soft].sum()),
        scale=noise.scale,
    )


def pixel_density(scan: MeasuredScan, place: SegmentKey, tissue_of: Callable[[Segment], Mask]) -> Density | None:
    """Counts a pixel of one tissue of a segment; None where there are too few."""
    counted = []
    for number, view in enumerate(scan.found.views):
        segment = view.segments[place]
        area, counts = 0, 0.0
        if not segment.cut:
            tissue = tissue_of(segment)
            area, counts = int(tissue.sum()), float(view.counts[tissue].sum())
        counted.append(
            Counted(
                counts=counts,
                air=view.contour.air * area,
                path_mm=float(area),
                scale=scan.noise[number].scale,
            )
        )
    return _try_density(counted)


def bone_density(scan: MeasuredScan) -> Density | None:
    """Counts a pixel of the bones of thighs and lower legs, less those of the soft tissue before and behind them."""
    counted = []
    for number, view in enumerate(scan.found.views):
        counts, not_of_bone, area = 0.0, 0.0, 0
        for place in list_bones():
            segment = view.segments[place]
            if place not in scan.soft or not segment.bone.any():
                continue
            soft_tissue = count_soft_tissue(view, segment, scan.noise[number])
            pixels = int(segment.bone.sum())
            counts += float(view.counts[segment.bone].sum())
            soft_before_bone = soft_tissue.density * float(segment.path_mm[segment.bone].sum())
            not_of_bone += view.contour.air * pixels + soft_before_bone
            area += pixels
        counted.append(Counted(counts=counts, air=not_of_bone, path_mm=float(area), scale=scan.noise[number].scale))
    return _try_density(counted)


def list_bones() -> Iterator[SegmentKey]:
    """Segments whose bone two scans may be normalised by."""
    for part in BONE_PARTS:
        for side in SIDES_OF_BODY:
            yield part, side


def _try_density(counted: Sequence[Counted]) -> Density | None:
    try:
        return density(counted)
    except NotMeasurable:
        return None


def measure_variation(scan: MeasuredScan, place: SegmentKey) -> dict[str, object]:
    """Variation of a segment, as fields of its entry; none where no view has enough of it.

    The view of the most counts is tested alone: two views of the same body are not independent.
    """
    tested = list(_test_views(scan, place))
    if not tested:
        return {}
    _, number, best = max(tested, key=_get_counts)
    focus = best.focus
    if focus is not None:
        focus = place_in_picture(scan.found.views[number], focus, scan.image)
    return {
        "variation": best.variation,
        "variation_interval": best.variation_interval,
        "variation_p": best.p_value,
        "focus_ratio": best.focus_ratio,
        "focus_p": best.focus_p_value,
        "focus": focus,
    }


def find_true_variation(scan: MeasuredScan, place: SegmentKey) -> float | None:
    """Variation of a segment on a scan whose pixels are the counts expected, without chance; None where it has none.

    The view of the most counts, as `measure_variation` has it.
    """
    found: list[tuple[float, float]] = []
    for view in scan.found.views:
        try:
            tissue = tissue_to_test(view, view.segments[place], scan.image.require_pixel_mm())
            found.append((float(tissue.counts.sum()), patchiness(tissue)))
        except NotMeasurable:
            continue
    if not found:
        return None
    return max(found)[1]


Test = tuple[float, int, Heterogeneity]
"""Counts that were tested, number of the view, and what the test found."""


def _get_counts(test: Test) -> float:
    return test[0]


def _test_views(scan: MeasuredScan, place: SegmentKey) -> Iterable[Test]:
    for number, view in enumerate(scan.found.views):
        try:
            tissue = tissue_to_test(view, view.segments[place], scan.image.require_pixel_mm())
            found = heterogeneity(tissue, scan.noise[number])
        except NotMeasurable:
            continue
        yield float(tissue.counts.sum()), number, found


def place_in_picture(view: ViewMap, place: tuple[float, float], image: Image) -> tuple[float, float]:
    """Row and column of a place of one view in the picture, where the views are side by side."""
    row, column = place
    width = view.counts.shape[1]
    if view.turned:
        column = width - 1 - column
    return row, first_column(view, image) + column


def first_column(view: ViewMap, image: Image) -> int:
    """Column of the picture at which a view begins."""
    if view.view not in image.emission.views:
        return 0
    width = int(view.counts.shape[1])
    return image.emission.views.index(view.view) * width


def tissue_to_test(view: ViewMap, segment: Segment, pixel_mm: tuple[float, float]) -> Tissue:
    """The soft tissue of a segment as its variation is tested: without its ends, an arm below the armpit."""
    begins = ENDS
    if segment.key[0] == "upper arm":
        begins = BELOW_ARMPIT
    middle = (segment.along > begins) & (segment.along < 1 - ENDS)
    rows, columns = np.nonzero(segment.soft & middle[:, None])
    sigma_px = [BLUR_FWHM_MM / FWHM_PER_SIGMA / mm for mm in pixel_mm]
    spill = ndimage.gaussian_filter(segment.bone.astype(np.float64), sigma_px)
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
