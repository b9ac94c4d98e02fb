"""Results against sums on paper; what cannot be right is asked about and stays missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calcinet.clinical.history import Laboratory
from calcinet.clinical.lab_value import read_printed
from calcinet.clinical.labs import read_labs


def read(name: str, value: str, sex: str | None = None, **more):
    (result,), questions = read_labs([Laboratory(name=name, value=value, **more)], sex)
    return result, questions


def test_misprinted_unit_is_asked_about_and_not_guessed():
    """There is no pml/L; pmol/L is one letter away and 64 pmol/L is a PTH that occurs."""
    result, (question,) = read("PTH", "64 pml/L", flag="high")

    assert (result.value, result.flag, result.flag_basis) == (None, "H", "printed")
    assert (question.field, question.as_given, question.likely) == ("labs.0.unit", "64 pml/L", "pmol/L")
    assert question.entry == "unit_confirmed: pmol/L"
    assert "unit_confirmed" not in question.text


def test_confirmed_unit_is_used():
    """64 pmol/L, above the default limit of 6.9."""
    result, questions = read("PTH", "64 pml/L", unit_confirmed="pmol/L")

    assert questions == []
    assert (result.value, result.unit, result.range, result.flag) == (64.0, "pmol/L", (1.1, 6.9), "H")
    assert (result.as_given, result.reference) == ("64 pml/L", "pth_range")


@pytest.mark.parametrize(
    ("name", "value", "likely", "words"),
    [
        ("calcium", "0.6 mmol/L", None, "Check the number"),
        ("calcium", "10.2 mmol/L", "mg/dL", "in mg/dL"),
        ("phosphate", "5.2 mmol/L", "mg/dL", "not plausible in mmol/L, but in mg/dL"),
        ("albumin", "3.1 g/L", "g/dL", "but in g/dL"),
        ("albumin", "38 mmol/L", "g/L", "no unit of it"),
        ("haemoglobin", "114 g/dL", "g/L", "but in g/L"),
        ("creatinine", "6.8 umol/L", "mg/dL", "but in mg/dL"),
        ("calcium", "10.2", "mg/dL", "no unit is given. Only mg/dL would fit"),
        ("PTH", "500", None, "no unit is given. Which is it"),
        ("calcium", "2,67 mmol/L", "2.67 mmol/L", "a comma can be a decimal sign"),
        ("phosphate", "very high", None, "this is not a number"),
        ("ANCA", "1:40", None, "this is not a word"),
    ],
)
def test_what_cannot_be_right_names_the_likely_unit_and_stays_missing(name, value, likely, words):
    """5.2 mmol/L of phosphate is 16 mg/dL, which nobody has; 5.2 mg/dL is 1.68 mmol/L, which many have."""
    result, (question,) = read(name, value)

    assert result.value is None
    assert question.likely == likely
    assert words in question.text


def test_range_of_another_unit_betrays_a_wrong_label():
    """3.2 mmol/L of phosphate is possible, but an upper limit of 4.5 is that of mg/dL."""
    result, (question,) = read("phosphate", "3.2 mmol/L", low=2.5, high=4.5)

    assert result.value is None
    assert question.likely == "mg/dL"


def test_value_that_a_person_has_checked_is_taken():
    """0.6 mmol/L, once checked, is what it is."""
    result, questions = read("calcium", "0.6 mmol/L", value_confirmed="0.6 mmol/L")

    assert questions == []
    assert (result.value, result.flag) == (0.6, "L")


def test_confirmed_unit_that_is_none_is_asked_about_again():
    """An answer can be misspelt too."""
    result, (question,) = read("PTH", "64 pml/L", unit_confirmed="pmoll/L")

    assert result.value is None
    assert question.likely == "pmol/L"


def test_two_units_that_differ_are_asked_about():
    """One in the value, another beside it."""
    _, (question,) = read("albumin", "30 g/L", unit="g/dL")

    assert "two units are given, g/dL and g/L" in question.text


def test_printed_flag_wins_over_every_range():
    """2.67 lies within 2.2 to 2.7, but the laboratory printed H."""
    result, _ = read("adjusted calcium", "2.67 mmol/L", flag="high", low=2.2, high=2.7)

    assert (result.flag, result.flag_basis) == ("H", "printed")


def test_laboratory_range_wins_over_the_default():
    """2.67 is above the default 2.6 and within the laboratory's 2.7."""
    result, _ = read("adjusted calcium", "2.67 mmol/L", low=2.2, high=2.7)

    assert (result.flag, result.range_basis, result.reference) == ("N", "laboratory", None)


@pytest.mark.parametrize(
    ("value", "flag"), [("< 5 mg/L", "N"), ("5 mg/L", "N"), ("5.1 mg/L", "H"), ("> 5.1 mg/L", "H"), ("< 8 mg/L", None)]
)
def test_limit_sign_keeps_the_flag_open(value, flag):
    """CRP below 8 may be below 5 or not."""
    assert read("CRP", value)[0].flag == flag


@pytest.mark.parametrize(("sex", "flag"), [("female", "L"), ("male", None), (None, None)])
def test_range_of_women_is_not_used_for_men(sex, flag):
    """12 to 16 g/dL is published for women; for men no source was read."""
    assert read("Hb", "11.4 g/dL", sex)[0].flag == flag


def test_words_are_results_too():
    """Negative, and normal as a flag."""
    assert read("ANCA", "Negative")[0].word == "negative"
    assert read("protein C", "normal")[0].flag == "N"
    assert read("protein S", "low")[0].flag == "L"


def test_unknown_name_is_shown_as_it_is():
    """Nothing is near: it is asked what it is, and nothing is suggested."""
    result, (question,) = read("zonulin", "3 ng/mL")

    assert (result.name, result.analyte, result.value) == ("zonulin", None, None)
    assert (question.field, question.likely) == ("labs.0.name", None)


def test_misspelt_name_is_suggested_and_not_taken():
    """One letter off."""
    result, (question,) = read("phosfate", "1.58 mmol/L")

    assert (result.analyte, question.likely, question.field) == (None, "phosphate", "labs.0.name")


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [("22.4X109/L", 22.4, "X109/L"), ("602umol/L", 602, "umol/L"), ("1.", None, None), ("1.2.3", None, None)],
)
def test_printed_value_is_taken_apart(text, number, unit):
    """The unit may stick to the number."""
    printed = read_printed(text)

    assert (printed.number, printed.unit) == (number, unit)


@given(
    name=st.sampled_from(["PTH", "calcium", "ANCA", "INR", "?"]), value=st.text(max_size=40), unit=st.text(max_size=12)
)
def test_no_printed_value_breaks_the_reader(name, value, unit):
    """It is a result, a question, or nothing."""
    result, questions = read(name, value, unit=unit or None)

    assert result.value is None or result.value >= 0
    assert len(questions) <= 1


@pytest.mark.parametrize(("age", "flag"), [(None, "H"), (18, "H"), (17, None), (0, None)])
def test_default_ranges_are_those_of_adults(age, flag):
    """Alkaline phosphatase of a growing child is higher."""
    (result,), _ = read_labs([Laboratory(name="ALP", value="320 U/L")], None, age)

    assert result.flag == flag


@pytest.mark.parametrize("unit", ["G/L", "Gpt/l", "/nl", "10^9/L"])
def test_cells_are_counted_whatever_their_giga_is_called(unit):
    """No gram: cells are not weighed."""
    results, questions = read_labs([Laboratory(name="platelets", value=f"45 {unit}")])

    assert not questions
    assert (results[0].value, results[0].unit, results[0].flag) == (45.0, "10*9/L", "L")


@pytest.mark.parametrize(
    ("told", "word"),
    [
        ("MRSA", "positive"),
        ("Staphylococcus aureus", "positive"),
        ("E. coli 10^5", "positive"),
        ("no growth after 48 h", "negative"),
        ("no significant growth", "negative"),
        ("mixed flora", None),
        ("contaminant, likely", None),
        ("pending", None),
        ("?", None),
    ],
)
def test_a_culture_may_name_what_grew(told, word):
    """What is pending, mixed or contaminated is asked about."""
    result, questions = read("blood culture", told)

    assert result.word == word
    assert bool(questions) is (word is None)
