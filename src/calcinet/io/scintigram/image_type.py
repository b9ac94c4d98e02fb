"""What a scintigram is by its Image Type: planar or not, whole body or a spot view."""

from typing import Final

from pydicom.dataset import Dataset

from calcinet.errors import Unreadable
from calcinet.io.dicom.header import number, text, words
from calcinet.text import say

WHOLE_BODY: Final = "WHOLE BODY"
"""Third value of Image Type (0008,0008) of a pass over the whole body; PS3.3 C.8.4.9."""

REFUSED_TYPES: Final = {
    "RECON": say("a slice reconstructed from a SPECT"),
    "TOMO": say("the projections of a SPECT"),
    "GATED": say("a gated series"),
    "DYNAMIC": say("a dynamic series"),
    "TRANSMISSION": say("a transmission scan"),
}
"""What Image Type may say that is not planar, most telling first; PS3.3 C.8.4.9."""

MAX_FRAMES: Final = 16
"""Frames of a planar scan. Our choice: two views in several energy windows; more is a dynamic series."""


def kind_of(dataset: Dataset) -> str:
    """Third value of Image Type; empty where there is none."""
    values = words(dataset, "ImageType")
    if len(values) < 3:
        return ""
    return values[2]


def is_whole_body(dataset: Dataset) -> bool:
    """Whether the whole body was passed over, by Image Type or the body part examined."""
    body_part = text(dataset, "BodyPartExamined").upper().replace(" ", "")
    return kind_of(dataset) == WHOLE_BODY or "WHOLEBODY" in body_part


def require_planar_type(dataset: Dataset) -> None:
    """Refuse what is no planar emission image by its type or its number of frames.

    Raises
    ------
    Unreadable
        If it is a SPECT, a dynamic or gated series, or a transmission scan.
    """
    found = _find_refused_type(dataset)
    if found is None:
        return
    message = say(
        "found {found}; expected a planar bone scan, whole body or spot view: choose the planar images", found=found
    )
    raise Unreadable(message, code="not-planar")


def _find_refused_type(dataset: Dataset) -> str | None:
    values = " ".join(words(dataset, "ImageType"))
    for word, found in REFUSED_TYPES.items():
        if word in values:
            return found
    frames = int(number(dataset, "NumberOfFrames") or 1)
    if frames > MAX_FRAMES:
        return say("{frames} frames, as of a dynamic series or a SPECT", frames=frames)
    return None
