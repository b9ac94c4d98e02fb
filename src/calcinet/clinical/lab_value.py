"""A laboratory value as it was printed, taken apart: number, limit sign, unit, or a word."""

import re
from dataclasses import dataclass
from typing import Final, Literal

Word = Literal["positive", "negative", "normal", "high", "low"]

WORDS: Final[dict[str, Word]] = {
    "negative": "negative", "neg": "negative", "not detected": "negative", "absent": "negative",
    "no growth": "negative", "non-reactive": "negative", "nonreactive": "negative", "-": "negative", "−": "negative",
    "陰性": "negative", "阴性": "negative", "未檢出": "negative", "未检出": "negative",
    "positive": "positive", "pos": "positive", "detected": "positive", "present": "positive",
    "weakly positive": "positive", "weak positive": "positive", "strongly positive": "positive",
    "reactive": "positive", "+": "positive", "++": "positive", "+++": "positive", "++++": "positive",
    "陽性": "positive", "阳性": "positive", "弱陽性": "positive", "弱阳性": "positive",
    "檢出": "positive", "检出": "positive",
    "normal": "normal", "unremarkable": "normal", "within normal limits": "normal", "wnl": "normal",
    "high": "high", "raised": "high", "elevated": "high", "low": "low", "reduced": "low", "decreased": "low",
    "deficient": "low",
}  # fmt: skip
"""Results in words and signs; equivocal and borderline are neither, and stay open."""

SIGNS: Final = frozenset("+-−")
"""Of these a sign is made: the result of a test, or where a number is due, a cell that nobody filled."""

NUMBER: Final = re.compile(r"([<>≤≥]=?)?\s*(\d{1,9}(?:\.\d{1,15})?)(?![\d.,])\s*(.*)", re.DOTALL)
"""A number, perhaps with a limit sign before it and a unit behind it."""

COMMA: Final = re.compile(r"([<>]?\s*)(\d+),(\d+)(.*)", re.DOTALL)
"""A number with a comma, which is a decimal sign for some and parts thousands for others."""


THOUSANDS: Final = 3
"""Figures between two commas of a large number."""


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


def without_comma(text: str) -> str | None:
    """The same value with its thousands together, where one comma stands before exactly three figures.

    >>> without_comma("28,000 /mm3"), without_comma("2,67 mmol/L"), without_comma("0,125")
    ('28000 /mm3', None, None)
    """
    found = COMMA.fullmatch(text.strip())
    if found is None or len(found[3]) != THOUSANDS or found[2].startswith("0"):
        return None
    return f"{found[1]}{found[2]}{found[3]}{found[4]}"
