"""A laboratory value as it was printed, taken apart: number, limit sign, unit, or a word."""

import re
from dataclasses import dataclass
from typing import Final, Literal

Word = Literal["positive", "negative", "normal", "high", "low"]

WORDS: Final[dict[str, Word]] = {
    "negative": "negative", "neg": "negative", "not detected": "negative", "absent": "negative",
    "no growth": "negative",
    "positive": "positive", "pos": "positive", "detected": "positive", "present": "positive",
    "normal": "normal", "unremarkable": "normal", "within normal limits": "normal", "wnl": "normal",
    "high": "high", "raised": "high", "elevated": "high", "low": "low", "reduced": "low", "decreased": "low",
    "deficient": "low",
}  # fmt: skip
"""Results in words."""

NUMBER: Final = re.compile(r"([<>≤≥]=?)?\s*(\d{1,9}(?:\.\d{1,15})?)(?![\d.,])\s*(.*)", re.DOTALL)
"""A number, perhaps with a limit sign before it and a unit behind it."""

COMMA: Final = re.compile(r"([<>]?\s*)(\d+),(\d+)(.*)", re.DOTALL)
"""A number with a comma, which is a decimal sign for some and parts thousands for others."""


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands in a printed value; all None where it cannot be read."""

    number: float | None = None
    comparator: Literal["<", ">"] | None = None
    unit: str | None = None
    """As printed behind the number, or None."""
    word: Word | None = None


def read_printed(text: str) -> Printed:
    """Take a printed value apart.

    >>> read_printed("22.4X109/L")
    Printed(number=22.4, comparator=None, unit='X109/L', word=None)
    >>> read_printed("< 5").comparator, read_printed("Unremarkable").word, read_printed("2,67").number
    ('<', 'normal', None)
    """
    text = text.strip()
    if (word := WORDS.get(text.casefold())) is not None:
        return Printed(word=word)
    if (found := NUMBER.fullmatch(text)) is None:
        return Printed()
    sign, digits, unit = found.groups()
    return Printed(number=float(digits), comparator=_read_sign(sign), unit=unit.strip() or None)


def _read_sign(sign: str | None) -> Literal["<", ">"] | None:
    if not sign:
        return None
    if sign[0] in "<≤":
        return "<"
    return ">"


def with_point(text: str) -> str | None:
    """The same value with a decimal point, where a comma leaves it open.

    >>> with_point("2,67 mmol/L"), with_point("2.67")
    ('2.67 mmol/L', None)
    """
    found = COMMA.fullmatch(text.strip())
    if found is None:
        return None
    return f"{found[1]}{found[2]}.{found[3]}{found[4]}"
