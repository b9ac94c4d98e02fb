"""What all objects share: who read an image, silence, references."""

import logging
import warnings
from datetime import UTC, datetime

import pytest

from calcinet.record import BreastRecord, ScintigramRecord
from calcinet.report.dicom.common import family, finished, parameters, quietly, refer_to, series, study_of
from calcinet.report.edition import Edition
from tests.support import handmade

WHEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
EDITION = Edition(when=WHEN, version="0.1.0", weights=64 * "d", key="key")


def test_each_image_is_said_to_be_read_by_what_read_it():
    """A film by the network of the record, a mammogram by its own, a bone scan by rules without weights."""
    film, issue = handmade.examined_image(), Edition(when=WHEN, version="0.1.0", weights=64 * "d", key="key")
    own = {"detector": "mammogram", "detector_sha256": 64 * "e"}
    breast = film.model_copy(update={"breast": BreastRecord.model_construct(**own)})
    scan = film.model_copy(update={"scintigram": ScintigramRecord.model_construct()})
    told = [(family(image).value, parameters(image, issue).get("weights_sha256")) for image in (film, breast, scan)]

    assert told == [("123110", 64 * "d"), ("123110", 64 * "e"), ("123104", None)]


def fail_aloud() -> None:
    with quietly():
        warnings.warn("Doe^Jane", stacklevel=1)
        raise ValueError(str(logging.getLogger("highdicom.test").disabled))


def test_libraries_are_silent_and_speak_again_afterwards():
    """Even where building fails: their warnings quote names."""
    own = logging.getLogger("highdicom.test")
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(ValueError, match="True"):
            fail_aloud()

    assert caught == []
    assert not own.disabled


def test_a_reference_names_class_and_instance():
    item = refer_to(handmade.header("1.2.9"))

    assert (item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID) == ("1.2.840.10008.5.1.4.1.1.1.1", "1.2.9")


def test_objects_of_one_kind_share_a_series_and_each_image_has_its_own():
    header = handmade.header()
    first = series("seg", header, EDITION, number=1, instance="1.1")
    second = series("seg", header, EDITION, number=2, instance="1.2")
    picture = series("sc", header, EDITION, instance="1.1")

    assert first["series_instance_uid"] == second["series_instance_uid"] != picture["series_instance_uid"]
    assert len({first["sop_instance_uid"], second["sop_instance_uid"], picture["sop_instance_uid"]}) == 3


def test_empty_values_of_the_patient_stay_empty():
    """Nothing is made up: None for the library, which writes an empty element."""
    said = study_of(handmade.header())

    assert said["study_instance_uid"] == "1.2.3.2"
    assert said["patient_name"] is None
    assert said["patient_birth_date"] is None


def test_whose_number_the_patient_has_is_carried_over():
    source = handmade.sourced()
    source.header.IssuerOfPatientID = "Ward 7"
    made = finished(handmade.header("1.2.9"), source, EDITION)

    assert made.IssuerOfPatientID == "Ward 7"
    assert made.InstanceCreationDate == "20260102"
    assert made.DeviceSerialNumber == 16 * "d"


@pytest.mark.parametrize(
    ("zone", "day", "clock"),
    [("+0800", "20260102", "110405"), ("-0500", "20260101", "220405"), (None, "20260102", "030405")],
)
def test_an_object_is_made_on_the_clock_of_its_study(zone, day, clock):
    """03:04:05 UTC. The study's own times are repeated, and are of the zone that the object states, or of none."""
    source = handmade.sourced()
    if zone:
        source.header.TimezoneOffsetFromUTC = zone
    made = finished(handmade.header("1.2.9"), source, EDITION)
    content = series("seg", source.header, EDITION)

    assert (made.InstanceCreationDate, made.InstanceCreationTime) == (day, clock)
    assert (content["content_date"], content["content_time"]) == (
        datetime.strptime(day, "%Y%m%d").date(),
        datetime.strptime(clock, "%H%M%S").time(),
    )
    assert made.get("TimezoneOffsetFromUTC") == zone
