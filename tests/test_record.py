"""The contract of record.json: what it holds, and what it refuses to hold."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from calcinet import weights_manifest
from calcinet.apps.about import RECORD_SCHEMA
from calcinet.findings.finding import LABELS, Kind
from calcinet.record import (
    MASK_LABELS,
    SCHEMA,
    Evidence,
    FindingRecord,
    ImageRecord,
    ModelRecord,
    NotMeasured,
    Posterior,
    Record,
    Refusal,
    Summary,
    VesselCourse,
)
from calcinet.text import Text, say
from tests.support import handmade


def image(**parts) -> ImageRecord:
    return ImageRecord(**{"id": "img-1", "resolvable_mm": 0.2, **parts})


def record(*images: ImageRecord) -> Record:
    return Record(version="1", model=ModelRecord(name="m"), images=images)


def test_record_has_the_fields_of_the_contract_in_its_order():
    """The names of the contract's record.json; ours are options, breasts, calibre_cutoffs_mm, meanings and messages."""
    written = json.loads(record().to_json())
    ours = {"options", "breasts", "calibre_cutoffs_mm", "meanings", "messages"}

    assert [key for key in written if key not in ours] == [
        *("schema", "version", "model", "summary", "images", "clinical", "evidence", "differential", "advice", "files")
    ]
    assert written["schema"] == SCHEMA == RECORD_SCHEMA == "calcinet.record/1"


def test_finding_has_the_fields_of_the_contract():
    """Those in pixels are ours, for images without a spacing, the limit of what is not resolved, and those of a CT."""
    written = json.loads(record(image(findings=(FindingRecord(id="f1", kind="net"),))).to_json())

    ours = {"upper_limit_mm", "form", "level", "volume_mm3", "peak_hu", "place_mm"}

    assert [key for key in written["images"][0]["findings"][0] if not key.endswith("_px") and key not in ours] == [
        *("id", "kind", "probability", "calibre_mm", "calibre_interval_mm", "calibre_class", "length_mm", "area_mm2"),
        *("depth_mm", "compartment", "side", "polyline", "calibre_along_mm", "outline"),
    ]


def test_mask_labels_are_those_of_the_finders():
    """Uptake has no label: it is no mask of calcium."""
    assert {Kind(kind): label for kind, label in MASK_LABELS.items()} == LABELS


def test_written_record_reads_back_the_same():
    """Every number of the example has at most six digits but the wave of its vessel."""
    text = handmade.examination().to_json()

    assert Record.from_json(text).to_json() == text


def test_same_record_gives_the_same_bytes():
    """No clock, no chance, no order of a set."""
    assert handmade.examination().to_json() == handmade.examination().to_json()


@given(st.floats(min_value=1e-3, max_value=1e6))
def test_numbers_keep_six_digits(value):
    """Half a unit of the sixth digit is at most 5e-6 of the number."""
    written = json.loads(record(image(measures={"a": value})).to_json())

    assert written["images"][0]["measures"]["a"] == pytest.approx(value, rel=5.1e-6)


def test_points_are_written_on_one_line():
    """Two points of a line: [[1.5, 2.0], [3.0, 4.0]]."""
    found = FindingRecord(id="f1", kind="vessel", polyline=((1.5, 2), (3, 4)))

    assert '"polyline": [[1.5, 2.0], [3.0, 4.0]]' in record(image(findings=(found,))).to_json()


@pytest.mark.parametrize("missing", [None, float("nan"), float("inf"), np.float32("nan")])
def test_missing_number_is_null_with_a_reason(missing):
    """NaN has no place in JSON."""
    reason = NotMeasured(measure="net.mesh_mm", because="there is no net")
    text = record(image(measures={"net.mesh_mm": missing}, not_measured=(reason,))).to_json()

    assert '"net.mesh_mm": null' in text
    assert "NaN" not in text


def test_missing_number_without_a_reason_is_refused():
    """A gap is explained or it is a mistake."""
    with pytest.raises(ValidationError, match=r"not_measured: net\.mesh_mm"):
        image(measures={"net.mesh_mm": None})


STRETCHES = tuple(FindingRecord(id=name, kind="vessel", length_px=9.0) for name in ("f1", "f2", "f3"))


def course(*ids: str, **parts) -> VesselCourse:
    gaps = tuple(((9.0 * n, 1.0), (9.0 * n + 4, 1.0)) for n in range(1, len(ids)))
    known = {"side": "L", "length_mm": 5.2, "calcified_mm": 3.6, "calcified_percent": 69.2, "gaps": gaps}
    return VesselCourse(findings=ids, length_px=26.0, calcified_px=18.0, **{**known, **parts})


def test_courses_read_back_the_same():
    """Of two stretches with a gap of 4 pixels, and of one alone; without a spacing the pixels remain."""
    courses = course("f3", "f1"), course("f2", length_mm=None, calcified_mm=None, side=None)
    whole = record(image(findings=STRETCHES, courses=courses))

    assert Record.from_json(whole.to_json()) == whole
    written = json.loads(whole.to_json())["images"][0]["courses"]
    assert written[0]["findings"] == ["f3", "f1"]
    assert written[0]["gaps"] == [[[9, 1], [13, 1]]]
    assert written[1]["length_mm"] is None


def test_a_record_from_before_courses_is_read():
    """The field is missing there."""
    written = json.loads(record(image(findings=STRETCHES)).to_json())
    del written["images"][0]["courses"]

    assert Record.from_json(json.dumps(written)).images[0].courses == ()


@pytest.mark.parametrize("courses", [(course("f1", "f2"),), (course("f1", "f2", "f3"), course("f3")), (course("f4"),)])
def test_each_vessel_lies_on_one_course(courses):
    """Left out, named twice, or not there."""
    with pytest.raises(ValidationError, match="each vessel lies on one course"):
        image(findings=STRETCHES, courses=courses)


def test_a_course_has_a_gap_between_each_two_findings():
    with pytest.raises(ValidationError, match="2 findings have 1 gaps, got 0"):
        course("f1", "f2", gaps=())


def test_visibility_that_was_not_measured_needs_a_reason_too():
    """The first statement of the page rests on it."""
    with pytest.raises(ValidationError, match="not_measured: resolvable_mm"):
        image(resolvable_mm=None)


def test_refused_image_needs_only_its_reason():
    """It has no visibility to explain."""
    refused = ImageRecord(id="img-1", refused=Refusal(reason="Not an image.", code="not-an-image"))

    assert record(refused).refused == (refused,)
    assert record(refused).examined == ()


def test_refused_image_cannot_hold_numbers():
    """Nothing was measured on it."""
    with pytest.raises(ValidationError, match="cannot hold findings or measures"):
        image(measures={"a": 1.0}, refused=Refusal(reason="No.", code="no"))


def test_interval_of_a_number_that_was_not_measured_is_refused():
    """An interval alone says nothing."""
    with pytest.raises(ValidationError, match="which was not measured"):
        image(intervals95={"a": (1, 2)})


def test_interval_the_wrong_way_round_is_refused():
    """Low comes first."""
    with pytest.raises(ValidationError, match="from low to high"):
        image(measures={"a": 1.5}, intervals95={"a": (2, 1)})


def test_diameters_without_their_points_are_refused():
    """Two diameters along a line of three points belong nowhere."""
    with pytest.raises(ValidationError, match="one number a point"):
        FindingRecord(id="f1", kind="vessel", polyline=((0, 0), (1, 1), (2, 2)), calibre_along_mm=(1.0, 1.1))


def test_two_images_cannot_share_an_id():
    """Masks are named by it."""
    with pytest.raises(ValidationError, match="ids must differ"):
        record(image(), image())


def test_unknown_field_is_refused():
    """A misspelt field would be lost in silence."""
    with pytest.raises(ValidationError, match="calibre_cm"):
        FindingRecord(id="f1", kind="vessel", calibre_cm=0.2)


def test_record_cannot_be_changed():
    """What was examined stays what was examined."""
    with pytest.raises(ValidationError, match="frozen"):
        record().version = "2"


def test_no_prior_no_posterior():
    """The probability before the images is the user's to give."""
    with pytest.raises(ValidationError, match="needs a prior"):
        Evidence(posterior=Posterior(median=0.5, interval95=(0.2, 0.8)))


def test_detector_has_a_name():
    """`info` and every record say which detector it was."""
    assert weights_manifest.NAME
    assert weights_manifest.sha256() is None or len(weights_manifest.sha256()) == 64


def test_sentences_read_back_know_what_they_were_made_from():
    """On disk the message stands once beside the English; in memory it is in the sentence."""
    told = say("{count} nets over {area:.1f} cm2.", count=2, area=12.4)
    made = record().model_copy(update={"summary": Summary(sentences=(told, "A sentence of somebody else."))})

    written = json.loads(made.to_json())
    read = Record.from_json(made.to_json())

    assert list(written["messages"]) == ["2 nets over 12.4 cm2."]
    assert read == made
    assert isinstance(read.summary.sentences[0], Text)
    assert read.summary.sentences[0].values == {"count": 2, "area": 12.4}
