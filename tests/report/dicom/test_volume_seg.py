"""The segmentation of a CT: labels and identifiers of its segments."""

from datetime import UTC, datetime

from calcinet.report.dicom.segments import KINDS
from calcinet.report.dicom.volume_seg import segment_label, volume_segmentation, volume_tracking
from calcinet.report.dicom.volume_segments import VolumeSegment, lay_on_slices, volume_segments
from calcinet.report.edition import Edition
from calcinet.report.pictures.ct.compartments import COMPARTMENTS
from tests.support import handmade_ct


def test_labels_of_segments_differ_and_are_never_cut():
    """Three kinds, six compartments, two sides or none: 54 labels of at most 64 characters."""
    every = [
        segment_label(VolumeSegment(number=1, kind=kind, compartment=compartment, side=side, findings=()))
        for kind in KINDS
        for compartment in COMPARTMENTS
        for side in ("R", "L", None)
    ]

    assert len(every) == len(set(every)) == 54
    assert max(map(len, every)) <= 64


def test_an_identifier_stays_while_kind_compartment_and_side_stay():
    """The number and the findings may change."""
    ct = handmade_ct.sourced()
    first = VolumeSegment(number=1, kind="net", compartment="skin", side="L", findings=("f1",))
    later = VolumeSegment(number=5, kind="net", compartment="skin", side="L", findings=("f7", "f8"))
    other = VolumeSegment(number=1, kind="net", compartment="skin", side=None, findings=("f1",))

    assert volume_tracking(first, ct) == volume_tracking(later, ct)
    assert volume_tracking(first, ct)[0] != volume_tracking(other, ct)[0]
    assert volume_tracking(other, ct)[1] == "img-1 all net skin"


def test_the_object_marks_as_many_pixels_as_the_findings_have_voxels():
    """Artery left, net right, lump right, grain left: four segments."""
    ct = handmade_ct.sourced()
    segments = volume_segments(ct.record, ct.volume)
    marked, used = lay_on_slices(segments, ct.volume, ct.slice_headers)
    edition = Edition.of(handmade_ct.examination(), when=datetime(2026, 1, 2, tzinfo=UTC))
    made = volume_segmentation(ct, [ct.slice_headers[z] for z in used], marked, segments, edition)

    assert len(made.SegmentSequence) == 4
    assert made.pixel_array.sum() == sum(map(len, handmade_ct.voxels().values()))
