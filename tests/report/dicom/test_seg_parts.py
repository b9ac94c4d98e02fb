"""A segment as it is described to others."""

from datetime import UTC, datetime

import numpy as np
import pytest

from calcinet.report.dicom.seg_parts import SegmentText, binary_segmentation
from calcinet.report.edition import Edition
from tests.support import handmade

EDITION = Edition.of(handmade.examination(), when=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))


def describe(side, anatomy="lower leg"):
    """A net of 100 pixels, written and read back."""
    film = handmade.sourced(handmade.examined_image().model_copy(update={"anatomy": anatomy}))
    pixels = np.zeros((1, 600, 400, 1), np.uint8)
    pixels[0, 10:20, 10:20] = 1
    segment = SegmentText(
        number=1, kind="net", side=side, label="A net", tracking=("1.2.3.9", "img-1 net"), colour=(255, 255, 255)
    )
    made = binary_segmentation([film.header], pixels, [segment], film, EDITION, number=1)
    return made.SegmentSequence[0]


def test_a_segment_says_what_it_is_called_and_by_what_it_is_followed():
    item = describe("L")

    assert (item.SegmentLabel, item.TrackingUID, item.TrackingID) == ("A net", "1.2.3.9", "img-1 net")
    assert item.SegmentAlgorithmType == "AUTOMATIC"
    assert item.RecommendedDisplayCIELabValue[0] == 65535  # white


@pytest.mark.parametrize(("side", "modified"), [("L", True), ("R", True), (None, False)])
def test_the_side_modifies_the_part_of_the_body(side, modified):
    (site,) = describe(side).AnatomicRegionSequence

    assert ("AnatomicRegionModifierSequence" in site) is modified


def test_a_part_that_no_concept_names_is_left_out():
    assert "AnatomicRegionSequence" not in describe("L", anatomy="unknown")
