"""What the record of one image holds, and what it refuses to hold."""

import json

import numpy as np
import pytest
from pydantic import ValidationError

from calcinet.findings.finding import LABELS, Kind
from calcinet.record import (
    MASK_LABELS,
    FindingRecord,
    ImageRecord,
    NotMeasured,
    Refusal,
)
from tests.support.records import STRETCHES, course, image, record


def test_finding_has_the_fields_of_the_contract():
    """Those in pixels are ours, for images without a spacing, the limit of what is not resolved, those of a CT, and
    by what a mark is followed.
    """
    written = json.loads(record(image(findings=(FindingRecord(id="f1", kind="net"),))).to_json())

    ours = {
        "tracking_uid",
        "upper_limit_mm",
        "form",
        "level",
        "volume_mm3",
        "volume_interval_mm3",
        "peak_hu",
        "place_mm",
    }

    assert [key for key in written["images"][0]["findings"][0] if not key.endswith("_px") and key not in ours] == [
        *("id", "kind", "probability", "calibre_mm", "calibre_interval_mm", "calibre_class", "length_mm", "area_mm2"),
        *("area_interval_mm2", "depth_mm", "compartment", "side", "polyline", "calibre_along_mm", "outline"),
    ]


def test_mask_labels_are_those_of_the_finders():
    """Uptake has no label: it is no mask of calcium."""
    assert {Kind(kind): label for kind, label in MASK_LABELS.items()} == LABELS


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


@pytest.mark.parametrize("courses", [(course("f1", "f2"),), (course("f1", "f2", "f3"), course("f3")), (course("f4"),)])
def test_each_vessel_lies_on_one_course(courses):
    """Left out, named twice, or not there."""
    with pytest.raises(ValidationError, match="each vessel lies on one course"):
        image(findings=STRETCHES, courses=courses)


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


def test_unknown_field_is_refused():
    """A misspelt field would be lost in silence."""
    with pytest.raises(ValidationError, match="calibre_cm"):
        FindingRecord(id="f1", kind="vessel", calibre_cm=0.2)


def test_a_course_has_a_gap_between_each_two_findings():
    with pytest.raises(ValidationError, match="2 findings have 1 gaps, got 0"):
        course("f1", "f2", gaps=())


def test_an_assumed_pixel_size_needs_its_condition_and_has_no_limit():
    """What would be read as known is refused."""
    assumed = {"spacing_mm": (0.15, 0.15), "spacing_basis": "assumed"}
    reason = (NotMeasured(measure="resolvable_mm", because="the pixel size is assumed"),)

    with pytest.raises(ValidationError, match="needs lengths_hold_if"):
        ImageRecord(id="img-1", not_measured=reason, **assumed)
    with pytest.raises(ValidationError, match="no limit of detection"):
        ImageRecord(id="img-1", resolvable_mm=0.2, lengths_hold_if="if the pixels are 0.15 mm", **assumed)

    held = ImageRecord(id="img-1", not_measured=reason, lengths_hold_if="if the pixels are 0.15 mm", **assumed)
    assert not held.size_known


@pytest.mark.parametrize("score", [-0.01, 1.01])
def test_score_of_a_net_lies_between_0_and_1(score):
    with pytest.raises(ValidationError, match="net_score"):
        image(net_score=score)


def test_meaning_and_range_of_the_score_stand_in_the_schema():
    field = ImageRecord.model_json_schema()["properties"]["net_score"]
    (number,) = [one for one in field["anyOf"] if one["type"] == "number"]

    assert (number["minimum"], number["maximum"]) == (0, 1)
    assert "no probability" in field["description"]
    assert image(net_score=0.93).net_score == 0.93
    assert image().net_score is None
