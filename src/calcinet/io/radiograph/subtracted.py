"""Films that were computed from two energies or two times: calcium was taken out of them, or contrast agent put in."""

import re
from typing import Final

from pydicom.dataset import Dataset

from calcinet.errors import Unreadable
from calcinet.io.dicom.contrast_agent import contrast_of
from calcinet.io.dicom.header import text, words
from calcinet.text import say

SUBTRACTED: Final = frozenset(
    {"SUBTRACTION", "SUBTRACTED", "RECOMBINED", "DUAL_ENERGY", "SOFT_TISSUE", "BONE_SUPPRESSED"}
)
"""Values of Image Type that the standard (PS3.3 C.8.11.3.1.6) and makers give such pictures."""

SUBTRACTED_NAMES: Final = re.compile(r"\b(subtract\w*|subtraction|recombined|bone[ _-]?suppress\w*)\b", re.IGNORECASE)
"""What Series Description calls them."""

CONTRAST: Final = say(
    "the header says that contrast agent was given: a filled vessel may be taken for a calcified one, and calcium may "
    "be hidden in it"
)


def require_not_subtracted(header: Dataset) -> None:
    """Refuse a picture in which one film was taken away from another.

    Raises
    ------
    Unreadable
        If the header calls it one.
    """
    named = SUBTRACTED_NAMES.search(text(header, "SeriesDescription"))
    if not named and SUBTRACTED.isdisjoint(words(header, "ImageType")):
        return
    message = say(
        "found a picture computed from two films (a subtraction, dual energy or contrast mammography), in which "
        "calcium may be missing and vessels filled; expected the plain film: give that one, of contrast mammography "
        "the one of low energy"
    )
    raise Unreadable(message, code="subtracted")


def contrast_cautions(header: Dataset) -> tuple[str, ...]:
    """A sentence where contrast agent was given."""
    if contrast_of(header):
        return (CONTRAST,)
    return ()
