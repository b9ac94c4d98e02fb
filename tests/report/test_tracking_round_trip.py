"""A vessel that was found again has one identifier in the reports of both films, read by highdicom and as FHIR."""

import json
from datetime import UTC, datetime

import highdicom
import pydicom

from calcinet.protocols.tracking import take_over, track_findings
from calcinet.record import Record
from calcinet.report.dicom.sr import structured_report
from calcinet.report.edition import Edition
from calcinet.report.fhir import to_bundle
from tests.support import handmade

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def examinations():
    """The film, and the same findings in another order on another film, where the focus is a new one."""
    first = handmade.examination()
    one = track_findings(first.images[0])
    again = tuple(
        finding.model_copy(update={"id": f"f{3 - number}"}) for number, finding in enumerate(handmade.findings())
    )
    other = track_findings(first.images[0].model_copy(update={"sha256": 64 * "e", "findings": again}))
    other = take_over(other, one, {"f1": "f3", "f2": "f2"})
    return [Record.from_json(first.model_copy(update={"images": (image,)}).to_json()) for image in (one, other)]


def read_report(record, instance, path):
    """Kinds and identifiers of the regions (TID 1410) and of the groups beside them (TID 1501) of a written file."""
    edition = Edition.of(record, when=WHEN)
    structured_report(record, [handmade.sourced(record.images[0], instance)], edition).save_as(path)
    content = highdicom.sr.Comprehensive3DSR.from_dataset(pydicom.dcmread(path)).content
    regions = {
        str(group.tracking_uid): group.tracking_identifier for group in content.get_planar_roi_measurement_groups()
    }
    beside = {str(group.tracking_uid) for group in content.get_image_measurement_groups()}
    return regions, beside


def read_bundle(record):
    bundle = json.loads(to_bundle(record, Edition.of(record, when=WHEN)))
    found = {}
    for entry in bundle["entry"]:
        names = {
            name["system"]: name["value"] for name in entry["resource"].get("identifier") or [] if "system" in name
        }
        if "urn:dicom:uid" in names and "urn:calcinet:finding" in names:
            found[names["urn:calcinet:finding"]] = names["urn:dicom:uid"].removeprefix("urn:oid:")
    return found


def test_one_identifier_goes_through_record_report_and_bundle(tmp_path):
    first, later = examinations()
    before = {finding.id: finding.tracking_uid for finding in first.images[0].findings}
    after = {finding.id: finding.tracking_uid for finding in later.images[0].findings}
    regions, beside = read_report(first, "1.2.3.4", tmp_path / "one.dcm")
    later_regions, later_beside = read_report(later, "1.2.3.9", tmp_path / "two.dcm")

    assert (after["f3"], after["f2"]) == (before["f1"], before["f2"])
    assert after["f1"] != before["f3"]
    assert regions[before["f1"]].endswith("f1 vessel")
    assert later_regions[before["f1"]].endswith("f3 vessel")
    assert set(regions) & set(later_regions) == {before["f1"], before["f2"]}
    assert {before["f1"], before["f2"]} <= beside & later_beside
    assert read_bundle(first) == before
    assert read_bundle(later) == after
