"""What a mistake in a case file is called, and that no patient is named."""

import pytest

from calcinet.io.case.errors import CaseFileError, Mistake, expected
from calcinet.io.case.reader import case_of_text


def mistakes(text: str):
    with pytest.raises(CaseFileError) as caught:
        case_of_text(text)
    return caught.value.mistakes


def test_what_is_expected_follows_the_model():
    """Lists, blocks, words, days."""
    assert expected(("lesions",)) == "a list"
    assert expected(("patient", "weights", 0)) == "a block of keys"
    assert expected(("drugs", 0, "start")).startswith("a day")
    assert expected(("imaging", 0, "vessels", 0)) == "one of large, medium, small, arteriole"


@pytest.mark.parametrize(
    "text",
    [
        "patient: {name: Chan Tai Man, sex: Chan Tai Man, age_years: A123456(7)}",
        "patient: Chan Tai Man A123456(7)",
        "Chan Tai Man: A123456(7)",
        "lesions: [{site: Chan Tai Man, kind: A123456(7), since: A123456(7)}]",
        "examined_on: A123456(7)\nkidney: {stage: Chan Tai Man}",
        "patient: [Chan Tai Man, 'A123456(7)",
        "drugs: *Chan Tai Man A123456(7)",
        "Chan Tai Man A123456(7)",
        "patient:\n  sex: female\n Chan Tai Man: A123456(7)",
        "patient: {sex: female, sex: Chan Tai Man A123456(7)}",
        "lesions: [{site: Chan, kind: ulcer}]",
    ],
)
def test_no_error_repeats_what_may_name_a_patient(text):
    """Neither the name nor the number, wherever they were written."""
    message = "\n".join(str(one) for one in mistakes(text))

    assert not any(word in message for word in ("Chan", "Tai", "123456"))


def test_mistakes_are_sorted_by_their_place():
    error = CaseFileError([Mistake(2, 1, "b"), Mistake(1, 9, "a")])

    assert str(error) == "the case file has 2 mistakes:\n  line 1, column 9: a\n  line 2, column 1: b"
