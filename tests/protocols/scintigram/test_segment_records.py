"""Signs of a segment, and the levels at which they are called."""

import pytest

from calcinet.protocols.scintigram.segment_records import other_level, side_level
from calcinet.record import UptakeSegment


def test_the_level_is_shared_by_all_ratios():
    """Eight segments beside a reference, six beside another side that are no lower leg: 2 % over 14; 3 % over 2."""
    segments = [
        UptakeSegment(part=part, side=side, other_side=1.0, reference=1.0)
        for part in ("upper arm", "forearm", "thigh", "lower leg")
        for side in "LR"
    ]

    assert other_level(segments) == pytest.approx(0.02 / 14)
    assert side_level("lower leg", 0.001) == pytest.approx(0.015)
