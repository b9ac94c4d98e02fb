"""Every measure of a segment has a number or a reason."""

from calcinet.findings.scintigram.limb_segments import SEGMENT_KEYS
from calcinet.protocols.measurements import Measurements
from calcinet.protocols.scintigram.segment_measures import put_measures
from calcinet.record import UptakeSegment


def test_what_is_missing_has_its_own_reason():
    """Soft tissue was measured, nothing else: a reason for reference, another for bone, another for variation."""
    measurements = Measurements()
    put_measures(measurements, [UptakeSegment(part=part, side=side, density=1.0) for part, side in SEGMENT_KEYS])

    assert "fewer than three parts" in measurements.missing["uptake.reference.thigh_L"]
    assert "bone" in measurements.missing["uptake.bone.thigh_L"]
    assert "too little soft tissue" in measurements.missing["uptake.variation.thigh_L"]
