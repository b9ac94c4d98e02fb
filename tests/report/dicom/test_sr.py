"""The structured report of films: where its regions lie, and what it refers to."""

from datetime import UTC, datetime

import highdicom

from calcinet.report.dicom.seg import seg_uid
from calcinet.report.dicom.segments import segments_of
from calcinet.report.dicom.sr import structured_report
from calcinet.report.dicom.sr_groups import graphic
from calcinet.report.edition import Edition
from tests.support import handmade

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def report(record, language="en"):
    edition = Edition.of(record, when=WHEN, language=language)
    return structured_report(record, [handmade.sourced(record.images[0])], edition)


def test_outline_lies_where_the_finding_does():
    """A pixel's middle (row 3, column 7) is 7.5, 3.5 from the corner of the film."""
    finding = handmade.findings()[1]
    made = report(handmade.examination())
    (group,) = [
        group
        for group in highdicom.sr.Comprehensive3DSR.from_dataset(made).content.get_planar_roi_measurement_groups()
        if group.tracking_identifier.endswith(finding.id + " " + finding.kind)
    ]
    row, column = finding.outline[0]

    assert group.roi.value[0].tolist() == [column + 0.5, row + 0.5]
    assert group.roi.value[0].tolist() == group.roi.value[-1].tolist()
    assert graphic([(3.0, 7.0), (4.0, 8.0)]).tolist() == [[7.5, 3.5], [8.5, 4.5]]


def test_a_report_refers_to_every_film_and_to_the_segmentations_beside_it():
    """Two films, a segmentation of the second alone: three instances of evidence."""
    record = handmade.examination()
    second = record.images[0].model_copy(update={"id": "img-9"})
    films = [handmade.sourced(), handmade.sourced(second, "1.2.3.5")]
    edition = Edition.of(record, when=WHEN)
    segments = {"img-9": segments_of(second, films[1].pixels.mask)}
    made = structured_report(record, films, edition, segments=segments)
    evidence = {
        instance.ReferencedSOPInstanceUID
        for study in made.CurrentRequestedProcedureEvidenceSequence
        for series in study.ReferencedSeriesSequence
        for instance in series.ReferencedSOPSequence
    }

    assert evidence == {"1.2.3.4", "1.2.3.5", seg_uid(films[1], edition)}
