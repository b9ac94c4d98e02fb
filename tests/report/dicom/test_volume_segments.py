"""Which segments the marks of a CT make, and on which pixels."""

import numpy as np
import pytest

from calcinet.record import FindingRecord
from calcinet.report.dicom.volume_segments import lay_on_slices, volume_segments
from tests.support import handmade_ct


def test_segments_are_numbered_by_kind_compartment_and_side():
    """Vessel, net, then foci from the inside outwards."""
    ct = handmade_ct.sourced()
    segments = volume_segments(ct.record, ct.volume)

    assert [(s.number, s.kind, s.compartment, s.side, s.findings) for s in segments] == [
        (1, "vessel", "artery", "L", ("f1",)),
        (2, "net", "subcutis", "R", ("f2",)),
        (3, "focus", "muscle", "R", ("f3",)),
        (4, "focus", "skin", "L", ("f4",)),
    ]


def test_findings_of_one_kind_compartment_and_side_are_one_segment_and_one_without_voxels_none():
    ct = handmade_ct.sourced()
    same = {"kind": "focus", "compartment": "skin", "side": "L"}
    findings = (FindingRecord(id="f4", **same), FindingRecord(id="f3", **same), FindingRecord(id="f9", **same))
    (segment,) = volume_segments(ct.record.model_copy(update={"findings": findings}), ct.volume)

    assert segment.findings == ("f4", "f3")


@pytest.mark.parametrize("flipped", [False, True])
def test_voxels_lie_on_the_pixels_that_the_header_gives_them(flipped):
    """The grain f4 at slice 30, rows 24 to 26, columns 144 to 146; stored from back to front row 99 - y."""
    ct = handmade_ct.sourced(flipped=flipped)
    grain = [segment for segment in volume_segments(ct.record, ct.volume) if segment.findings == ("f4",)]
    marked, used = lay_on_slices(grain, ct.volume, ct.slice_headers)
    rows = [73, 74, 75] if flipped else [24, 25, 26]

    assert used == [30]
    assert np.argwhere(marked == 4).tolist() == [[0, row, column] for row in rows for column in (144, 145, 146)]
