"""Bundles as servers write them, whole: what must come out, and what must be told."""

import pytest

import calcinet
from calcinet.errors import BadInput
from tests.support.bundles import HERS, PATIENT, WARFARIN, bundle, drug, read, result, values

DONOR = {"reference": "Patient/donor"}


def test_drug_within_the_entry_is_read():
    """`#med1` leads to what the entry contains (R4, references)."""
    inside = [{"resourceType": "Medication", "id": "med1", "code": WARFARIN}]
    taken = drug(contained=inside, medicationReference={"reference": "#med1"}, effectivePeriod={"start": "2023-02-01"})
    case = read(result("calcium", 2.31), taken)

    assert [(one.name, one.status, str(one.start)) for one in case.drugs] == [("warfarin", "taking", "2023-02-01")]
    assert case.left_out == ()


@pytest.mark.parametrize("whose", [{"subject": DONOR}, {"focus": [DONOR]}])
def test_result_of_a_donor_is_not_the_patients(whose):
    """Calcium 2.31 alone; no phosphate and no product of it."""
    record = calcinet.examine(case=bundle(result("calcium", 2.31), result("phosphate", 3.4, **whose)))

    assert [(lab.name, lab.value) for lab in record.clinical.labs] == [("total calcium", 2.31)]
    assert record.clinical.left_out == (
        "1 entry is of somebody or something else (a donor, a relative, a specimen, a device) and is left out.",
    )
    assert any("1 entry is of somebody" in sentence for sentence in record.summary.sentences)


def test_measures_of_images_in_calcinets_own_bundle_are_called_so():
    """Their focus is the image, by an identifier: the patient's, and no result of the laboratory."""
    image = {"identifier": {"system": "urn:calcinet:image", "value": "0" * 64}}
    case = read(result("calcium", 2.31), result("phosphate", 3.4, focus=[image]))

    assert case.left_out == (
        "1 entry is a measure that calcinet took on an image, and is left out: give the image itself.",
    )


def test_range_of_newborns_is_not_a_womans():
    """1.9 mmol/L in a woman of 65: 0.8 to 1.5 holds, 1.3 to 2.3 of newborns does not, so the value is high."""
    year = {"system": "http://unitsofmeasure.org", "code": "a"}
    newborn = {
        "low": {"value": 1.3, "code": "mmol/L"}, "high": {"value": 2.3, "code": "mmol/L"},
        "appliesTo": [{"text": "newborn"}], "age": {"high": {"value": 1, **year}},
    }  # fmt: skip
    adult = {"low": {"value": 0.8}, "high": {"value": 1.5}, "age": {"low": {"value": 18, **year}}}
    record = calcinet.examine(case=bundle(result("phosphate", 1.9, referenceRange=[newborn, adult])))

    assert [(lab.range, lab.flag) for lab in record.clinical.labs] == [((0.8, 1.5), "H")]


def test_page_tells_what_was_left_out():
    """In a section of its own, in both languages."""
    from calcinet.report.html import page

    record = calcinet.examine(case=bundle(result("phosphate", 3.4, subject=DONOR), result("calcium", 2.3)))

    assert "1 entry is of somebody" in page(record, {})
    assert "1 個項目屬於他人" in page(record, {}, "zh-Hant")


def test_page_of_a_search_is_incomplete():
    next_page = [{"relation": "self", "url": "https://a.org/1"}, {"relation": "next", "url": "https://a.org/2"}]
    case = read(result("calcium", 2.3), link=next_page, type="searchset")

    assert "other pages" in case.left_out[0]
    assert values(case) == [("total calcium", "2.3")]


def test_search_with_a_total_is_short_of_it():
    """Found 5, of which the bundle holds the patient and one result."""
    case = read(result("calcium", 2.3), type="searchset", total=5)

    assert case.left_out == ("The search found 3 entries more than the bundle holds; they are missing.",)


def test_bundles_within_a_bundle_are_read():
    """As the answer to a batch comes."""
    inner = [bundle(result("calcium", 2.3)), bundle(result("phosphate", 1.2), patient=None)]
    case = read(*inner, patient=None)

    assert values(case) == [("total calcium", "2.3"), ("phosphate", "1.2")]


@pytest.mark.parametrize(
    "resources",
    [
        [PATIENT, {**PATIENT, "id": "p2"}],
        [result("calcium", 2.3), result("calcium", 2.4, subject={"reference": "Patient/p2"})],
    ],
)
def test_two_patients_are_refused(resources):
    """Told by two records of a patient, or, without any, by two subjects."""
    with pytest.raises(BadInput, match="more than one patient"):
        read(*resources, patient=None)


def test_two_records_of_one_person_are_one_patient():
    old = {**PATIENT, "id": "old", "link": [{"other": HERS, "type": "replaced-by"}]}
    case = read(old, result("calcium", 2.3), result("phosphate", 1.2, subject={"reference": "Patient/old"}))

    assert values(case) == [("total calcium", "2.3"), ("phosphate", "1.2")]


def test_death_is_told():
    case = read(result("calcium", 2.3), patient={**PATIENT, "deceasedDateTime": "2026-04-01T10:00:00+08:00"})

    assert (case.died, str(case.outcome.on)) == (True, "2026-04-01")


def test_what_is_of_no_use_is_named_with_its_count():
    """A type that is no type is not repeated: it may be anything."""
    others = [{"resourceType": "Claim"}, {"resourceType": "Claim"}, {"resourceType": "Immunization"}]
    case = read(*others, {"resourceType": "Chan"}, {"resourceType": "Practitioner"})

    assert case.left_out == ("Entries of other kinds are not read: Claim 2, Immunization 1, others 1.",)


@pytest.mark.parametrize("name", ["{%import os%}", "{count}", "{0.__class__}"])
def test_braces_from_a_server_are_letters(name):
    record = calcinet.examine(
        case=bundle(drug(medicationCodeableConcept={"text": name}), result("calcium", 2.3), {"resourceType": name})
    )

    assert [one.name for one in record.clinical.drugs] == [name]
