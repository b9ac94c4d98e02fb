"""Calcium of CTs as it lies on the first CT of its place: which is the same artery, the same net."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.errors import NotMeasurable
from calcinet.geometry.body_registration import BodyRegistration, Volume, register_bodies
from calcinet.image import Image
from calcinet.measure.ct.repeatability import REPEATABILITY
from calcinet.protocols.ct.meanings import VOLUME
from calcinet.protocols.ct.projection import project_volume
from calcinet.protocols.timeline.compared import compare_points, list_pairs
from calcinet.protocols.timeline.film_places import fill_points, walk
from calcinet.protocols.timeline.imaged import Series
from calcinet.protocols.timeline.laid_places import LaidPlaces, name_place
from calcinet.protocols.timeline.matching import MatchedMark
from calcinet.protocols.timeline.visits import Place, Visit
from calcinet.record import FindingRecord, ImageRecord
from calcinet.record.timeline import TimedQuantity, TimePoint
from calcinet.text import say

SUMMED: Final = (VOLUME, "ct.agatston")
"""Measures of a whole CT that its deposits make up."""

COMMON: Final = "ct.common_volume_mm3"

MOST_OUTSIDE: Final = 0.05
"""Share of the calcium of a scan outside what every scan shows, beyond which sums are not set side by side. Our choice:
half of the repeatability of the sum."""

OUTSIDE: Final = say(
    "part of the calcium lies where not every scan shows the body: compared is the volume of what all show"
)

NO_PLACE: Final = say("a scan does not say how it lies in the patient; give the original DICOM files")

SHADE_HU: Final = (-150.0, 900.0)
"""Values from black to white of the picture. Our choice: bone is not all white."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class VolumePlace:
    """A CT of a place; its points are in mm of the patient on the first one, shape (N, 3)."""

    image: ImageRecord
    field: Volume
    """Its Hounsfield units are not kept of a later one."""
    first: Volume
    laid: BodyRegistration | None
    """None of the first itself."""

    def place(self, finding: FindingRecord) -> Floats:
        """Points along a centre line, or one middle; of a net all over its shadow, in one plane from the front.

        How far a net reaches to the front and back is not kept, so that nets are the same by their shadows.
        """
        if not finding.place_mm:
            return np.empty((0, 3))
        line = np.asarray(finding.place_mm, np.float64)
        if finding.kind == "net" and len(finding.outline) > 2:
            line = self._fill_shadow(finding, float(line[:, 1].mean()))
        elif finding.kind == "vessel":
            line = walk(line)
        if self.laid is not None:
            line = self.laid.go_back(line)
        if finding.kind == "net":
            line[:, 1] = self.first.middle[1]
        return line

    def shows(self, points: Floats) -> Mask:
        """Whether points lie in the field of this scan."""
        if self.laid is not None:
            points = self.laid.follow(points)
        return self.field.shows(points)

    def measure(self, finding: FindingRecord) -> float | None:
        """Volume in mm3."""
        return finding.volume_mm3

    def find_alike(self, points: Floats, marked_on: "VolumePlace") -> Mask:
        """Nothing is looked at on CT."""
        del marked_on
        return np.zeros(len(points), bool)

    def describe_fit(self) -> dict[str, float]:
        """How well it lies on the first, of two legs the worse."""
        if self.laid is None:
            return {}
        worst = min(self.laid.limbs, key=lambda limb: limb.correlation)
        return {
            "correlation": worst.correlation,
            "overlap": min(limb.overlap for limb in self.laid.limbs),
            "angle_deg": max(limb.angle_deg for limb in self.laid.limbs),
            "shift_mm": max(limb.shift_mm for limb in self.laid.limbs),
        }

    def _fill_shadow(self, finding: FindingRecord, back_mm: float) -> Floats:
        """Points of the shadow that a finding throws to the front, at one distance from it."""
        slices = self.field.hu.shape[0]
        down_mm, _, across_mm = np.linalg.norm(self.field.affine[:3, :3], axis=0)
        picture = fill_points(finding, np.array([down_mm, across_mm])) / (down_mm, across_mm)
        middle = self.field.locate(np.asarray(finding.place_mm, np.float64)).mean(axis=0)
        voxels = np.column_stack(
            [slices - 1 - picture[:, 0], np.full(len(picture), middle[1]), picture[:, 1], np.ones(len(picture))]
        )
        points = voxels @ self.field.affine[:3].T
        points[:, 1] = back_mm
        return np.asarray(points, np.float64)


def place_volume(baseline: ImageRecord, image: Image) -> VolumePlace:
    """The first CT of a place.

    Raises
    ------
    NotMeasurable
        If it does not say how it lies in the patient.
    """
    volume = _read_volume(image)
    return VolumePlace(image=baseline, field=volume, first=volume, laid=None)


def lay_volume(first: VolumePlace, first_image: Image, later: ImageRecord, image: Image) -> VolumePlace:
    """A later CT of the place.

    Raises
    ------
    NotMeasurable
        If it does not fit on the first one, or does not say how it lies in the patient.
    """
    del first_image
    volume = _read_volume(image)
    laid = register_bodies(first.field, volume)
    return VolumePlace(image=later, field=volume.without_values(), first=first.field, laid=laid)


def _read_volume(image: Image) -> Volume:
    if image.affine is None or image.pixels.shape[0] < 2:
        raise NotMeasurable(NO_PLACE)
    return Volume(hu=image.pixels, affine=image.affine)


def project_front(image: Image) -> Pixels:
    """The brightest projection from the front, as findings are drawn on it."""
    return np.asarray(np.clip(project_volume(image.pixels), *SHADE_HU), np.float32)


def note_other_stretches(
    found: LaidPlaces,
    place: Place,
    series: Series,
    marks: Sequence[MatchedMark],
    placed: Sequence[VolumePlace],
    visits: Sequence[Visit],
) -> None:
    """Where scans show other stretches of the body, compare the volume of what all show instead of the sums."""
    del placed
    common = [_add_sizes(marks, scan) for scan in range(len(series))]
    whole = [_add_volumes(image) for _, image in series]
    outside = [
        volume > 0 and shared < (1 - MOST_OUTSIDE) * volume for shared, volume in zip(common, whole, strict=True)
    ]
    if not any(outside):
        return
    for earlier, later in list_pairs(len(series)):
        if outside[earlier] or outside[later]:
            found.note_elsewhere(place, SUMMED, (series[earlier][0], series[later][0]), OUTSIDE)
    points = [
        TimePoint(on=visits[record - 1].day, record=record, value=volume)
        for (record, _), volume in zip(series, common, strict=True)
    ]
    found.quantities.append(
        TimedQuantity(
            name=COMMON,
            unit="mm3",
            side=place[2],
            place=place[1],
            group="CT",
            label=say("Calcium volume of what every scan shows of {place}", place=name_place(place)),
            points=tuple(points),
            changes=compare_points(points, visits, REPEATABILITY[VOLUME]),
        )
    )


def _add_sizes(marks: Sequence[MatchedMark], scan: int) -> float:
    """Volume of what one scan shows within the field of all, in mm3."""
    return sum(mark.sizes[scan] or 0.0 for mark in marks)


def _add_volumes(image: ImageRecord) -> float:
    """Volume of all that a scan shows, in mm3."""
    return sum(finding.volume_mm3 or 0.0 for finding in image.findings)
