"""Lesions as people write them: size, number, digit, face."""

import pytest
from pydantic import ValidationError

from calcinet.clinical.skin_lesion import Lesion


def lesion(**parts):
    return Lesion.model_validate({"site": "finger", "kind": "ulcer", **parts})


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("12 x 8", (12.0, 8.0)),
        ("12x8 cm", (12.0, 8.0)),
        ("12 cm × 8 cm", (12.0, 8.0)),
        ("3,5", (3.5,)),
        (4, (4.0,)),
        ([2.5, 1], (2.5, 1.0)),
    ],
)
def test_size_is_length_and_width_in_cm(written, size):
    assert lesion(size_cm=written).size_cm == size


@pytest.mark.parametrize("written", ["large", "12 x 8 x 3", "-2", "12 mm", True, 0, 900])
def test_size_that_cannot_be_right_is_refused(written):
    with pytest.raises(ValidationError):
        lesion(size_cm=written)


@pytest.mark.parametrize("word", ["multiple", "Several", " many "])
def test_a_word_for_the_number_says_more_than_one_and_counts_none(word):
    """Nobody counted: the number stays unknown, two are sure."""
    read = lesion(count=word)

    assert (read.count, read.several, read.at_least) == (None, True, 2)


def test_number_not_stated_is_at_least_one():
    assert (lesion().several, lesion().at_least, lesion(count=3).at_least) == (None, 1, 3)


def test_single_lesion_is_not_several():
    with pytest.raises(ValidationError, match="several is yes, but count is 1"):
        lesion(count=1, several=True)


@pytest.mark.parametrize(
    ("site", "field", "word"),
    [
        ("fingertip", "aspect", "tip"),
        ("Thumb", "digit", "thumb"),
        ("hallux", "digit", "big"),
        ("shin", "aspect", "front"),
    ],
)
def test_a_word_for_the_site_that_says_more_is_not_lost(site, field, word):
    assert getattr(lesion(site=site), field) == word


@pytest.mark.parametrize(("word", "digit"), [("Middle finger", "middle"), ("forefinger", "index"), ("pinky", None)])
def test_digit_by_its_usual_names(word, digit):
    if digit is None:
        with pytest.raises(ValidationError):
            lesion(digit=word)
        return
    assert lesion(digit=word).digit == digit


@pytest.mark.parametrize(("site", "digit"), [("toe", "thumb"), ("finger", "big"), ("hand", "middle"), ("leg", "ring")])
def test_digit_that_the_site_has_not_is_refused(site, digit):
    with pytest.raises(ValidationError, match=f"digit is {digit}, but site is {site}"):
        lesion(site=site, digit=digit)


@pytest.mark.parametrize(
    ("word", "aspect"), [("medial", "inner"), ("lateral", "outer"), ("Anterior", "front"), ("posterior", "back")]
)
def test_faces_by_their_anatomical_words(word, aspect):
    assert lesion(site="thigh", aspect=word).aspect == aspect


def test_description_is_not_older_than_the_lesion():
    with pytest.raises(ValidationError, match="seen_on lies before since"):
        lesion(since="2026-02-01", seen_on="2026-01-31")
