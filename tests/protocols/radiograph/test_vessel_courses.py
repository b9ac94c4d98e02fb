"""An artery of a phantom whose calcium is broken off, from maps that show it as it is."""

import numpy as np
import pytest


def test_an_artery_broken_off_is_one_course_as_long_as_it_is(examined, phantom):
    """Truth: the artery's centre line, nearly straight, between the points that are nearest to the course's ends."""
    record = examined()
    (course,) = record.courses
    (artery,) = phantom.truth.vessels
    lines = {finding.id: finding.polyline for finding in record.findings}
    ends = [point for key in (course.findings[0], course.findings[-1]) for point in (lines[key][0], lines[key][-1])]
    nearest = [int(np.argmin(np.hypot(*(artery.centre_line - end).T))) for end in ends]
    way_mm = 0.2 * artery.centre_line[min(nearest) : max(nearest) + 1]

    assert len(course.findings) > 1
    assert course.length_mm == pytest.approx(np.hypot(*np.diff(way_mm, axis=0).T).sum(), rel=0.03)
    assert course.length_px == pytest.approx(5 * course.length_mm)


def test_what_is_calcified_of_courses_is_the_calcified_length_of_the_film(examined):
    """Every vessel lies on one course; the length without gaps is that of the findings."""
    record = examined()
    (course,) = record.courses
    lengths = {finding.id: finding.length_mm for finding in record.findings}
    gaps_mm = [0.2 * np.hypot(*np.subtract(*gap)) for gap in course.gaps]

    assert course.calcified_mm == pytest.approx(sum(lengths[key] for key in course.findings))
    assert course.calcified_mm == pytest.approx(record.measures["calcified_length_mm"])
    assert course.length_mm == pytest.approx(course.calcified_mm + sum(gaps_mm))
    assert course.calcified_percent == pytest.approx(100 * course.calcified_mm / course.length_mm)


def test_findings_of_a_course_come_from_the_top_downwards(examined):
    """The artery runs down the leg: so do the middles of its stretches, and each gap leads from one to the next."""
    record = examined()
    (course,) = record.courses
    lines = {finding.id: np.array(finding.polyline) for finding in record.findings}
    middles = [lines[key][:, 0].mean() for key in course.findings]

    assert middles == sorted(middles)
    for key, following, gap in zip(course.findings, course.findings[1:], course.gaps, strict=False):
        assert min(np.hypot(*(lines[key] - gap[0]).T)) < 1
        assert min(np.hypot(*(lines[following] - gap[1]).T)) < 1


def test_a_film_without_a_spacing_has_courses_in_pixels(examined):
    record = examined(spacing_mm=None, spacing_basis="none")
    (course,) = record.courses

    assert (course.length_mm, course.calcified_mm) == (None, None)
    assert 0 < course.calcified_px < course.length_px
    assert course.calcified_percent == pytest.approx(100 * course.calcified_px / course.length_px)


def test_a_course_has_the_side_of_the_film(examined):
    assert {course.side for course in examined(laterality="R").courses} == {"R"}
    assert {course.side for course in examined(laterality="B").courses} == {None}
