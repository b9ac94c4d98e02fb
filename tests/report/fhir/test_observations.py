"""Observations: numbers with their units, findings with their members, parts of the body with their sides."""

from datetime import UTC, datetime

import pytest

from calcinet.report.edition import Edition
from calcinet.report.fhir.observations import image_observations, patient_observations
from calcinet.report.language import translator
from tests.support import handmade, handmade_ct

_ = translator("en")


def edition(record, *, anonymous: bool = False) -> Edition:
    return Edition.of(record, when=datetime(2026, 1, 2, tzinfo=UTC), anonymous=anonymous)


def of_image(record) -> list[dict]:
    image = record.images[0]
    return [entry["resource"] for entry in image_observations(image, record, edition(record), _)]


@pytest.fixture(scope="module")
def film() -> list[dict]:
    return of_image(handmade.examination())


@pytest.fixture(scope="module")
def ct() -> list[dict]:
    return of_image(handmade_ct.examination())


def test_a_number_has_a_value_or_a_reason(film):
    """Never both, never neither; findings that gather members are no numbers."""
    for observation in film:
        if "identifier" not in observation:
            assert ("valueQuantity" in observation) != ("dataAbsentReason" in observation)


def test_an_interval_has_two_ends_in_the_unit_of_its_value(film):
    ends = [each for each in film if "valueQuantity" in each and "component" in each]

    assert ends
    for observation in ends:
        low, high = (component["valueQuantity"] for component in observation["component"])
        assert low["value"] <= observation["valueQuantity"]["value"] <= high["value"]
        assert low.get("code") == high.get("code") == observation["valueQuantity"].get("code")


def test_a_finding_gathers_its_numbers_under_its_id(film):
    """A vessel is small and lies in the muscle; f1 has four numbers at least."""
    (vessel,) = [each for each in film if each.get("identifier", [{}])[0].get("value") == "f1"]
    answers = [component["valueCodeableConcept"]["text"] for component in vessel["component"]]

    assert answers == ["small", "muscle"]
    assert len(vessel["hasMember"]) >= 4


def test_every_observation_says_which_side(film):
    assert all("left" in each["bodySite"]["text"] for each in film)
    assert all(len(each["bodySite"]["coding"]) == 2 for each in film)


def test_calcium_of_a_part_says_level_side_and_compartment(ct):
    """Four scores of volume; the artery of the left leg has an Agatston score beside it."""
    parts = {
        (each["bodySite"]["text"], each["component"][0]["valueCodeableConcept"]["text"])
        for each in ct
        if "valueQuantity" in each and "valueCodeableConcept" in each.get("component", [{}])[0]
    }

    assert ("lower leg, left", "artery") in parts
    assert ("lower leg, right", "subcutis") in parts


@pytest.mark.parametrize(("anonymous", "days"), [(False, {"2026-01-01"}), (True, set())])
def test_days_of_the_laboratory_are_left_out_where_nobody_may_be_recognised(patient, anonymous, days):
    labs = tuple(lab.model_copy(update={"on": "2026-01-01"}) for lab in patient.clinical.labs)
    record = patient.model_copy(update={"clinical": patient.clinical.model_copy(update={"labs": labs})})
    entries = patient_observations(record, edition(record, anonymous=anonymous), _)

    assert {entry["resource"].get("effectiveDateTime") for entry in entries} - {None} == days


def test_laboratory_values_have_their_range(patient):
    entries = [entry["resource"] for entry in patient_observations(patient, edition(patient), _)]
    ranges = [each["referenceRange"][0] for each in entries if "referenceRange" in each]

    assert ranges
    assert all(set(limits) <= {"low", "high"} for limits in ranges)


def test_the_part_of_a_ct_keeps_its_compartment_beside_the_ends_of_its_interval():
    """Volume of the calcium of an artery with its interval: the compartment first, then both ends."""
    record = handmade_ct.examination()
    image = record.images[0]
    score = image.ct.scores[1].model_copy(update={"volume_interval_mm3": (3000.0, 3900.0)})
    ct = image.ct.model_copy(update={"scores": (score,)})
    bounded = record.model_copy(update={"images": (image.model_copy(update={"ct": ct}),)})
    (volume,) = [one for one in of_image(bounded) if one["code"]["text"] == "Volume of calcium"]
    layer, low, high = volume["component"]

    assert "valueCodeableConcept" in layer
    assert (low["valueQuantity"]["value"], high["valueQuantity"]["value"]) == (3000.0, 3900.0)
