"""What a reader corrects on a film, worked out on marks of a few pixels."""

import numpy as np
import pytest

from calcinet.errors import BadInput
from calcinet.findings.finding import LABELS, Finding, Kind
from calcinet.findings.projection_calcium import Calcium
from calcinet.geometry.vessel_linking import Course
from calcinet.image import Image
from calcinet.protocols.corrections import FindingEdit
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


def correct(calcium, ids, *edits):
    """Apply edits on a film of 20 x 20 pixels."""
    film = Image(np.zeros((1, 20, 20), np.float32), (1.0, 0.5, 0.5), "1")
    return correct_calcium(calcium, ids, edits, film)


IDS = {0: "f1", 1: "f2", 2: "f3"}


def test_course_breaks_where_its_middle_is_rejected():
    """Of pieces 0, 1, 2 two courses of one piece each are left, without a gap; ids stay."""
    corrected = correct(three_in_a_row(), IDS, FindingEdit(action="reject", finding="f2"))

    assert [course.pieces for course in corrected.calcium.courses] == [(0,), (1,)]
    assert [len(course.gaps) for course in corrected.calcium.courses] == [0, 0]
    assert corrected.ids == {0: "f1", 1: "f3"}
    assert (corrected.calcium.labels > 0).sum() == 20


def test_course_without_its_end_keeps_the_other_gap():
    corrected = correct(three_in_a_row(), IDS, FindingEdit(action="reject", finding="f3"))

    (course,) = corrected.calcium.courses
    assert (course.pieces, len(course.gaps)) == ((0, 1), 1)
    assert (course.gaps[0] == 0).all()


def test_vessel_called_other_calcium_keeps_its_pixels_and_no_line():
    corrected = correct(three_in_a_row(), IDS, FindingEdit(action="relabel", finding="f1", kind="focus"))

    first = corrected.calcium.findings[0]
    assert (first.kind, first.centre_lines, first.probability) == (Kind.FOCUS, (), None)
    assert (corrected.calcium.labels == LABELS[Kind.FOCUS]).sum() == 10
    assert [course.pieces for course in corrected.calcium.courses] == [(1, 2)]


def test_bar_called_a_vessel_gets_a_line_along_it_and_a_course():
    """A bar of 3 x 12 pixels from row 4, column 2: its line runs along row 5, within it, and is its own course."""
    bar = Finding(kind=Kind.FOCUS, mask=np.ones((3, 12), dtype=bool), origin=(4, 2), probability=0.8)
    corrected = correct(calcium(bar), {0: "f1"}, FindingEdit(action="relabel", finding="f1", kind="vessel"))

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
        correct(calcium(spot), {0: "f1"}, FindingEdit(action="relabel", finding="f1", kind="vessel"))


def test_mark_called_a_net_covers_its_hull():
    """Three sides of a square of 5 x 5: 13 pixels, the hull has all 25."""
    mask = np.ones((5, 5), dtype=bool)
    mask[1:4, 1:5] = False
    mark = Finding(kind=Kind.FOCUS, mask=mask, origin=(0, 0), probability=0.5)
    corrected = correct(calcium(mark), {0: "f1"}, FindingEdit(action="relabel", finding="f1", kind="net"))

    patch = corrected.calcium.findings[0].patch
    assert (mask.sum(), patch.sum()) == (13, 25)


def at(finding, action, *points, **more):
    """What a reader draws of a finding."""
    return FindingEdit(action=action, finding=finding, points=points, **more)


def test_drawn_vessel_has_its_line_and_its_width():
    """From column 2 to 12 of row 5, 2 mm wide at 0.5 mm: 11 points, half of 4 pixels, a band of 4 to 5 rows."""
    corrected = correct(calcium(), {}, at("f1", "add", (5.0, 2.0), (5.0, 12.0), kind="vessel"))

    (drawn,) = corrected.calcium.findings
    assert drawn.centre_lines[0].tolist() == [[5.0, column] for column in range(2, 13)]
    assert (drawn.half_width_px[0] == 2.0).all()
    assert 4 <= drawn.mask.sum(axis=0).max() <= 5
    assert corrected.ids == {0: "f1"}
    assert [course.pieces for course in corrected.calcium.courses] == [(0,)]


def test_drawn_outline_is_filled():
    """Rows 3 to 6 and columns 4 to 9: 4 x 6 pixels of other calcium; a net covers them with its patch."""
    corners = ((3.0, 4.0), (3.0, 9.0), (6.0, 9.0), (6.0, 4.0))
    corrected = correct(calcium(), {}, at("f1", "add", *corners, kind="focus"), at("f2", "add", *corners, kind="net"))

    focus, net = corrected.calcium.findings
    assert (focus.origin, focus.mask.shape, focus.mask.sum()) == ((3, 4), (4, 6), 24)
    assert net.patch.sum() == 24


def test_erased_middle_leaves_two_vessels():
    """Of ten pixels in a column rows 4 and 5 go: four above keep their id, four below get the other one."""
    hole = ((3.6, -0.5), (3.6, 1.0), (5.4, 1.0), (5.4, -0.5))
    corrected = correct(calcium(vessel(0)), {0: "f1"}, at("f1", "erase", *hole, other="f2"))

    lengths = [len(part.centre_lines[0]) for part in corrected.calcium.findings]
    assert (lengths, corrected.ids) == ([4, 4], {0: "f1", 1: "f2"})
    assert [int(part.mask.sum()) for part in corrected.calcium.findings] == [4, 4]
    assert [course.pieces for course in corrected.calcium.courses] == [(0,), (1,)]


def test_what_is_erased_as_a_whole_is_gone():
    everything = ((-0.5, -0.5), (-0.5, 19.0), (19.0, 19.0), (19.0, -0.5))
    corrected = correct(calcium(vessel(0)), {0: "f1"}, at("f1", "erase", *everything, other="f2"))

    assert corrected.calcium.findings == ()
    assert corrected.calcium.labels.max() == 0


def test_split_parts_together_are_the_whole_and_joined_they_are_it_again():
    """Split at row 4: 4 and 6 pixels. Joined again: one line of ten points, all its pixels, one course."""
    split = at("f1", "split", (4.0, 3.0), other="f2")
    parts = correct(calcium(vessel(0)), {0: "f1"}, split)
    joined = correct(calcium(vessel(0)), {0: "f1"}, split, at("f1", "join", other="f2"))

    assert [int(part.mask.sum()) for part in parts.calcium.findings] == [4, 6]
    (whole,) = joined.calcium.findings
    assert sorted(whole.centre_lines[0][:, 0]) == list(range(10))
    assert whole.mask.sum() == 10
    assert [course.pieces for course in joined.calcium.courses] == [(0,)]


def test_mark_is_cut_between_two_points():
    """A square of 6 x 6, cut between its columns 2 and 3: 18 pixels on either side."""
    mark = square(4, 4, size=6)
    corrected = correct(calcium(mark), {0: "f1"}, at("f1", "split", (0.0, 6.5), (19.0, 6.5), other="f2"))

    assert [int(part.mask.sum()) for part in corrected.calcium.findings] == [18, 18]


def test_cut_beside_a_mark_is_refused():
    with pytest.raises(BadInput, match="split it elsewhere"):
        correct(calcium(square(4, 4)), {0: "f1"}, at("f1", "split", (0.0, 15.5), (19.0, 15.5), other="f2"))
