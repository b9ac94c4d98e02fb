"""For whom the schemes were made."""

import pytest

from calcinet.clinical.assess import assess
from calcinet.clinical.case import Case
from calcinet.clinical.population import explain_off_dialysis, is_adult
from tests.support.cases import DIALYSIS, FULL


@pytest.mark.parametrize(("years", "adult"), [(17, False), (18, True), (None, None)])
def test_adults_begin_at_18(years, adult):
    """An age that nobody gave leaves it open."""
    assert is_adult(Case.model_validate({"patient": {"age_years": years}})) is adult


@pytest.mark.parametrize("age", [0, 9, 17])
def test_no_scheme_for_a_child(age):
    """On dialysis, with the whole picture: no level, no criteria, and a sentence why."""
    told = {"patient": {"age_years": age}, "kidney": DIALYSIS, "lesions": [FULL], "all_mimics_excluded": True}
    known = assess(Case.model_validate(told))

    assert known.criteria == {}
    assert known.suspicion.level is None
    assert "for adults" in known.suspicion.headline
    assert "does not exclude calciphylaxis" in known.suspicion.rule


@pytest.mark.parametrize(
    ("kidney", "words"),
    [
        (DIALYSIS, None),
        ({}, None),
        ({"stage": "normal"}, "normal"),
        ({"stage": "5"}, "not on dialysis"),
        ({"stage": "2", "transplant": True}, "transplant"),
    ],
)
def test_the_chinese_scheme_is_for_dialysis(kidney, words):
    """What is not stated is asked, not denied."""
    why = explain_off_dialysis(Case.model_validate({"kidney": kidney}))

    assert (why is None) is (words is None)
    assert words is None or words in why
