"""The structured report: identifiers that stay, places to the pixel, and reasons instead of numbers."""

from datetime import UTC, datetime

import highdicom
import pytest
from pydicom.dataset import Dataset

from calcinet.record import FindingRecord, ModelRecord, NotMeasured, Refusal
from calcinet.record.images import BreastRecord, ScintigramRecord
from calcinet.report.dicom.common import family, parameters
from calcinet.report.dicom.source_reference import SourcedImage
from calcinet.report.dicom.sr import structured_report
from calcinet.report.dicom.sr_groups import graphic, identified, tracking_uids
from calcinet.report.edition import Edition
from tests.support import handmade

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def header(instance: str = "1.2.3.4") -> Dataset:
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.1.1", instance
    made.SeriesInstanceUID, made.StudyInstanceUID = "1.2.3.1", "1.2.3.2"
    for keyword in ("PatientName", "PatientID", "PatientBirthDate", "PatientSex", "StudyDate", "StudyTime"):
        setattr(made, keyword, "")
    made.StudyID = made.AccessionNumber = made.ReferringPhysicianName = ""
    made.Modality, made.Rows, made.Columns = "DX", 600, 400
    return made


def sourced_image(image, instance="1.2.3.4") -> SourcedImage:
    return SourcedImage(record=image, pixels=handmade.limb(), header=header(instance))


def report(record, language="en"):
    one = sourced_image(record.images[0])
    return structured_report(record, [one], Edition.of(record, when=WHEN, language=language))


def texts(made) -> list[str]:
    found = []

    def walk(items):
        for item in items:
            if item.ValueType == "TEXT":
                found.append((item.ConceptNameCodeSequence[0].CodeValue, item.TextValue))
            walk(item.get("ContentSequence", []))

    walk(made.ContentSequence)
    return found


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


def test_what_was_not_measured_is_a_sentence_and_no_number():
    record = handmade.examination()
    image = record.images[0]
    missing = next(entry for entry in image.not_measured if entry.measure in image.measures)
    made = report(record)

    assert any(missing.measure in text and missing.because in text for _, text in texts(made))


def test_refused_image_is_named_with_its_reason():
    record = handmade.examination()
    refused = record.images[0].model_copy(
        update={
            "id": "img-2",
            "refused": Refusal(reason="the film is blank", code="blank"),
            "findings": (),
            "measures": {},
            "intervals95": {},
            "not_measured": (NotMeasured(measure="x_mm", because="y"),),
        }
    )
    made = report(record.model_copy(update={"images": (*record.images, refused)}))

    assert ("REFUSED", "img-2: the film is blank") in texts(made)


def test_report_says_what_it_is_in_its_language():
    english = dict(texts(report(handmade.examination())))["STANDING"]
    chinese = dict(texts(report(handmade.examination(), "zh-Hant")))["STANDING"]

    assert "not a diagnosis" in english
    assert chinese != english
    assert not chinese.isascii()


def box(top: float, left: float):
    return ((top, left), (top, left + 20), (top + 20, left + 20))


def sourced(*findings, instance="1.2.3.4"):
    image = handmade.examined_image().model_copy(update={"findings": findings})
    return sourced_image(image, instance)


def test_tracking_stays_when_a_mark_moves_a_little_and_its_number_changes():
    before = tracking_uids(sourced(FindingRecord(id="f1", kind="net", outline=box(140, 140))))
    after = tracking_uids(
        sourced(
            FindingRecord(id="f1", kind="vessel", outline=box(140, 140)),
            FindingRecord(id="f2", kind="net", outline=box(143, 138)),
        )
    )

    assert before["f1"] == after["f2"]


@pytest.mark.parametrize(
    "other",
    [
        sourced(FindingRecord(id="f1", kind="vessel", outline=box(140, 140))),
        sourced(FindingRecord(id="f1", kind="net", outline=box(340, 140))),
        sourced(FindingRecord(id="f1", kind="net", outline=box(140, 140)), instance="1.2.3.5"),
    ],
    ids=["kind", "place", "film"],
)
def test_tracking_tells_kinds_places_and_films_apart(other):
    one = tracking_uids(sourced(FindingRecord(id="f1", kind="net", outline=box(140, 140))))

    assert one["f1"] != tracking_uids(other)["f1"]


def test_two_marks_in_one_place_have_two_identifiers():
    uids = tracking_uids(sourced(*(FindingRecord(id=f"f{n}", kind="focus", outline=box(10, 10)) for n in (1, 2, 3))))

    assert len(set(uids.values())) == 3


def test_a_film_is_said_to_be_read_by_a_network_of_these_weights_and_the_weighing_by_none():
    """Artificial Intelligence of CID 7162 and the digest on the groups of the film."""
    record = handmade.examination()
    record = record.model_copy(update={"model": ModelRecord(name="net", sha256=64 * "d")})
    image, issue = record.images[0], Edition.of(record, when=WHEN)
    of_film, of_weighing = identified(image, issue), identified(None, issue)

    assert [item.value.value for item in of_film if item.name.value == "111000"] == ["123110"]
    assert [item.value for item in of_film if item.name.value == "111002"] == ["weights_sha256=" + 64 * "d"]
    assert not {"111000", "111002"} & {item.name.value for item in of_weighing}


def test_each_image_is_said_to_be_read_by_what_read_it():
    """A film by the network of the record, a mammogram by its own, a bone scan by rules without weights."""
    film, issue = handmade.examined_image(), Edition(WHEN, "0.1.0", 64 * "d", "key")
    own = {"detector": "mammogram", "detector_sha256": 64 * "e"}
    breast = film.model_copy(update={"breast": BreastRecord.model_construct(**own)})
    scan = film.model_copy(update={"scintigram": ScintigramRecord.model_construct()})
    told = [(family(image).value, parameters(image, issue).get("weights_sha256")) for image in (film, breast, scan)]

    assert told == [("123110", 64 * "d"), ("123110", 64 * "e"), ("123104", None)]
