"""Drugs of a bundle: which, whether taken, since when."""

import pytest

from tests.support.bundles import WARFARIN, drug, read, result

NOW = result("calcium", 2.3, day="2026-03-01")


def told(*resources):
    """Name, status, first and last day of each drug."""
    case = read(NOW, *resources)
    return [(one.name, one.status, *(day and str(day) for day in (one.start, one.stop))) for one in case.drugs or ()]


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (drug("MedicationRequest", authoredOn="2025-01-01T09:00:00+08:00"), ("taking", "2025-01-01", None)),
        (drug("MedicationRequest", "completed", authoredOn="2025-01-01"), ("stopped", "2025-01-01", None)),
        (drug("MedicationRequest", intent="proposal"), ("planned", None, None)),
        (drug("MedicationRequest", intent="plan", reportedBoolean=True), ("taking", None, None)),
        (drug("MedicationRequest", intent="plan", reported=True), ("taking", None, None)),
        (drug(status="recorded"), ("taking", None, None)),
        (drug(status="recorded", adherence={"code": {"coding": [{"code": "stopped"}]}}), ("stopped", None, None)),
        (drug(status="intended"), ("planned", None, None)),
        (drug(effectivePeriod={"start": "2023-02-01", "end": "2027-01-01"}), ("taking", "2023-02-01", None)),
        (drug("MedicationAdministration", "completed", effectiveDateTime="2026-02-27"), ("taking", "2026-02-27", None)),
        (drug("MedicationAdministration", "completed", occurenceDateTime="2026-02-27"), ("taking", "2026-02-27", None)),
        (
            drug("MedicationAdministration", "completed", effectiveDateTime="2026-01-27"),
            ("stopped", "2026-01-27", "2026-01-27"),
        ),
        (
            drug("MedicationDispense", "completed", whenHandedOver="2026-02-20", daysSupply={"value": 28}),
            ("taking", "2026-02-20", None),
        ),
        (
            drug("MedicationDispense", "completed", whenHandedOver="2026-01-20", daysSupply={"value": 28}),
            ("stopped", "2026-01-20", "2026-02-17"),
        ),
        (drug("MedicationDispense", "completed", whenHandedOver="2025-12-05"), ("taking", "2025-12-05", None)),
        (drug("MedicationDispense", "preparation"), ("planned", None, None)),
    ],
)
def test_status_and_days_by_the_kind_of_entry(resource, expected):
    """Today is 1 March 2026: 2 days after a dose; 33 days after one; 28 days from 20 January end on 17 February."""
    assert told(resource) == [("warfarin", *expected)]


@pytest.mark.parametrize(
    "resource",
    [
        *(drug(status=status) for status in ("not-taken", "unknown", "draft", None)),
        *(drug("MedicationRequest", status) for status in ("draft", "unknown")),
        drug("MedicationRequest", doNotPerform=True),
        drug("MedicationAdministration", "not-done"),
        drug("MedicationDispense", "declined"),
        drug(status="recorded", adherence={"code": {"coding": [{"code": "not-taking"}]}}),
    ],
)
def test_drug_that_is_not_taken_is_left_out_and_told(resource):
    case = read(NOW, resource)

    assert case.drugs is None
    assert case.left_out[0].startswith("1 drug was not taken or not given")


def test_broken_date_leaves_out_the_drug_alone():
    case = read(NOW, drug(effectiveDateTime="2023-02-30"), drug(medicationCodeableConcept={"text": "calcitriol"}))

    assert [one.name for one in case.drugs] == ["calcitriol"]
    assert case.left_out == ("1 entry has a date that does not exist or ends before it begins, and is left out.",)


def test_prescriptions_of_every_month_are_one_drug():
    several = [drug("MedicationRequest", authoredOn=f"2025-{month:02}-01") for month in range(1, 13)]

    assert told(*several) == [("warfarin", "taking", "2025-01-01", None)]


def test_preparation_is_known_by_its_ingredients():
    """By a code, and by what is contained in the Medication or beside it."""
    substance = {"resourceType": "Substance", "id": "s", "code": WARFARIN}
    parts = [{"itemCodeableConcept": {"text": "calcitriol"}}, {"itemReference": {"reference": "#s"}}]
    medication = {"resourceType": "Medication", "id": "m", "ingredient": parts}
    beside = drug(contained=[medication, substance], medicationReference={"reference": "#m"})
    within = [
        {**medication, "contained": [substance]},
        drug(medicationReference={"reference": "Medication/m"}),
    ]

    assert told(beside) == told(*within) == [("calcitriol", "taking", None, None), ("warfarin", "taking", None, None)]


def test_drug_of_release_5_is_a_concept_or_a_reference():
    inside = [{"resourceType": "Medication", "id": "m", "code": WARFARIN}]
    by_reference = drug(status="recorded", contained=inside, medication={"reference": {"reference": "#m"}})
    by_concept = drug(status="recorded", medication={"concept": {"text": "calcitriol"}})

    assert [one[0] for one in told(by_reference, by_concept)] == ["warfarin", "calcitriol"]


@pytest.mark.parametrize(
    "medication",
    [
        {"medicationReference": {"display": "Warfarin Sodium 5 MG Oral Tablet"}},
        {"medicationReference": {"reference": "Medication/x", "display": "Warfarin Sodium 5 MG Oral Tablet"}},
        {"medicationCodeableConcept": {"coding": [{"code": "x"}], "text": "Warfarin Sodium 5 MG Oral Tablet"}},
        {"medicationCodeableConcept": {"text": "Tablet no. 7", "coding": [{"display": "warfarin 5 mg tablet"}]}},
    ],
)
def test_drug_is_known_by_its_words(medication):
    """Of several words those that name a drug."""
    from calcinet.clinical.assess import assess

    assert [one.drug for one in assess(read(NOW, drug(**medication))).drugs] == ["warfarin"]


@pytest.mark.parametrize(
    ("route", "expected"),
    [
        *(({"coding": [{"code": "47625008"}]}, "intravenous"), ({"text": "PO"}, "oral"), ({"text": "Nasal"}, None)),
        ({"text": "Subcutaneous route"}, "subcutaneous"),
    ],
)
def test_route_by_code_or_words(route, expected):
    for where in (
        {"dosage": [{"route": route}]},
        {"dosageInstruction": [{"route": route}]},
        {"dosage": {"route": route}},
    ):
        assert read(NOW, drug(**where)).drugs[0].route == expected


def test_drug_on_hold_is_told():
    assert "1 drug is on hold" in read(NOW, drug(status="on-hold")).left_out[0]


def test_drug_of_a_code_alone_is_told():
    case = read(NOW, drug(medicationCodeableConcept={"coding": [{"code": "855332"}]}))

    assert case.left_out == ("1 entry names what it is by a code alone that is not known, and is left out.",)
