"""Sentences that can be said again in another language: English text that remembers its message and its values.

A message is the English sentence with named placeholders, as `str.format` has them: "{count} of {all} vessels,
{mm:.1f} mm". The value of a placeholder is a number, a date, a word, another text, or a list of those, whose format is
the separator ("{classes:, }"). A text that begins a sentence is written with a large first letter ("{where:^}").
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from string import Formatter
from typing import Any, Final

Phrase = Callable[[str], str]
"""Gives a message in another language, and the message itself where it has no other."""

Written = Callable[[float | date, str], str]
"""Writes a number or a date, by the format of its placeholder, in the form of a language."""

BETWEEN: Final = ", "
"""Separator of a list whose placeholder names none."""

CAPITAL: Final = "^"
"""Format of a text that begins a sentence: its first letter is written large."""

UNSEEN: Final = re.compile(
    r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
"""Letters of no width, and those that turn the direction of writing or hide what stands there (Unicode TR36)."""

CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
"""What steers a terminal or breaks a line, and halves of letters."""

MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
"""Names of the months in English."""

FORM: Final = re.compile(r",?(\.\d\d?)?[bdefg%]?")
"""How a number may be written: grouped or with decimals. A width is no part of a sentence."""


class Text(str):
    """An English text; `message` and `values` are what it was made from."""

    message: str
    values: Mapping[str, Any]

    def __new__(cls, english: str, message: str | None = None, values: Mapping[str, Any] | None = None) -> "Text":
        """Keep the message and the values beside the text; a text alone is its own message."""
        text = super().__new__(cls, english)
        text.message = english if message is None else message
        text.values = dict(values or {})
        return text

    def __str__(self) -> str:
        """Itself, so that an exception's text remembers too."""
        return self


def say(message: str, /, **values: Any) -> Text:
    """Say a message in English.

    >>> say("No line of {width:.2f} mm or wider was marked.", width=0.214)
    'No line of 0.21 mm or wider was marked.'

    Raises
    ------
    KeyError
        If a placeholder of the message has no value.
    """
    return Text(_Voice(str, english).vformat(message, (), values), message, values)


def plain(text: str) -> str:
    r"""Leave out of a text from elsewhere what is not seen but changes how it reads; control characters become a blank.

    >>> plain("calci\u202efilm\x1b[31m\n")
    'calcifilm [31m '
    """
    if text.isascii() and text.isprintable():
        return text
    return CONTROL.sub(" ", UNSEEN.sub("", text))


def as_written(text: str) -> Text:
    """Take a word of a list, or what a person or a file wrote, as it stands: it has no places, braces are letters.

    A word that a catalogue has is said in its language. What comes from outside goes this way, never through `say`.

    >>> as_written("warfarin {count}")
    'warfarin {count}'
    """
    if isinstance(text, Text):
        return text
    return Text(plain(text))


def counted(count: int, one: str, several: str, /, **values: Any) -> Text:
    """Say one of two messages by a number, which both know as `count`.

    >>> counted(1, "{count} film", "{count} films"), counted(0, "{count} film", "{count} films")
    ('1 film', '0 films')
    """
    return say(one if count == 1 else several, count=count, **values)


def sentences(*texts: str) -> Text:
    """Put sentences one after the other.

    >>> sentences(say("One net."), say("{count} vessels.", count=2))
    'One net. 2 vessels.'
    """
    return say("{sentences: }", sentences=texts)


def capital(text: str) -> Text:
    """Begin a sentence with a text: its first letter is written large.

    >>> capital(say("lower leg, {side}", side="left"))
    'Lower leg, left'
    """
    return say("{text:^}", text=text)


def retold(text: str, phrase: Phrase, written: Written) -> str:
    """Say a text again, through the messages and the numbers of another language; a plain string is its own message.

    >>> retold(say("{n:.1f} mm", n=2), {"{n:.1f} mm": "{n:.1f} 毫米"}.get, english)
    '2.0 毫米'
    """
    if not isinstance(text, Text) or not text.values:
        return phrase(str(text))
    return _Voice(phrase, written).vformat(phrase(text.message), (), text.values)


def english(value: float | date, form: str = "") -> str:
    """Write a number or a date in English; a number without a form keeps six digits.

    >>> english(date(2026, 3, 9)), english(0.1 + 0.2), english(1430.2, ",.0f")
    ('9 March 2026', '0.3', '1,430')
    """
    if isinstance(value, date):
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    if not FORM.fullmatch(form):
        raise ValueError(f"a number in a sentence cannot be written as {form!r}")
    if not form and isinstance(value, float):
        return format(value, "g")
    return format(value, form)


class _Voice(Formatter):
    """Fills the placeholders of a message in one language."""

    def __init__(self, phrase: Phrase, written: Written) -> None:
        self.phrase, self.written = phrase, written

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        """Find the value of a placeholder by its plain name: a message from a file reaches no attribute of it."""
        return self.get_value(field_name, args, kwargs), field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        """Write the value of one placeholder."""
        if isinstance(value, str):
            told = retold(value, self.phrase, self.written)
            if not isinstance(value, Text):
                told = plain(told)
            return told[:1].upper() + told[1:] if format_spec == CAPITAL else told
        if isinstance(value, Sequence):
            return self.phrase(format_spec or BETWEEN).join(self.format_field(item, "") for item in value)
        return self.written(value, format_spec)


def messages_of(tree: Any) -> dict[str, dict[str, Any]]:
    """Every text with values in a tree of dicts and lists: by its English, the message and the values, ready for JSON.

    >>> messages_of({"summary": [say("{n} films", n=2), say("No film.")]})
    {'2 films': {'message': '{n} films', 'values': {'n': 2}}}
    """
    if isinstance(tree, Text):
        if not tree.values:
            return {}
        return {str.__str__(tree): _pack(tree)}
    messages: dict[str, dict[str, Any]] = {}
    for branch in _list_branches(tree):
        messages.update(messages_of(branch))
    return messages


def _list_branches(tree: Any) -> list[Any]:
    """What a node of a tree of dicts and lists holds; nothing for any other value."""
    if isinstance(tree, Mapping):
        return list(tree.values())
    if isinstance(tree, list | tuple):
        return list(tree)
    return []


def restored(tree: Any, messages: Mapping[str, Mapping[str, Any]]) -> Any:
    """Give the strings of a tree read from JSON back what `messages_of` wrote about them.

    A message that does not give its own English, for instance one that was altered, is left aside.
    """
    if isinstance(tree, str):
        if tree not in messages:
            return tree
        return _restore_text(tree, messages[tree])
    if isinstance(tree, Mapping):
        return {key: restored(branch, messages) for key, branch in tree.items()}
    if isinstance(tree, list | tuple):
        return [restored(branch, messages) for branch in tree]
    return tree


def reworded(tree: Any, words: Mapping[str, str]) -> Any:
    """A tree of dicts, lists and texts with other messages in place of some; values stay, and every text remembers its.

    >>> reworded([say("{n} films: give --all", n=2), 5], {"{n} films: give --all": "{n} films: choose all"})
    ['2 films: choose all', 5]
    """
    if isinstance(tree, Text) and tree.values:
        values = {name: reworded(value, words) for name, value in tree.values.items()}
        return say(words.get(tree.message, tree.message), **values)
    if isinstance(tree, str):
        return Text(words[tree]) if tree in words else tree
    if isinstance(tree, Mapping):
        return {key: reworded(branch, words) for key, branch in tree.items()}
    if isinstance(tree, list | tuple):
        return [reworded(branch, words) for branch in tree]
    return tree


def _restore_text(plain: str, packed: Any) -> str:
    """The text of a packed message; the plain English where the message does not give it."""
    try:
        text: str = _unpack(packed)
    except (AttributeError, LookupError, TypeError, ValueError):
        return plain
    if text != plain:
        return plain
    return text


def _pack(value: Any) -> Any:
    if isinstance(value, Text):
        if not value.values:
            return str.__str__(value)
        return {"message": value.message, "values": {key: _pack(item) for key, item in value.values.items()}}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, str) or not isinstance(value, Sequence):
        return value
    return [_pack(item) for item in value]


def _unpack(packed: Any) -> Any:
    if isinstance(packed, Mapping) and "date" in packed:
        return date.fromisoformat(packed["date"])
    if isinstance(packed, Mapping):
        return say(packed["message"], **{key: _unpack(item) for key, item in packed["values"].items()})
    if isinstance(packed, list):
        return [_unpack(item) for item in packed]
    return packed


def placeholders(message: str) -> set[str]:
    """Names of the placeholders of a message.

    >>> sorted(placeholders("{count} of {all:.1f}"))
    ['all', 'count']
    """
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in Formatter().parse(message) if name}
