"""Groups of a CT: parts, volumes with a point, lengths with their line."""

from dataclasses import replace
from datetime import UTC, datetime

from calcinet.record import FindingRecord
from calcinet.report.dicom.volume_groups import tracking_uids, volume_groups
from calcinet.report.dicom.volume_segments import volume_segments
from calcinet.report.edition import Edition
from tests.support import handmade_ct

RECORD = handmade_ct.examination()
EDITION = Edition.of(RECORD, when=datetime(2026, 1, 2, tzinfo=UTC))


def with_findings(*findings: FindingRecord):
    ct = handmade_ct.sourced()
    return replace(ct, record=ct.record.model_copy(update={"findings": findings}))


def test_parts_come_first_then_findings_then_segments():
    """Four scores, then an artery; of the vessel a point, a line and a volume; four segments at the end."""
    ct = handmade_ct.sourced()
    segments = volume_segments(ct.record, ct.volume)
    names = [group.tracking_identifier for group in volume_groups(RECORD, ct, segments, EDITION)]

    assert names[:4] == [
        *("img-1 score R lower leg subcutis", "img-1 score L lower leg artery"),
        *("img-1 score R lower leg muscle", "img-1 score L lower leg skin"),
    ]
    assert [name for name in names if " f1 " in name or " f2 " in name] == [
        "Cornerstone3DTools@^0.1.0:Probe:img-1 f2 net",
        "img-1 f2 net",
        "Cornerstone3DTools@^0.1.0:Probe:img-1 f1 vessel",
        "Cornerstone3DTools@^0.1.0:PlanarFreehandROI:img-1 f1 vessel",
        "img-1 f1 vessel",
    ]
    assert names[-4:] == [f"img-1 all {' '.join(segment.key)}" for segment in segments]


def test_an_identifier_stays_while_a_mark_stays_within_its_centimetre():
    """12 mm and 17 mm lie in one cube of 10 mm, 22 mm does not."""
    marks = [with_findings(FindingRecord(id="f1", kind="focus", place_mm=((x, 1.0, 1.0),))) for x in (12.0, 17.0, 22.0)]
    first, second, third = (tracking_uids(ct)["f1"] for ct in marks)

    assert first == second != third


def test_findings_without_a_place_are_told_apart_by_their_order():
    uids = tracking_uids(with_findings(FindingRecord(id="f1", kind="focus"), FindingRecord(id="f2", kind="focus")))

    assert uids["f1"] != uids["f2"]
