"""The findings of a vessel, by their numbers."""

from collections.abc import Sequence
from typing import Final

from calcinet.report.language import Language
from calcinet.report.quantities.numbers import NO_VALUE

MOST_NUMBERS: Final = 12
"""Findings named of one vessel. Our choice: a line of the table."""


def list_numbers(numbers: Sequence[str], _: Language) -> str:
    """Write the numbers of findings, of many the first."""
    shown = ", ".join(numbers[:MOST_NUMBERS]) or NO_VALUE
    more = len(numbers) - MOST_NUMBERS
    if more <= 0:
        return shown
    return _("{numbers} and {more} more", numbers=shown, more=more)
