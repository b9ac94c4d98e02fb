"""Scores that a person enters: the wound score of calcific uraemic arteriolopathy, and those of large arteries."""

import math
from typing import Annotated, Final

from pydantic import Field

from calcinet.clinical.block import CaseBlock, Day
from calcinet.text import Text, say

WOUND_REFERENCE: Final = "gould2021"
"""Eight items of 1 (best) to 5 (worst), 8 to 40 in all. [gould2021]"""

UNVERIFIED_ITEMS: Final = ("induration", "granulation")
"""Items whose grades are recalled and were not read at their source; a total that holds them says so."""

ADRAGAO_MOST: Final = 8
"""Four fields of the pelvis and four of the hands; the range is recalled. [adragao2004]"""

KAUPPILA_MOST: Final = 24
"""Four vertebrae, two walls, 0 to 3 each. [kauppila1997]"""

Grade = Annotated[int | None, Field(ge=1, le=5)]


class WoundScore(CaseBlock):
    """Wound score of the lesion, eight items from 1 (best) to 5 (worst); leave out what was not graded."""

    necrosis_kind: Grade = None
    """Dead tissue: 1 none, 2 pale or loose slough, 3 loose yellow, 4 soft black that sticks, 5 hard black."""
    necrosis_amount: Grade = None
    """Share of the wound that is dead: 1 none, 2 below 25 %, 3 to 50 %, 4 below 75 %, 5 75 % or more."""
    exudate_kind: Grade = None
    """Fluid: 1 none, 2 bloody, 3 blood and serum, 4 serum, 5 pus."""
    exudate_amount: Grade = None
    """How much fluid: 1 dry, 2 hardly any, 3 little, 4 moderate, 5 much."""
    skin_around: Grade = None
    """Skin around: 1 as usual, 2 bright red that blanches, 3 pale, 4 dark red or purple that stays, 5 black."""
    oedema: Grade = None
    """Swelling around: 1 none, 2 firm below 4 cm, 3 firm above, 4 pitting below 4 cm, 5 pitting above or gas."""
    induration: Grade = None
    """Hardening around (grades not verified): 1 none, 2 below 2 cm, 3 to 4 cm on less than half, 4 more, 5 beyond."""
    granulation: Grade = None
    """New tissue (grades not verified): 1 whole, 2 bright red 75 % or more, 3 above 25 %, 4 less or pale, 5 none."""

    @property
    def graded(self) -> dict[str, int]:
        """The items that were graded, in their order."""
        grades = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: grade for name, grade in grades.items() if grade is not None}

    @property
    def total(self) -> int | None:
        """Sum of the eight items; None where one is missing."""
        graded = self.graded
        if len(graded) < len(type(self).model_fields):
            return None
        return sum(graded.values())


class ReaderScores(CaseBlock):
    """Scores of large arteries as a reader gave them on films; they say nothing of arterioles."""

    adragao: int | None = Field(default=None, ge=0, le=ADRAGAO_MOST)
    """Simple vascular calcification score of pelvis and hands, 0 to 8."""
    kauppila: int | None = Field(default=None, ge=0, le=KAUPPILA_MOST)
    """Calcification of the abdominal aorta on a lateral film of the lumbar spine, 0 to 24."""
    on: Day | None = None
    """Day of the films; of the examination where not given."""


def wound_in_words(score: WoundScore) -> Text:
    """Say a wound score, and what it lacks."""
    if score.total is None:
        return say("wound score: {count} of 8 items graded, no total", count=len(score.graded))
    return say(
        "wound score {total} (8 best, 40 worst); the grades of its items 7 and 8 are not verified", total=score.total
    )


def ellipse_cm2(size_cm: tuple[float, ...] | None) -> float | None:
    """Area in cm2, to a hundredth, of an ellipse of this length and width; None where one of them is not known.

    Our choice: a wound is nearer to an ellipse than to a rectangle.

    >>> ellipse_cm2((12.0, 8.0)), ellipse_cm2((12.0,))
    (75.4, None)
    """
    if size_cm is None or len(size_cm) < 2:
        return None
    return round(math.pi / 4 * size_cm[0] * size_cm[1], 2)
