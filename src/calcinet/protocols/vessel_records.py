"""A calcified vessel of a projection image -> its entry of the record: centre line, calibre, length."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from calcinet.arrays import Floats, Indices
from calcinet.errors import NotMeasurable
from calcinet.findings.finding import Finding
from calcinet.findings.regions import Regions
from calcinet.geometry.skeleton import line_length
from calcinet.image import Image
from calcinet.measure.calibre.calibre import Calibre, vessel_calibre
from calcinet.measure.calibre.classes import CalibreClasses
from calcinet.protocols.finding_fields import POINTS, locate_finding, measure_area
from calcinet.protocols.measurements import Measurements
from calcinet.protocols.optics import NO_OPTICS, Optics
from calcinet.protocols.polylines import as_points, spread_indices
from calcinet.record import FindingRecord
from calcinet.text import say

WIDEST_INTERVAL: Final = 1.0
"""A calibre whose 95 % interval is wider than this times itself is not given. Our choice."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MeasuredProjection:
    """A radiograph or mammogram with what every vessel on it is measured by."""

    image: Image
    regions: Regions
    optics: Optics | None
    """None where there was too little soft tissue to measure them in."""
    classes: CalibreClasses
    size_known: bool = True
    """Whether the pixel size is known; where it is assumed, no vessel is put into a class by it."""


@dataclass(frozen=True, slots=True)
class VesselLength:
    """Length of a vessel."""

    px: float
    mm: float | None
    """None without a pixel size."""


@dataclass(frozen=True, slots=True)
class RecordedVessel:
    """Entry of a vessel in the record."""

    record: FindingRecord
    no_calibre: str | None
    """Why it has no calibre; None where it has one."""


NOTHING_MEASURED: Final[Mapping[int, RecordedVessel]] = {}
"""No vessel was measured before."""


def measure_length(image: Image, line: Floats) -> VesselLength:
    """Length of a centre line, shape (N, 2), from its first point to its last."""
    if image.pixel_mm is None:
        return VesselLength(line_length(line), None)
    return VesselLength(line_length(line), line_length(line, image.pixel_mm))


def record_vessel(
    projection: MeasuredProjection, finding: Finding, finding_id: str, length: VesselLength
) -> RecordedVessel:
    """Enter one vessel; `length` is that which the record gives."""
    image, line = projection.image, finding.centre_lines[0]
    kept = spread_indices(len(line), POINTS)
    calibre: dict[str, Any] = {}
    no_calibre: str | None = None
    try:
        fitted = _fit_calibre(projection, finding)
    except NotMeasurable as refusal:
        no_calibre = str(refusal)
    else:
        calibre = _describe_calibre(fitted, line, kept, image.require_pixel_mm())
        calibre["calibre_class"] = _choose_class(fitted, projection)
        if fitted.calibre_mm is None:
            no_calibre = say("narrower than this film resolves")
    record = FindingRecord(
        id=finding_id,
        kind="vessel",
        probability=finding.probability,
        polyline=as_points(line[kept]),
        calibre_px=rough_calibre_px(finding),
        length_px=length.px,
        length_mm=length.mm,
        **calibre,
        **locate_finding(image, projection.regions, finding),
        **measure_area(image, finding.mask),
    )
    return RecordedVessel(record, no_calibre)


def explain_calibres(measurements: Measurements, vessels: Iterable[RecordedVessel]) -> None:
    """Say why vessels have no calibre."""
    for vessel in vessels:
        if vessel.no_calibre is not None:
            measurements.explain(f"{vessel.record.id}.calibre_mm", vessel.no_calibre)


def known_calibres_mm(findings: Iterable[FindingRecord]) -> list[float]:
    """Calibres of the vessels that have one."""
    return [finding.calibre_mm for finding in findings if finding.calibre_mm is not None]


def rough_calibre_px(finding: Finding) -> float:
    """The finder's first estimate of a vessel's outer diameter in pixels."""
    return 2 * float(np.median(finding.half_width_px[0]))


def _fit_calibre(projection: MeasuredProjection, finding: Finding) -> Calibre:
    """The calibre of a vessel; raises NotMeasurable, with the reason for the record, where there is none to give."""
    image, optics = projection.image, projection.optics
    if image.pixel_mm is None:
        raise NotMeasurable(image.why_no_mm)
    if optics is None:
        raise NotMeasurable(NO_OPTICS)
    fitted = vessel_calibre(
        image,
        finding.centre_lines[0],
        finding.half_width_px[0],
        noise_sd=optics.noise.sd,
        sharpness=optics.sharpness,
        classes=projection.classes,
        traced=True,
    )
    if is_misleading(fitted):
        raise NotMeasurable(say("the fit leaves the calibre open: its 95 % interval is wider than the calibre itself"))
    return fitted


def is_misleading(fitted: Calibre) -> bool:
    """Whether a calibre is too uncertain to be given."""
    if fitted.calibre_mm is None or fitted.calibre_mm_interval is None:
        return False
    low, high = fitted.calibre_mm_interval
    return high - low > WIDEST_INTERVAL * fitted.calibre_mm


def _choose_class(fitted: Calibre, projection: MeasuredProjection) -> str | None:
    """Class of a calibre; one that is assumed has none, save that the blur hides it, which hangs on no size."""
    if projection.size_known or fitted.calibre_class == "not resolvable":
        return fitted.calibre_class
    return None


def _describe_calibre(fitted: Calibre, line: Floats, kept: Indices, pixel_mm: tuple[float, float]) -> dict[str, Any]:
    along: tuple[float, ...] = ()
    if fitted.calibre_mm is not None:
        along = interpolate_calibre(fitted, line, kept, pixel_mm)
    return {
        "calibre_mm": fitted.calibre_mm,
        "calibre_interval_mm": fitted.calibre_mm_interval,
        "upper_limit_mm": fitted.upper_limit_mm,
        "calibre_along_mm": along,
    }


def interpolate_calibre(
    fitted: Calibre, line: Floats, kept: Indices, pixel_mm: tuple[float, float]
) -> tuple[float, ...]:
    """Calibre in mm at each point of a line that is kept, interpolated between the points where it was measured."""
    steps_mm = np.hypot(*(np.diff(line, axis=0) * pixel_mm).T)
    position_mm = np.concatenate([[0.0], np.cumsum(steps_mm)])[kept]
    return tuple(np.interp(position_mm, fitted.position_mm, fitted.along_mm).tolist())
