"""Every stated finding of the examination is said."""

import pytest

from calcinet.clinical.examination_text import PRESENT_OR_NOT, SPECIAL, examination_in_words
from calcinet.clinical.person import Examination


def words(**parts):
    return dict(examination_in_words(Examination.model_validate(parts)))


def test_nothing_stated_says_nothing():
    assert words() == {}


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("peripheral_pulses", "present", "all peripheral pulses present"),
        ("ankle_brachial_index", 1.6, "ankle-brachial index 1.6"),
        ("temperature_c", 38.25, "temperature 38.2 °C"),
        ("pain_score", 9, "pain 9 of 10 (numeric scale: 0 none, 10 the worst that can be imagined)"),
        ("pain_score", 0, "pain 0 of 10 (numeric scale: 0 none, 10 the worst that can be imagined)"),
        ("tenderness", True, "tender on touch"),
        ("tenderness", False, "not tender on touch"),
        ("ceap", "C5", "venous disease of class C5 (CEAP)"),
        ("venous_disease", False, "no chronic venous disease"),
        ("septic_shock", True, "septic shock"),
    ],
)
def test_a_finding_is_said(field, value, said):
    assert words(**{field: value}) == {field: said}


def test_every_field_has_words_of_its_own():
    """A field without them is shown by its name, which is no sentence for a bedside."""
    assert set(Examination.model_fields) == {*PRESENT_OR_NOT, *SPECIAL}


@pytest.mark.parametrize("score", [-1, 11])
def test_pain_is_scored_from_0_to_10(score):
    with pytest.raises(ValueError, match="pain_score"):
        Examination(pain_score=score)
