"""Facts of what cannot wait: limits, and what is not told is not known."""

import pytest

from calcinet.evidence import dangers
from tests.support.patients import situation

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
