"""What a reader corrects on a film, worked out on marks of a few pixels."""

import numpy as np
import pytest

from calcinet.errors import BadInput
from calcinet.findings.finding import LABELS, Finding, Kind
from calcinet.findings.projection_calcium import Calcium
from calcinet.geometry.vessel_linking import Course
from calcinet.protocols.radiograph.corrected import correct_calcium
from tests.support.limbs import square


def vessel(column):
    """Ten pixels long, one wide, in rows 0 to 9."""
    line = np.stack([np.arange(10.0), np.full(10, float(column))], axis=1)
    return Finding(
        kind=Kind.VESSEL,
        mask=np.ones((10, 1), dtype=bool),
        origin=(0, column),
        centre_lines=(line,),
        half_width_px=(np.ones(10),),
        probability=0.9,
    )


def calcium(*findings, courses=()):
    return Calcium(findings=findings, labels=np.zeros((20, 20), np.uint8), net_score=0.0, courses=courses)


def three_in_a_row():
    """One course of three vessels with two gaps."""
    gaps = (np.zeros((2, 2)), np.ones((2, 2)))
    return calcium(vessel(0), vessel(5), vessel(10), courses=(Course(np.zeros((30, 2)), (0, 1, 2), gaps),))


IDS = {0: "f1", 1: "f2", 2: "f3"}


def test_course_breaks_where_its_middle_is_rejected():
    """Of pieces 0, 1, 2 two courses of one piece each are left, without a gap; ids stay."""
    corrected = correct_calcium(three_in_a_row(), IDS, {"f2": None})

    assert [course.pieces for course in corrected.calcium.courses] == [(0,), (1,)]
    assert [len(course.gaps) for course in corrected.calcium.courses] == [0, 0]
    assert corrected.ids == {0: "f1", 1: "f3"}
    assert (corrected.calcium.labels > 0).sum() == 20


def test_course_without_its_end_keeps_the_other_gap():
    corrected = correct_calcium(three_in_a_row(), IDS, {"f3": None})

    (course,) = corrected.calcium.courses
    assert (course.pieces, len(course.gaps)) == ((0, 1), 1)
    assert (course.gaps[0] == 0).all()


def test_vessel_called_other_calcium_keeps_its_pixels_and_no_line():
    corrected = correct_calcium(three_in_a_row(), IDS, {"f1": "focus"})

    first = corrected.calcium.findings[0]
    assert (first.kind, first.centre_lines, first.probability) == (Kind.FOCUS, (), None)
    assert (corrected.calcium.labels == LABELS[Kind.FOCUS]).sum() == 10
    assert [course.pieces for course in corrected.calcium.courses] == [(1, 2)]


def test_bar_called_a_vessel_gets_a_line_along_it_and_a_course():
    """A bar of 3 x 12 pixels from row 4, column 2: its line runs along row 5, within it, and is its own course."""
    bar = Finding(kind=Kind.FOCUS, mask=np.ones((3, 12), dtype=bool), origin=(4, 2), probability=0.8)
    corrected = correct_calcium(calcium(bar), {0: "f1"}, {"f1": "vessel"})

    (line,) = corrected.calcium.findings[0].centre_lines
    assert np.median(line[:, 0]) == pytest.approx(5.0, abs=0.1)
    assert line[:, 0].min() >= 4
    assert line[:, 1].min() >= 2
    assert line[:, 1].max() <= 13
    assert len(line) >= 8
    assert [course.pieces for course in corrected.calcium.courses] == [(0,)]


def test_spot_is_no_vessel():
    """One pixel has no line."""
    spot = square(3, 3, size=1)
    with pytest.raises(BadInput, match="spot without a line"):
        correct_calcium(calcium(spot), {0: "f1"}, {"f1": "vessel"})


def test_mark_called_a_net_covers_its_hull():
    """Three sides of a square of 5 x 5: 13 pixels, the hull has all 25."""
    mask = np.ones((5, 5), dtype=bool)
    mask[1:4, 1:5] = False
    mark = Finding(kind=Kind.FOCUS, mask=mask, origin=(0, 0), probability=0.5)
    corrected = correct_calcium(calcium(mark), {0: "f1"}, {"f1": "net"})

    patch = corrected.calcium.findings[0].patch
    assert (mask.sum(), patch.sum()) == (13, 25)
