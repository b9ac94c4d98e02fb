"""English sentences that can be said again in another language."""

import json
import pickle
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calcinet.text import (
    Text,
    as_written,
    counted,
    english,
    messages_of,
    placeholders,
    plain,
    restored,
    retold,
    say,
    sentences,
)

CHINESE = {
    "{count} vessels, {mm:.1f} mm wide ({classes:, })": "{mm:.1f} 毫米寬的血管 {count} 條（{classes:, }）",
    "large": "大",
    "small": "小",
    ", ": "、",
    " ": "",
    "One net.": "一個網。",
    "since {day}": "自{day}起",
}


def _chinese(text):
    return retold(text, lambda message: CHINESE.get(message, message), _written)


def _written(value, form):
    return f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else english(value, form)


def test_a_text_is_its_english():
    """2.14 mm to one decimal is 2.1 mm."""
    text = say("{count} vessels, {mm:.1f} mm wide ({classes:, })", count=2, mm=2.14, classes=["large", "small"])

    assert text == "2 vessels, 2.1 mm wide (large, small)"
    assert json.loads(json.dumps(text)) == text


def test_a_text_is_said_again_with_its_values():
    """Words, lists and the order of the places follow the other language."""
    text = say("{count} vessels, {mm:.1f} mm wide ({classes:, })", count=2, mm=2.14, classes=["large", "small"])

    assert _chinese(text) == "2.1 毫米寬的血管 2 條（大、小）"


def test_texts_stand_in_texts():
    """Two sentences in English have a blank between them, in Chinese none."""
    both = sentences(say("One net."), say("since {day}", day=date(2026, 3, 9)))

    assert both == "One net. since 9 March 2026"
    assert _chinese(both) == "一個網。自2026年3月9日起"


def test_a_plain_word_is_its_own_message():
    """Words of a fixed list need no values."""
    assert (_chinese("large"), _chinese("unheard of")) == ("大", "unheard of")


def test_braces_in_a_plain_string_are_letters():
    """What a user wrote is no message."""
    assert _chinese("{pixel}") == "{pixel}"


def test_an_exception_keeps_the_text():
    """The edge that shows an error can say it in its own language."""
    assert isinstance(str(ValueError(say("{n} films", n=2))), Text)


def test_a_text_survives_copies_between_processes():
    """A pool of workers pickles what it returns."""
    copy = pickle.loads(pickle.dumps(say("{n} films", n=2)))

    assert (copy, copy.message, copy.values) == ("2 films", "{n} films", {"n": 2})


@given(n=st.integers(), mm=st.floats(allow_nan=False, allow_infinity=False), day=st.dates(), word=st.text())
def test_what_a_record_keeps_restores_the_text(n, mm, day, word):
    """Written to JSON beside its English and read back, a text says the same in both languages."""
    text = say("{inner} {day} {words: and }", inner=say("{n} {mm:.2f}", n=n, mm=mm), day=day, words=[word, "small"])
    tree = {"sentences": [text, "plain"], "number": 3}
    packed = json.loads(json.dumps(messages_of(tree)))
    back = restored(json.loads(json.dumps(tree)), packed)

    assert back == tree
    assert _chinese(back["sentences"][0]) == _chinese(text)


def test_one_and_several_are_two_messages():
    """Nought films is several."""
    assert [counted(n, "{count} film", "{count} films") for n in (0, 1, 2)] == ["0 films", "1 film", "2 films"]


def test_a_place_without_a_value_is_refused():
    """A sentence with a hole is a mistake of the program."""
    with pytest.raises(KeyError):
        say("{n} films")


@pytest.mark.parametrize("name", ["{n}", "{", "}", "{{n}}", "{0.__class__}", "{%import os%}", "{n:9999999999d}"])
def test_what_a_person_wrote_has_no_places(name):
    """Alone and within a sentence, in every language, kept in a record and restored."""
    told = say("{name} was stopped", name=as_written(name))

    assert as_written(name) == name
    assert told == f"{name} was stopped"
    assert _chinese(told) == _chinese(as_written(name)) + " was stopped" == told
    assert restored([told], json.loads(json.dumps(messages_of([told])))) == [told]


def test_word_of_a_list_is_said_in_the_other_language():
    assert _chinese(as_written("large")) == "大"


def test_places_are_listed_once():
    """Two places of one name are one; doubled braces are letters."""
    assert placeholders("{n} of {n:.1f} {{x}}") == {"n"}


@pytest.mark.parametrize(
    "packed",
    [
        {"message": "{n} nets", "values": {"n": 2}},
        {"message": "{n}", "values": {}},
        {"message": "{n.__class__}", "values": {"n": 2}},
        {"message": "{n:99999999d} films", "values": {"n": 2}},
        {"message": "{n films", "values": {"n": 2}},
        {"message": "{n} films"},
        {"date": "2026-99-99"},
    ],
)
def test_altered_message_is_left_aside(packed):
    """A record may come from anywhere: what does not give its own English is not used, and reaches nothing."""
    assert type(restored("2 films", {"2 films": packed})) is str


def test_width_is_no_part_of_a_sentence():
    """A billion blanks would fill the memory."""
    with pytest.raises(ValueError, match="cannot be written"):
        say("{n:1000000000d}", n=1)


def test_place_has_no_attributes():
    """Only the value itself is written."""
    with pytest.raises(KeyError):
        say("{n.real}", n=1)


@pytest.mark.parametrize(
    "unseen", ["\u202e", "\u202d", "\u2066", "\u2069", "\u200b", "\u200d", "\u200f", "\ufeff", "\u00ad", "\U000e0041"]
)
def test_letters_that_are_not_seen_are_left_out(unseen):
    """Directions, joins and marks of no width (Unicode TR36)."""
    assert plain(f"war{unseen}farin") == "warfarin"


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x1b", "\n", "\r\n", "\t", "\x7f", "\x9b", "\u2028", "\ud800"])
def test_control_characters_are_blanks(control):
    assert plain(f"a{control}b") == "a b"


@pytest.mark.parametrize("text", ["", "plain", "尿毒症 9.5 µmol/L", "é̈", "±", "(a) – b", "👍"])
def test_other_letters_stay(text):
    assert plain(text) == text


def test_value_of_a_sentence_is_plain_in_every_language():
    told = say("{drug} was stopped", drug="hepa\u202erin\x1b")

    assert told == "heparin  was stopped"
    assert retold(told, lambda message: message.replace("{drug} was stopped", "停 {drug}"), str) == "停 heparin "
