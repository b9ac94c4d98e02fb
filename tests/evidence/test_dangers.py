"""Facts of what cannot wait: limits, and what is not told is not known."""

import pytest

from calcinet.evidence import dangers
from tests.support.patients import FINGER, LEGS, situation

SICK = {"septic_shock": True}


def lab(name, value, **more):
    return {"labs": [{"name": name, "value": value, **more}]}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, None),
        ({"examination": {"septic_shock": True}}, True),
        ({"examination": {"septic_shock": False}}, None),
        ({"conditions": [{"name": "Septic arthritis"}]}, None),
        ({"conditions": [{"name": "sepsis", "present": False}]}, None),
        ({"conditions": [{"name": "history of sepsis"}]}, None),
        ({"examined_on": "2026-04-20", "conditions": [{"name": "sepsis", "since": "2026-01-02"}]}, None),
        ({"examined_on": "2026-04-20", "conditions": [{"name": "sepsis", "since": "2026-04-12"}]}, True),
        (lab("blood culture", "positive"), None),
        ({**lab("blood culture", "positive"), "examination": {"temperature_c": 39.0}}, True),
        ({**lab("wound culture", "positive"), "examination": {"temperature_c": 39.0}}, None),
        ({"exclusions": [{"name": "necrotising fasciitis", "excluded": False}]}, True),
        ({"exclusions": [{"name": "necrotising fasciitis", "excluded": True}]}, None),
    ],
)
def test_sepsis(told, expected):
    """Told, named, or bacteria in the blood of somebody who is ill; an old one is past."""
    assert dangers.sepsis(situation(**told)) is expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, None),
        (lab("CRP", "6 mg/L"), None),
        (lab("CRP", "99 mg/L"), None),
        (lab("CRP", "100 mg/L"), True),
        (lab("CRP", "31 mg/dL"), True),
        (lab("CRP", "< 100 mg/L"), None),
        (lab("WBC", "19.9 10^9/L"), None),
        (lab("WBC", "20000 /uL"), True),
        ({"examination": {"infection_suspected": False}}, None),
        ({"examination": {"infection_suspected": True}}, True),
        ({"examination": {"temperature_c": 38.0}}, True),
    ],
)
def test_suspected_infection(told, expected):
    """By a person, fever, a culture, or a sign that is no slight one."""
    assert dangers.infection_likely(situation(**told)) is expected


def test_signs_of_infection_are_named_as_they_were_given():
    patient = situation(
        examination={"septic_shock": True, "temperature_c": 39.6, "infection_suspected": True},
        labs=[{"name": "WBC", "value": "28 10^9/L"}, {"name": "wound swab", "value": "positive"}],
    )

    assert dangers.list_infection_signs(patient) == [
        *("septic shock", "wound culture positive", "temperature 39.6 °C"),
        *("white cells 28 x 10^9/L", "suspected at the bedside"),
    ]


@pytest.mark.parametrize(
    ("value", "more", "low"),
    [("149 10^9/L", {}, True), ("150 10^9/L", {}, False), ("210 10^9/L", {"flag": "low"}, True), ("30 K/uL", {}, True)],
)
def test_low_platelets(value, more, low):
    """By number, or as the laboratory flagged them."""
    assert dangers.platelets_low(situation(**lab("platelets", value, **more))) is low


def test_platelets_that_were_not_counted_are_not_known():
    assert dangers.platelets_low(situation()) is None


@pytest.mark.parametrize(
    ("value", "drugs", "high"),
    [
        ("2.1", [], True),
        ("1.1", [], False),
        ("2.1", [{"name": "warfarin"}], None),
        ("2.1", [{"name": "apixaban"}], None),
    ],
)
def test_high_inr_speaks_only_without_an_anticoagulant(value, drugs, high):
    assert dangers.inr_high(situation(**lab("INR", value), drugs=drugs)) is high


def test_coagulation_is_consumed_only_in_sepsis():
    values = lab("platelets", "30 10^9/L")

    assert dangers.coagulation_consumed(situation(**values, examination=SICK)) is True
    assert dangers.coagulation_consumed(situation(**values)) is None
    assert dangers.coagulation_consumed(situation(examination=SICK)) is None
    assert dangers.list_coagulation(situation(**values)) == ["platelets 30 x 10^9/L"]


@pytest.mark.parametrize(
    ("name", "value", "high", "low"),
    [
        ("adjusted calcium", "3.0 mmol/L", True, None),
        ("adjusted calcium", "2.99 mmol/L", None, None),
        ("adjusted calcium", "1.8 mmol/L", None, True),
        ("ionised calcium", "1.6 mmol/L", True, None),
        ("ionised calcium", "0.8 mmol/L", None, True),
        ("total calcium", "3.2 mmol/L", True, None),
        ("total calcium", "1.7 mmol/L", None, None),
    ],
)
def test_critical_calcium(name, value, high, low):
    """At the limits; a low total calcium may be that of low albumin."""
    patient = situation(**lab(name, value))

    assert dangers.calcium_critically_high(patient) is high
    assert dangers.calcium_critically_low(patient) is low


def test_total_calcium_is_judged_after_adjustment():
    """2.85 with albumin of 22 g/L is 3.21."""
    labs = [{"name": "total calcium", "value": "2.85 mmol/L"}, {"name": "albumin", "value": "22 g/L"}]
    patient = situation(labs=labs)

    assert dangers.calcium_critically_high(patient) is True
    assert dangers.list_calcium(patient) == ["calcium 3.21 mmol/L"]


@pytest.mark.parametrize(("value", "high"), [("62 pmol/L", False), ("63 pmol/L", True), ("1980 pg/mL", True)])
def test_very_high_parathyroid_hormone(value, high):
    """Nine times 6.9 pmol/L is 62.1."""
    assert dangers.pth_very_high(situation(**lab("PTH", value))) is high
    assert dangers.pth_very_high(situation(**lab("PTH", value), kidney={"stage": "4"})) is None


def test_dialysate_is_that_of_now():
    """One of a time that is over does not count."""
    now = {"kind": "haemodialysis", "dialysate_calcium_mmol_l": 1.25}
    before = {"kind": "peritoneal", "dialysate_calcium_mmol_l": 1.75, "stop": "2024-01-01"}
    patient = situation(kidney={"dialysis": [before, now]})

    assert dangers.dialysate_calcium_mmol_l(patient) == 1.25
    assert dangers.dialysate_calcium_high(patient) is False
    assert dangers.dialysate_calcium_high(situation()) is None


@pytest.mark.parametrize(
    ("lesions", "examination", "threatened"),
    [
        ([LEGS], {"peripheral_pulses": "absent"}, True),
        ([LEGS], {"ankle_brachial_index": 0.39}, True),
        ([LEGS], {"ankle_brachial_index": 0.4, "peripheral_pulses": "present"}, False),
        ([LEGS], {"ankle_brachial_index": 1.6}, None),
        ([FINGER], {"peripheral_pulses": "absent"}, True),
        ([FINGER], {"ankle_brachial_index": 0.3, "peripheral_pulses": "present"}, False),
        ([{"site": "abdomen", "kind": "ulcer"}], {"peripheral_pulses": "absent", "ankle_brachial_index": 0.3}, False),
        ([{"site": "lower leg", "kind": "livedo", "necrotic": False}], {"peripheral_pulses": "absent"}, False),
    ],
)
def test_limb_in_danger(lesions, examination, threatened):
    """A wound or dead tissue of that limb, and no flow; an index above 1.4 says nothing."""
    assert dangers.limb_threatened(situation(lesions=lesions, examination=examination)) is threatened


def test_first_days_are_counted_for_each_lesion():
    """The first came before the drug, the second six days after its start."""
    lesions = [{**LEGS, "since": "2026-01-01"}, {"site": "thigh", "kind": "ulcer", "since": "2026-04-16"}]
    patient = situation(lesions=lesions, drugs=[{"name": "warfarin", "start": "2026-04-10"}])

    assert dangers.necrosis_days(patient) == 6
    assert dangers.antagonist_first_days(patient) is True


def test_first_days_of_a_drug_without_a_first_day_are_not_known():
    assert dangers.antagonist_first_days(situation(drugs=[{"name": "warfarin"}])) is None
    assert dangers.antagonist_first_days(situation()) is None


@pytest.mark.parametrize(
    ("kidney", "lesion", "fits"),
    [
        ({"stage": "5D"}, {"painful": True, "necrotic": True}, True),
        ({"stage": "5D"}, {"painful": True}, None),
        ({"stage": "5D"}, {"painful": True, "necrotic": False}, False),
        ({"stage": "5D"}, {"painful": False, "necrotic": False}, False),
        ({"stage": "5D"}, {}, None),
        ({"stage": "normal"}, {"painful": True}, False),
        ({}, {"painful": True, "necrotic": True}, None),
    ],
)
def test_penis_fits_only_with_failing_kidneys_and_such_a_lesion(kidney, lesion, fits):
    patient = situation(kidney=kidney, lesions=[{"site": "penis", "kind": "ulcer", **lesion}])

    assert dangers.penis_fits(patient) is fits


@pytest.mark.parametrize(
    ("told", "unsafe"),
    [
        ({}, None),
        (lab("platelets", "49 10^9/L"), True),
        (lab("platelets", "50 10^9/L"), None),
        (lab("INR", "1.51"), True),
        (lab("INR", "1.5"), None),
        ({**lab("INR", "2.8"), "drugs": [{"name": "warfarin"}]}, True),
        ({"examination": SICK}, True),
    ],
)
def test_biopsy_is_unsafe_by_any_of_three(told, unsafe):
    """Whatever made the INR rise."""
    assert dangers.biopsy_unsafe(situation(**told)) is unsafe


def test_antagonist_is_named_as_given_and_the_lesion_by_its_day():
    told = {"examined_on": "2026-06-20", "drugs": [{"name": "Marevan 3 mg", "start": "2026-04-10"}]}
    patient = situation(**told, lesions=[{**LEGS, "since": "2026-04-11"}])

    assert dangers.list_antagonists(patient) == ["Marevan 3 mg on 2026-04-10"]
    assert dangers.list_necrosis_since(patient) == ["lesion since 2026-04-11", "70 days before this examination"]
    assert dangers.list_antagonists(situation()) == ["a vitamin K antagonist"]


def test_lesion_without_a_day_is_said_to_have_none():
    told = {"examined_on": "2026-04-15", "drugs": [{"name": "warfarin", "start": "2026-04-10"}]}

    assert dangers.list_necrosis_since(situation(**told, lesions=[LEGS])) == ["day of the lesion not told"]
