"""Which vessels of a radiograph are stretches of one -> courses of the record."""

from collections.abc import Iterable, Mapping

from calcinet.arrays import Floats
from calcinet.findings.projection_calcium import Calcium
from calcinet.geometry.skeleton import line_length
from calcinet.geometry.vessel_linking import Course
from calcinet.image import Image
from calcinet.protocols.finding_fields import side_of
from calcinet.protocols.vessel_records import RecordedVessel
from calcinet.record import VesselCourse


def record_courses(image: Image, calcium: Calcium, vessels: Mapping[int, RecordedVessel]) -> tuple[VesselCourse, ...]:
    """Which vessels are stretches of one, longest first; `vessels` by their numbers in `calcium.findings`."""
    courses = [_record_course(image, calcium, course, vessels) for course in calcium.courses]
    return tuple(sorted(courses, key=_get_length, reverse=True))


def _get_length(course: VesselCourse) -> float:
    if course.length_mm is None:
        return course.length_px
    return course.length_mm


def _record_course(
    image: Image, calcium: Calcium, course: Course, vessels: Mapping[int, RecordedVessel]
) -> VesselCourse:
    stretches, ids = [], []
    for number in course.pieces:
        stretches.append(calcium.findings[number].centre_lines[0])
        ids.append(vessels[number].record.id)
    calcified_px, gaps_px = sum_lengths(stretches), sum_lengths(course.gaps)
    calcified, length = calcified_px, calcified_px + gaps_px
    calcified_mm, length_mm = None, None
    if image.pixel_mm is not None:
        calcified_mm = calcified = sum_lengths(stretches, image.pixel_mm)
        length_mm = length = calcified_mm + sum_lengths(course.gaps, image.pixel_mm)
    gaps = []
    for end, beginning in course.gaps:
        gaps.append(((float(end[0]), float(end[1])), (float(beginning[0]), float(beginning[1]))))
    return VesselCourse(
        side=side_of(image),
        findings=tuple(ids),
        length_mm=length_mm,
        calcified_mm=calcified_mm,
        calcified_percent=100 * calcified / length,
        gaps=tuple(gaps),
        length_px=calcified_px + gaps_px,
        calcified_px=calcified_px,
    )


def sum_lengths(lines: Iterable[Floats], pixel: tuple[float, float] = (1.0, 1.0)) -> float:
    """Length of several lines together, by the distance of rows and of columns."""
    return sum((line_length(line, pixel) for line in lines), 0.0)
