"""Outlines, findings and what was left out of a bone scan."""

import numpy as np

from calcinet.protocols.scintigram.corrected import number_segments
from calcinet.protocols.scintigram.finding_records import (
    POINTS,
    outline_body,
    outline_segment,
    record_findings,
    record_left_out,
)
from calcinet.record import UptakeSegment
from tests.support.ill_calf import CALF


def test_a_segment_is_outlined_once_on_each_view_within_it(scan):
    outlines = outline_segment(scan.found, CALF, scan.image)
    width = scan.image.pixels.shape[2]

    assert len(outlines) == 2
    for number, outline in enumerate(outlines):
        points = np.array(outline)
        assert len(points) < 2 * POINTS
        assert number * width <= points[:, 1].min()
        assert points[:, 1].max() < (number + 1) * width


def test_a_body_is_as_tall_as_its_segments_or_taller(scan):
    body = np.concatenate([np.array(outline) for outline in outline_body(scan.found, scan.image)])
    calf = np.concatenate([np.array(outline) for outline in outline_segment(scan.found, CALF, scan.image)])

    assert body[:, 0].min() < calf[:, 0].min()
    assert body[:, 0].max() >= calf[:, 0].max()


def test_only_segments_with_a_sign_are_findings_the_brightest_first(scan):
    segments = [
        UptakeSegment(part="thigh", side="L", other_side=1.3, signs=("increased",)),
        UptakeSegment(part="lower leg", side="R", other_side=9.0),
        UptakeSegment(part="lower leg", side="L", other_side=1.6, signs=("increased",)),
    ]
    findings = record_findings(scan.image, segments, scan.found, number_segments(segments))

    assert [(one.id, one.level) for one in findings] == [("f1", "lower leg"), ("f2", "thigh")]
    assert findings[0].area_px == scan.found.views[0].segments[CALF].soft.sum()


def test_the_bladder_is_left_out_once_of_two_views(scan):
    kinds = [spot.kind for spot in record_left_out(scan.found, scan.image)]

    assert kinds.count("bladder") == 1
