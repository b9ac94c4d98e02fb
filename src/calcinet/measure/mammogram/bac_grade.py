"""How severely the arteries of a breast are calcified: a grade from 0 to 3 [csbi_bac]."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from calcinet.errors import BadInput
from calcinet.measure.result import quantity
from calcinet.vocabulary import ArteryPattern

SEVERE_ARTERIES: Final = 3
"""Arteries with coarse or tram-track calcium from which on the grade is 3; fewer are grade 2. [csbi_bac]"""

REFERENCE: Final = "csbi_bac"
"""Key of the source in references.toml."""


@dataclass(frozen=True, slots=True)
class BreastGrade:
    """Calcified arteries of one mammogram, or of all of one breast."""

    grade: int = quantity("1", "Grade of breast arterial calcification, 0 to 3")
    arteries: int = quantity("1", "Calcified arteries")
    coarse_arteries: int = quantity("1", "Arteries with coarse or tram-track calcium")


def breast_grade(patterns: Sequence[ArteryPattern]) -> BreastGrade:
    """Grade the arteries of a breast [csbi_bac].

    0: none. 1: few punctate calcifications. 2: coarse or tram-track calcification in fewer than three vessels. 3:
    severe calcification in three vessels or more.

    Parameters
    ----------
    patterns
        One for each calcified artery.

    Raises
    ------
    BadInput
        If a pattern is neither "punctate" nor "coarse".
    """
    unknown = set(patterns) - {"punctate", "coarse"}
    if unknown:
        raise BadInput(f"an artery's calcium is punctate or coarse, got {', '.join(sorted(unknown))}")
    coarse = sum(pattern == "coarse" for pattern in patterns)
    return BreastGrade(_grade(len(patterns), coarse), len(patterns), coarse)


def _grade(arteries: int, coarse: int) -> int:
    if coarse >= SEVERE_ARTERIES:
        return 3
    if coarse:
        return 2
    if arteries:
        return 1
    return 0
