"""One segment a kind and side, each pixel in one of them."""

import numpy as np
import pytest

from calcinet.mask_labels import MASK_LABELS
from calcinet.record import FindingRecord, ImageRecord
from calcinet.report.dicom.segments import segments_of


def square(top: int, left: int, side: int = 10):
    return ((top, left), (top, left + side), (top + side, left + side), (top + side, left))


def film(*findings: FindingRecord, laterality=None) -> ImageRecord:
    return ImageRecord(id="img-1", resolvable_mm=0.2, findings=findings, laterality=laterality)


@pytest.fixture
def mask():
    """Two vessels, left and right, a net on the left, and nothing else."""
    mask = np.zeros((60, 100), np.uint8)
    mask[5:15, 5:15] = mask[5:15, 85:95] = MASK_LABELS["vessel"]
    mask[30:40, 5:15] = MASK_LABELS["net"]
    return mask


def test_film_of_one_side_has_one_segment_a_kind(mask):
    image = film(FindingRecord(id="f1", kind="vessel"), FindingRecord(id="f2", kind="net"), laterality="L")
    segments = segments_of(image, mask)

    assert [(s.number, s.kind, s.side, s.findings) for s in segments] == [
        (1, "vessel", "L", ("f1",)),
        (2, "net", "L", ("f2",)),
    ]
    assert segments[0].pixels.sum() == 200


def test_film_of_both_legs_has_one_a_leg(mask):
    """Each pixel goes to the nearer finding of its kind: 100 here, 100 there."""
    image = film(
        FindingRecord(id="f1", kind="vessel", side="R", outline=square(5, 5)),
        FindingRecord(id="f2", kind="vessel", side="L", outline=square(5, 85)),
        FindingRecord(id="f3", kind="net", side="R", outline=square(30, 5)),
        laterality="B",
    )
    segments = segments_of(image, mask)

    assert [(s.kind, s.side, int(s.pixels.sum())) for s in segments] == [
        ("vessel", "R", 100),
        ("vessel", "L", 100),
        ("net", "R", 100),
    ]
    assert not (segments[0].pixels & segments[1].pixels).any()


def test_every_marked_pixel_is_in_exactly_one_segment(mask):
    image = film(
        FindingRecord(id="f1", kind="vessel", side="R", polyline=((6, 6), (14, 14))),
        FindingRecord(id="f2", kind="vessel", side="L", polyline=((6, 86), (14, 94))),
    )

    assert np.array_equal(sum(s.pixels.astype(int) for s in segments_of(image, mask)), (mask > 0).astype(int))


def test_side_of_a_film_of_both_sides_is_not_guessed(mask):
    assert {s.side for s in segments_of(film(laterality="B"), mask)} == {None}


def test_empty_kinds_make_no_segment():
    assert segments_of(film(FindingRecord(id="f1", kind="focus")), np.zeros((5, 5), np.uint8)) == ()
