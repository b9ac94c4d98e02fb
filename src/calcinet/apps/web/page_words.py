"""Sentences that send their reader to the command line, in the words of the page: where to click, what to fill in.

Whoever reads and measures says what to do as the terminal has it, `--modality CT`. What goes to a browser passes here
once: records as they are written, reasons why a study failed, refusals of the interface.
"""

from collections.abc import Mapping
from typing import Final, TypeVar

from pydantic import BaseModel

from calcinet.text import reworded

Told = TypeVar("Told", bound=BaseModel)


def pair_words(terminal: str, page: str) -> tuple[str, str]:
    """One message as the terminal has it, and as the page has it; the values are the same."""
    return terminal, page


PAGE_WORDS: Final[Mapping[str, str]] = dict(
    (
        pair_words(
            "pixel spacing unknown: lengths in mm need --spacing-mm or a calibrated image",
            "pixel spacing unknown: lengths in mm need a calibrated image, or the size of a pixel, which is stated on "
            "the page of studies under 'What the files do not say' when the film is sent again",
        ),
        pair_words(
            "no usable pixel spacing: lengths stay in pixels; give the detector's pitch with --spacing-mm",
            "no usable pixel spacing: lengths stay in pixels; send the film again with the size of a pixel at the "
            "detector, on the page of studies under 'What the files do not say'",
        ),
        pair_words(
            "found a NIfTI volume, which does not say what kind of scan it is: if it is a CT in Hounsfield units, give "
            "--modality CT",
            "found a NIfTI volume, which does not say what kind of scan it is: if it is a CT in Hounsfield units, send "
            "it again with CT as the kind of picture, on the page of studies under 'What the files do not say'",
        ),
        pair_words(
            "found the localizer (scout view) of a CT examination alone; expected the series itself: give its slices, "
            "or give --modality DX to examine the scout view as a coarse film",
            "found the localizer (scout view) of a CT examination alone; expected the series itself: send its slices, "
            "or send the scout view again with radiograph as the kind of picture, on the page of studies under 'What "
            "the files do not say', to have it examined as a coarse film",
        ),
        pair_words(
            "found {found}; expected a radiograph (CR, DX or MG) or a CT: choose the image itself, or say what it is "
            "with --modality DX",
            "found {found}; expected a radiograph (CR, DX or MG) or a CT: send the image itself, or say what kind of "
            "picture it is on the page of studies under 'What the files do not say'",
        ),
        pair_words(
            "the file says {filed}, --anatomy says {stated}: kept as the file says; look at the side marker on the "
            "film",
            "the file says {filed}, who sent it said {stated}: kept as the file says; look at the side marker on the "
            "film",
        ),
        pair_words(
            "--anatomy says {stated} for {count} films at once: not taken as the side of this one; say it for each in "
            "films of the case file",
            "{stated} was said of {count} films at once: not taken as the side of this one; send the films of each "
            "side as a study of their own, with its body part",
        ),
        pair_words(
            "{uid} is not in the outbox: `calcinet outbox list` shows what is",
            "{uid} is not in the outbox, or not any more: the page of the outbox shows what is",
        ),
        pair_words(
            "the outbox cannot be written ({why}): give another folder with --outbox",
            "the outbox cannot be written ({why}): tell who runs the server",
        ),
        pair_words(
            "the outbox cannot take it ({why}): make room, or give another folder with --outbox",
            "the outbox cannot take it ({why}): tell who runs the server, so that room is made",
        ),
    )
)
"""Message for the terminal -> message for the page. That none is missing and none is left over, a test sees to."""


def to_page_words(text: str) -> str:
    """A sentence as the page has it; it remembers its values, so that it can be said in another language.

    >>> to_page_words("pixel spacing unknown: lengths in mm need --spacing-mm or a calibrated image")[:44]
    'pixel spacing unknown: lengths in mm need a '
    """
    told: str = reworded(text, PAGE_WORDS)
    return told


def reword_for_page(record: Told) -> Told:
    """A record or a time line whose every sentence is as the page has it."""
    tree = record.model_dump(by_alias=True)
    return type(record).model_validate(reworded(tree, PAGE_WORDS))
