"""A person's word beside that of the file."""

import numpy as np
import pytest

from calcinet.clinical.films import Film
from calcinet.image import Image
from calcinet.protocols.given_films import GivenFilm, ask_about_films, note_statement, state_subject
from calcinet.record import ImageRecord, Refusal


def image(**parts):
    return Image(np.zeros((1, 4, 4), np.float32), None, "1", **parts)


def film(**parts):
    return Film.model_validate({"file": "a.png", **parts})


def record(name="img-1", **parts):
    return ImageRecord(**{"id": name, "modality": "DX", "resolvable_mm": 0.2, **parts})


def refused():
    return ImageRecord(id="img-1", modality="DX", refused=Refusal(reason="cut off", code="truncated"))


def ask(*images, films=(), entries=None):
    entries = entries or {}
    given = {
        one.id: GivenFilm(number=place, files=len(images), entry=entries.get(one.id))
        for place, one in enumerate(images, start=1)
    }
    return list(ask_about_films(images, given, films))


def test_what_a_picture_does_not_say_is_filled_in():
    """No caution: nothing stands against it."""
    stated = state_subject(image(), film(site="calf", side="right", view="AP"))

    assert (stated.anatomy, stated.laterality, stated.view) == ("lower leg", "R", "AP")
    assert stated.cautions == ()


def test_what_is_not_stated_stays_as_the_file_says():
    """An entry with a day alone."""
    stated = state_subject(image(anatomy="hand", laterality="L", view="PA"), film(on="2026-03-02"))

    assert (stated.anatomy, stated.laterality, stated.view) == ("hand", "L", "PA")


@pytest.mark.parametrize(
    ("filed", "stated", "field", "open_"),
    [
        ({"laterality": "L"}, {"side": "right"}, "laterality", None),
        ({"laterality": "B"}, {"side": "right"}, "laterality", None),
        ({"anatomy": "hand"}, {"site": "foot"}, "anatomy", "unknown"),
        ({"view": "AP"}, {"view": "lateral"}, "view", None),
    ],
)
def test_a_contradiction_is_left_open_and_said(filed, stated, field, open_):
    """Neither silently wins: both words stand in the caution."""
    joined = state_subject(image(**filed), film(**stated))

    assert getattr(joined, field) == open_
    assert len(joined.cautions) == 1
    assert "by the file and" in joined.cautions[0]
    assert "checked: yes" in joined.cautions[0]


def test_who_has_looked_at_the_film_again_counts():
    """And the page still says what the header says."""
    joined = state_subject(image(laterality="L"), film(side="right", checked="yes"))

    assert joined.laterality == "R"
    assert "the side is left by the file and right by the case file" in joined.cautions[0]


def test_a_picture_of_a_breast_is_a_mammogram():
    """As where the caller says breast for all."""
    assert state_subject(image(), film(site="breast", side="L")).modality == "MG"
    assert state_subject(image(anatomy="chest"), film(site="breast")).modality == "DX"


def test_the_record_says_whose_word_it_is():
    """Side and part are the person's, the view is the file's; the day is written."""
    filed = image(view="AP")
    entry = film(site="calf", side="right", view="AP", on="2026-03-02")
    seen = record(anatomy="lower leg", laterality="R", view="AP")
    noted = note_statement(seen, filed, entry)

    assert noted.from_case == ("anatomy", "laterality")
    assert noted.on == "2026-03-02"


def test_a_contradicted_word_is_not_the_record_s():
    filed = image(laterality="L")

    assert note_statement(record(), filed, film(side="right")).from_case == ()


def test_a_film_that_says_nothing_is_asked_about():
    """All three at once, with the place of the file and of the answer."""
    (question,) = ask(record())

    assert question.field == "films.0"
    assert question.text.startswith("img-1 (file 1 of 1 as given): which body part, which side, which view?")


def test_only_what_is_missing_is_asked_for():
    """A lower leg without a side."""
    (question,) = ask(record(anatomy="lower leg", view="AP"))

    assert "which side?" in question.text
    assert "body part" not in question.text
    assert "view" not in question.text


@pytest.mark.parametrize(
    "known",
    [
        {"anatomy": "lower leg", "laterality": "R"},
        {"anatomy": "chest"},
        {"modality": "CT"},
        {"modality": "NM"},
    ],
)
def test_nothing_is_asked_where_it_is_known(known):
    """A view alone is not worth a question; the chest has no side; a CT shows both."""
    assert ask(record(**known)) == []


def test_a_refused_file_is_not_asked_about():
    assert ask(refused()) == []


def test_answers_go_where_the_entry_is_or_after_the_last():
    """The second film has the entry 0, which lacks its side."""
    entry = film(file="b.png", site="calf")
    films = ask(record(), record("img-2", anatomy="lower leg"), record("img-3"), films=[entry], entries={"img-2": 0})

    assert [question.field for question in films] == ["films.1", "films.0", "films.2"]
