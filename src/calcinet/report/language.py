"""The languages of the report: a text said again through a catalogue, numbers and dates in local form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

from calcinet.errors import BadInput
from calcinet.report.labels import LANGUAGES
from calcinet.text import Text, counted, english, retold, say

LOCALES: Final[Mapping[str, str]] = {"en": "en_GB", "zh-Hant": "zh_Hant_HK"}
"""BCP 47 tag -> Unicode locale, which says how numbers and dates are written."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the report; called with a text, says it again."""

    tag: str
    messages: Mapping[str, str] = field(default_factory=dict, repr=False)
    """English message -> message of this language; empty for English."""

    def __call__(self, text: str, /, **values: Any) -> str:
        """Say a text, or a message with its values, in this language.

        >>> translator("en")("{n} films", n=2)
        '2 films'
        """
        if values:
            text = say(text, **values)
        return retold(text, self.phrase, self.written)

    def counted(self, count: int, one: str, several: str, /, **values: Any) -> str:
        """Say one of two messages by a number."""
        return self(counted(count, one, several, **values))

    def phrase(self, message: str) -> str:
        """Give the message of this language; English where it has none."""
        return self.messages.get(message, message)

    def knows(self, text: str) -> bool:
        """Whether this language has its own message for a text."""
        if isinstance(text, Text):
            return text.message in self.messages
        return text in self.messages

    def written(self, value: float | date, form: str = "") -> str:
        """Write a number or a date in local form."""
        if self.tag == "en":
            return english(value, form)
        from babel import Locale, dates

        locale = Locale.parse(LOCALES[self.tag])
        if isinstance(value, date):
            return dates.format_date(value, "long", locale=locale)
        marks = locale.number_symbols["latn"]
        return english(value, form).translate({ord("."): marks["decimal"], ord(","): marks["group"]})


@cache
def translator(tag: str) -> Language:
    """Choose a language; refuses one that the report does not speak."""
    if tag not in LANGUAGES:
        raise BadInput(f"no report in {tag!r}; the languages are: {', '.join(LANGUAGES)}")
    if tag == "en":
        return Language(tag)
    return Language(tag, catalogue(tag))


def catalogue(tag: str) -> dict[str, str]:
    """Messages of one language by their English, from its .po file; both forms of a counted message mean the same."""
    from babel.messages.pofile import read_po

    path = files("calcinet.report") / "locale" / f"{tag.replace('-', '_')}.po"
    with path.open("rb") as stream:
        entries = read_po(stream, locale=LOCALES[tag])
    found = {" ": ""}  # Chinese sets no space between sentences; an empty entry of a catalogue would mean none
    for entry in entries:
        strings = _list_forms(entry.string)
        if strings and strings[0] and entry.id and not entry.fuzzy:
            found |= dict.fromkeys(_list_forms(entry.id), strings[0])
    return found


def _list_forms(message: str | Sequence[str] | None) -> tuple[str, ...]:
    """List the forms of a message: one, or one and several where it is counted."""
    if isinstance(message, str):
        return (message,)
    return tuple(message or ())


def translated(text: str, tag: str) -> str:
    """Say a text in a language of the report.

    >>> translated(say("{n} films", n=2), "en")
    '2 films'
    """
    return translator(tag)(text)
