"""Which reference range holds for a woman of 65."""

from datetime import date

import pytest

from calcinet.io.case.fhir.ranges import RangeOwner, choose_range

WOMAN = RangeOwner("female", date(1960, 5, 5))
DAY = date(2026, 3, 1)


def limits(low, high, **more):
    return {"low": {"value": low}, "high": {"value": high}, **more}


def age(low=None, high=None, unit="a"):
    told = {}
    if low is not None:
        told["low"] = {"value": low, "code": unit}
    if high is not None:
        told["high"] = {"value": high, "code": unit}
    return told


def group(*words):
    return [{"text": word} for word in words]


def coded(code):
    return [{"coding": [{"system": "http://hl7.org/fhir/administrative-gender", "code": code}]}]


HOLDS = limits(1, 2)


@pytest.mark.parametrize(
    "others",
    [
        [limits(8, 9, age=age(high=1))],
        [limits(8, 9, age=age(high=12, unit="mo"))],
        [limits(8, 9, age=age(66))],
        [limits(8, 9, age=age(18, 64))],
        [limits(8, 9, appliesTo=coded("male"))],
        [limits(8, 9, appliesTo=[{"coding": [{"code": "248153007"}]}])],
        [limits(8, 9, appliesTo=group("newborn"))],
        [limits(8, 9, appliesTo=group("Children under 18"))],
        [limits(8, 9, appliesTo=group("pregnant women"))],
        [limits(8, 9, appliesTo=group("female", "luteal phase"))],
        [limits(8, 9, appliesTo=[{"coding": [{"code": "2106-3"}]}])],
        [limits(8, 9, type={"coding": [{"code": "treatment"}]})],
        [limits(8, 9, type={"text": "Critical"})],
        [{"low": {"value": 8, "code": "mg/dL"}, "high": {"value": 9, "code": "mg/dL"}}],
        [limits(9, 8)],
        [{"text": "see comment"}],
        [limits(8, 9, text="Newborn: 8-9 mmol/L")],
        [limits(8, 9, text="男性 8-9")],
    ],
)
def test_range_of_others_is_passed_over(others):
    """In either order, also where a person of 65 reached the last year of a range long ago."""
    for ranges in ([*others, HOLDS], [HOLDS, *others]):
        assert choose_range(ranges, "mmol/L", WOMAN, DAY) == ((1, 2), False)
    assert choose_range(others, "mmol/L", WOMAN, DAY) == ((None, None), True)


@pytest.mark.parametrize(
    "closer",
    [
        limits(8, 9, age=age(65)),
        limits(8, 9, age=age(18, 65)),
        limits(8, 9, age=age(216, unit="mo")),
        limits(8, 9, appliesTo=coded("female")),
        limits(8, 9, appliesTo=group("Adult women")),
        limits(8, 9, appliesTo=group("成人")),
        limits(8, 9, type={"coding": [{"code": "normal"}]}, age=age(60)),
    ],
)
def test_range_that_was_made_for_her_stands_before_a_general_one(closer):
    """She is 65 until 5 May: a range up to 65 holds through that year."""
    assert choose_range([HOLDS, closer], None, WOMAN, DAY) == ((8, 9), False)


def test_birthday_begins_an_age():
    """66 on 5 May 2026; the day before 65."""
    ranges = [limits(1, 2, age=age(18, 65)), limits(8, 9, age=age(66))]

    assert choose_range(ranges, None, WOMAN, date(2026, 5, 5))[0] == (8, 9)
    assert choose_range(ranges, None, WOMAN, date(2026, 5, 3))[0] == (1, 2)


def test_two_different_ranges_that_hold_alike_are_none():
    assert choose_range([HOLDS, limits(8, 9)], None, WOMAN, DAY) == ((None, None), True)
    assert choose_range([HOLDS, HOLDS], None, WOMAN, DAY) == ((1, 2), False)


@pytest.mark.parametrize("given", [limits(1, 2, age=age(18)), limits(1, 2, appliesTo=coded("female"))])
def test_of_somebody_unknown_only_a_general_range_holds(given):
    assert choose_range([given], None, RangeOwner(), DAY) == ((None, None), True)


def test_range_for_both_sexes_holds():
    assert choose_range([limits(1, 2, appliesTo=group("female", "male"))], None, WOMAN, DAY)[0] == (1, 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("0.8 - 1.5", (0.8, 1.5)), ("0.8–1.5 mmol/L", (0.8, 1.5)), ("< 5", (None, 5)), (">= 60", (60, None))),
        *(("8 - 15 mg/dL", (None, None)), ("M 1-2, F 3-4", (None, None))),
    ],
)
def test_range_in_words(text, expected):
    assert choose_range([{"text": text}], "mmol/L", WOMAN, DAY)[0] == expected


def test_range_is_brought_into_the_unit_of_the_value():
    """3.5 to 5 g/dL is 35 to 50 g/L."""
    given = {"low": {"value": 3.5, "unit": "g/dL"}, "high": {"value": 5, "unit": "g/dL"}}

    assert choose_range([given], "g/L", WOMAN, DAY) == ((35, 50), False)
