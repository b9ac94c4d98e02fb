"""Yes-or-no questions to a patient and the images; what is not stated is not known."""

import pytest

from calcinet.clinical.case import Case
from calcinet.evidence.context import PatientContext, blood, condition, either, history, image, lesion


def context(**parts) -> PatientContext:
    return PatientContext.of(Case.model_validate(parts))


def is_ulcer(one):
    return one.kind == "ulcer"


def test_a_lesion_is_known_only_where_lesions_were_listed():
    """No list, an empty list, another lesion, the lesion."""
    fact = lesion(is_ulcer)

    assert fact(context()) is None
    assert fact(context(lesions=[])) is False
    assert fact(context(lesions=[{"site": "thigh", "kind": "plaque"}])) is False
    assert fact(context(lesions=[{"site": "thigh", "kind": "ulcer"}])) is True


def test_a_disease_that_no_table_holds_is_an_error_of_the_rule():
    with pytest.raises(ValueError, match="no disease is called moonsickness"):
        condition("moonsickness")


def test_the_latest_result_answers_with_its_word_or_its_flag():
    """An albumin of 20 g/L is low, 40 g/L is normal."""
    low = blood("albumin", "low")

    assert low(context()) is None
    assert low(context(labs=[{"name": "albumin", "value": "20 g/L"}])) is True
    assert low(context(labs=[{"name": "albumin", "value": "40 g/L"}])) is False


@pytest.mark.parametrize(
    ("first", "second", "answer"), [(True, None, True), (None, False, None), (False, False, False), (None, True, True)]
)
def test_either_of_two_is_three_valued(first, second, answer):
    assert either(lambda _: first, lambda _: second)(context()) is answer


def test_without_an_image_nothing_is_known_of_images():
    assert image(lambda _: True)(context()) is None


def test_a_procedure_is_absent_only_where_there_were_none():
    fact = history("gadolinium")

    assert fact(context()) is None
    assert fact(context(procedures=[])) is False
    assert fact(context(procedures=[{"name": "gadolinium"}])) is True
