"""What every model of a record does with numbers, sentences and fields that it does not have."""

import math
from typing import Annotated

import pytest
from pydantic import ValidationError

from calcinet.record.base import FieldMeaning, Quantity, RecordModel, Sentence, check_interval, field_meanings
from calcinet.text import Text, say


class Example(RecordModel):
    length_mm: Annotated[Quantity, FieldMeaning(unit="mm", label="Length")] = None
    note: Sentence = ""
    width_mm: Annotated[Quantity, FieldMeaning(unit="mm", label="Width")] = None
    calibre_mm: Annotated[Quantity, FieldMeaning(unit="mm", label="Calibre", after="length_mm")] = None


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, None])
def test_a_number_that_is_none_is_missing(value):
    """Never 0."""
    assert Example(length_mm=value).length_mm is None


def test_a_number_stays_as_it_is():
    assert Example(length_mm=0.0).length_mm == 0.0


def test_a_sentence_remembers_its_message_and_its_values():
    """So that it can be said in another language."""
    note = Example(note=say("{count} films", count=2)).note

    assert isinstance(note, Text)
    assert note == "2 films"
    assert note.message == "{count} films"


def test_a_field_that_is_not_there_is_refused():
    with pytest.raises(ValidationError, match="extra"):
        Example(lenght_mm=1.0)


def test_a_model_does_not_change():
    with pytest.raises(ValidationError, match="frozen"):
        Example().length_mm = 1.0


def test_an_interval_runs_from_low_to_high():
    check_interval((1.0, 1.0))
    with pytest.raises(ValueError, match="from low to high"):
        check_interval((2.0, 1.0))


def test_numbers_are_listed_as_declared_or_behind_another():
    """Length, calibre behind it, width; a sentence is no number."""
    meanings = field_meanings(Example)

    assert [(name, meaning.label) for name, meaning in meanings.items()] == [
        ("length_mm", "Length"),
        ("calibre_mm", "Calibre"),
        ("width_mm", "Width"),
    ]
    assert "FieldMeaning" not in str(Example.model_json_schema())


class Told(RecordModel):
    name: str
    more: tuple[str, ...] = ()
    number: float = 0.0


def test_texts_of_a_record_are_plain():
    """One alone and several; a number is none."""
    told = Told(name="a\u202eb\x1b", more=("c\u200bd", "e"), number=1.5)

    assert (told.name, told.more, told.number) == ("ab ", ("cd", "e"), 1.5)
    assert Told.model_validate_json('{"name": "a\\u202eb"}').name == "ab"
