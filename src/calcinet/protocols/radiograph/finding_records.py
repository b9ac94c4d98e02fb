"""Findings -> their lines of the record: calibre, length, area, depth, place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Floats, Mask
from calcinet.errors import NotMeasurable
from calcinet.findings.finding import Finding, Kind
from calcinet.findings.projection_calcium import Calcium
from calcinet.findings.regions import Regions
from calcinet.geometry.skeleton import line_length
from calcinet.geometry.vessel_linking import Course
from calcinet.image import Image
from calcinet.mask_labels import Tissue
from calcinet.measure.calibre.calibre import Calibre, CalibreClasses, vessel_calibre
from calcinet.measure.net.geometry import NetGeometry
from calcinet.measure.net.probability import net_call, net_probability
from calcinet.measure.radiograph.burden import depth_class
from calcinet.measure.radiograph.noise_power import NoisePower
from calcinet.measure.radiograph.sharpness import Sharpness
from calcinet.record import FindingRecord, VesselCourse
from calcinet.text import say
from calcinet.vocabulary import Compartment, Side

POINTS: Final = 200
"""Points of a polyline or outline that are kept. Our choice: a curve over a whole film stays smooth."""

UNNUMBERED: Final = "f0"
"""Id of a finding until all of its image are known."""

NO_SPACING: Final = say("pixel spacing unknown: lengths in mm need --spacing-mm or a calibrated image")
NO_OPTICS: Final = say("too little soft tissue to measure the noise in")
"""Why numbers are missing."""

WIDEST_INTERVAL: Final = 1.0
"""A calibre whose interval is wider than this times itself is not given. Our choice."""

ON_BONE: Final = 0.5
"""A finding with this share of its pixels on bone is called "bone overlap". Our choice."""


@dataclass(frozen=True, slots=True)
class Optics:
    """What limits every measure: the film's noise and its blur."""

    noise: NoisePower
    sharpness: Sharpness


Marked = tuple[FindingRecord, str | None]
"""A finding, and why its calibre is missing where a vessel has none."""


def net_mark(image: Image, regions: Regions, finding: Finding, shape: NetGeometry) -> FindingRecord:
    """A net, with the probability that map and geometry together give it."""
    assert finding.patch is not None
    return FindingRecord(
        id=UNNUMBERED,
        kind="net",
        probability=net_call(finding.probability or 0.0, net_probability(shape.order)),
        outline=_outline(finding.patch, finding.origin),
        **_place(image, regions, finding),
        **_area(image, finding.patch),
    )


def vessels(
    image: Image, regions: Regions, calcium: Calcium, optics: Optics | None, classes: CalibreClasses
) -> dict[int, Marked]:
    """The vessels, widest first, with their calibres, by their numbers in `calcium.findings`."""
    records = {
        number: vessel_mark(image, regions, finding, optics, classes)
        for number, finding in enumerate(calcium.findings)
        if finding.kind is Kind.VESSEL
    }
    return dict(sorted(records.items(), key=lambda numbered: -(numbered[1][0].calibre_px or 0)))


def courses(image: Image, calcium: Calcium, ids: Mapping[int, str]) -> tuple[VesselCourse, ...]:
    """Which vessels are stretches of one, longest first; `ids` by their numbers in `calcium.findings`."""
    found = (_course(image, calcium, way, ids) for way in calcium.courses)
    return tuple(sorted(found, key=lambda one: -(one.length_px if one.length_mm is None else one.length_mm)))


def _course(image: Image, calcium: Calcium, way: Course, ids: Mapping[int, str]) -> VesselCourse:
    stretches = [calcium.findings[number].centre_lines[0] for number in way.pieces]

    def lengths(pixel: tuple[float, float]) -> tuple[float, float]:
        """With the gaps, and without them."""
        calcified, gaps = (sum((line_length(line, pixel) for line in lines), 0.0) for lines in (stretches, way.gaps))
        return calcified + gaps, calcified

    length, calcified = lengths(image.pixel_mm or (1.0, 1.0))
    length_px, calcified_px = lengths((1.0, 1.0))
    return VesselCourse(
        side=_side(image),
        findings=tuple(ids[number] for number in way.pieces),
        length_mm=length if image.pixel_mm else None,
        calcified_mm=calcified if image.pixel_mm else None,
        calcified_percent=100 * calcified / length,
        gaps=tuple(((float(a[0]), float(a[1])), (float(b[0]), float(b[1]))) for a, b in way.gaps),
        length_px=length_px,
        calcified_px=calcified_px,
    )


def foci(image: Image, regions: Regions, calcium: Calcium) -> Iterator[FindingRecord]:
    """Other calcium."""
    for finding in calcium.findings:
        if finding.kind is Kind.FOCUS:
            yield FindingRecord(
                id=UNNUMBERED,
                kind="focus",
                probability=finding.probability,
                outline=_outline(finding.mask, finding.origin),
                **_place(image, regions, finding),
                **_area(image, finding.mask),
            )


def vessel_mark(
    image: Image, regions: Regions, finding: Finding, optics: Optics | None, classes: CalibreClasses
) -> Marked:
    """One vessel, and why its calibre is missing where it is."""
    line, half_width = finding.centre_lines[0], finding.half_width_px[0]
    kept = np.unique(np.linspace(0, len(line) - 1, min(POINTS, len(line))).round().astype(int))
    calibre, why = _calibre(image, (line, half_width), kept, optics, classes)
    record = FindingRecord(
        id=UNNUMBERED,
        kind="vessel",
        probability=finding.probability,
        polyline=tuple((float(r), float(c)) for r, c in line[kept]),
        calibre_px=2 * float(np.median(half_width)),
        length_px=line_length(line),
        **calibre,
        **_place(image, regions, finding),
        **_area(image, finding.mask),
    )
    return record, why


def _calibre(
    image: Image,
    traced: tuple[Floats, Floats],
    kept: NDArray[Any],
    optics: Optics | None,
    classes: CalibreClasses,
) -> tuple[dict[str, Any], str | None]:
    """Calibre and length in mm of a centre line and its half-widths, and why there is no calibre.

    Without them the numbers in pixels remain.
    """
    line, half_width = traced
    if image.pixel_mm is None:
        return {}, NO_SPACING
    length = {"length_mm": line_length(line, image.pixel_mm)}
    if optics is None:
        return length, NO_OPTICS
    try:
        found = vessel_calibre(
            image, line, half_width, noise_sd=optics.noise.sd, sharpness=optics.sharpness, classes=classes
        )
    except NotMeasurable as refusal:
        return length, str(refusal)
    if _open(found):
        return length, say("the fit leaves the calibre open: its 95 % interval is wider than the calibre itself")
    why = None if found.calibre_mm is not None else say("narrower than this film resolves")
    measured = {
        **length,
        "calibre_mm": found.calibre_mm,
        "calibre_interval_mm": found.calibre_mm_interval,
        "calibre_class": found.calibre_class,
        "upper_limit_mm": found.upper_limit_mm,
        "calibre_along_mm": _along(found, line, kept, image.pixel_mm) if found.calibre_mm is not None else (),
    }
    return measured, why


def _open(found: Calibre) -> bool:
    """Whether a calibre is so uncertain that it would mislead."""
    if found.calibre_mm is None or found.calibre_mm_interval is None:
        return False
    low, high = found.calibre_mm_interval
    return high - low > WIDEST_INTERVAL * found.calibre_mm


def _along(found: Calibre, line: Floats, kept: NDArray[Any], pixel_mm: tuple[float, float]) -> tuple[float, ...]:
    """The calibre at each kept point of the line."""
    steps = np.hypot(*(np.diff(line, axis=0) * pixel_mm).T)
    position = np.concatenate([[0.0], np.cumsum(steps)])[kept]
    return tuple(float(mm) for mm in np.interp(position, found.position_mm, found.along_mm))


def _place(image: Image, regions: Regions, finding: Finding) -> dict[str, Any]:
    """Depth under the skin, compartment and side."""
    row, column = finding.origin
    box = slice(row, row + finding.mask.shape[0]), slice(column, column + finding.mask.shape[1])
    depth = float(np.median(regions.depth[box][finding.mask])) if regions.depth_known else None
    on_bone = float((regions.labels[box][finding.mask] == Tissue.BONE).mean())
    in_mm = regions.depth_unit == "mm"
    return {
        "depth_mm" if in_mm else "depth_px": depth,
        "compartment": _compartment(depth if in_mm else None, on_bone),
        "side": _side(image),
    }


def _side(image: Image) -> Side | None:
    sides: Mapping[str | None, Side] = {"L": "L", "R": "R"}
    return sides.get(image.laterality)


def _compartment(depth_mm: float | None, on_bone: float) -> Compartment:
    """Skin or subcutis by projected depth; deeper than that one projection cannot tell."""
    if on_bone > ON_BONE:
        return "bone overlap"
    layer = None if depth_mm is None else depth_class(depth_mm)
    return layer if layer in ("skin", "subcutis") else "unknown"


def _area(image: Image, mask: Mask) -> dict[str, Any]:
    pixels = float(mask.sum())
    if image.pixel_mm is None:
        return {"area_px": pixels}
    return {"area_px": pixels, "area_mm2": pixels * image.pixel_mm[0] * image.pixel_mm[1]}


def _outline(mask: Mask, origin: tuple[int, int]) -> tuple[tuple[float, float], ...]:
    """Outline of the largest part of a mask, at most POINTS points."""
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    longest = max(contours, key=len)[:, 0]
    step = max(1, len(longest) // POINTS)
    return tuple((float(row + origin[0]), float(column + origin[1])) for column, row in longest[::step])
