"""Pictures of breasts that are no plain mammogram of a patient: what is refused, and what is read with a caution."""

import re
from typing import Final

from pydicom.dataset import Dataset

from calcinet.errors import Unreadable
from calcinet.io.dicom.header import items, number, text, words
from calcinet.text import say

TOMOSYNTHESIS_CLASS: Final = "1.2.840.10008.5.1.4.1.1.13.1.3"
"""Breast Tomosynthesis Image Storage, PS3.4 B.5."""

SPECIMEN_CODES: Final = frozenset({"127457009", "G-8310"})
"""Tissue specimen from breast, of SNOMED CT and as it was written before (PS3.16 CID 4014)."""

COMPUTED: Final = frozenset({"GENERATED_2D", "TOMO_2D"})
"""Image Type of a projection that was computed from a tomosynthesis. The first is of PS3.3 C.8.31.3.1.4, the second is
what some devices write."""

COMPUTED_NAMES: Final = re.compile(r"\b(c-view|s-view|v-preview|(insight|intelligent)[ _-]?2d)\b", re.IGNORECASE)
"""What makers call such a projection in Series Description."""

IMPLANT: Final = say(
    "the header says that the breast has an implant: its edge and calcium of its capsule may be taken for an artery, "
    "and what it covers is not seen"
)

SYNTHESISED: Final = say(
    "the picture was computed from a tomosynthesis: fine calcium may be brightened, blurred or made up, and calcinet "
    "was judged on plain mammograms alone"
)


PARTIAL: Final = say(
    "the view shows a part of the breast (spot compression, magnification or partial view): calcified arteries of the "
    "rest are not in it, and its grade may be too low"
)

DISPLACED: Final = say(
    "the breast was pulled away from its implant for this view: what the implant covers is not in it"
)

PARTIAL_CODES: Final = frozenset(
    {"399055006", "R-102D7", "399163009", "R-102D6", "399011000", "R-102D1", "399161006", "R-102D2"}
)
"""View modifiers of views of a part: spot compression, magnification, axillary tail, cleavage (PS3.16 CID 4015)."""

DISPLACED_CODES: Final = frozenset({"399209000", "R-102D5"})
"""View modifier of an implant that was displaced."""


def require_breast_of_a_patient(header: Dataset) -> None:
    """Refuse a tissue specimen and the slices of a tomosynthesis; of what is no mammogram nothing is asked.

    Raises
    ------
    Unreadable
        If the header calls the picture one of these.
    """
    if not _is_mammogram(header):
        return
    if _is_specimen(header):
        message = say("found tissue that was cut out (a specimen); expected a mammogram of the patient")
        raise Unreadable(message, code="specimen")
    if _is_tomosynthesis(header):
        message = say(
            "found slices of a breast tomosynthesis (DBT), not a projection; expected a plain mammogram: give the one "
            "of this view, and no single slice"
        )
        raise Unreadable(message, code="tomosynthesis")


def breast_cautions(header: Dataset) -> tuple[str, ...]:
    """Sentences on what makes the grade of a mammogram doubtful."""
    if not _is_mammogram(header):
        return ()
    cautions = []
    modifiers = _list_modifiers(header)
    if not DISPLACED_CODES.isdisjoint(modifiers):
        cautions.append(DISPLACED)
    elif text(header, "BreastImplantPresent").upper() == "YES":
        cautions.append(IMPLANT)
    if not PARTIAL_CODES.isdisjoint(modifiers) or text(header, "PartialView").upper() == "YES":
        cautions.append(PARTIAL)
    if _is_computed(header):
        cautions.append(SYNTHESISED)
    return tuple(cautions)


def _is_mammogram(header: Dataset) -> bool:
    return text(header, "Modality").upper() == "MG" or text(header, "SOPClassUID") == TOMOSYNTHESIS_CLASS


def _list_modifiers(header: Dataset) -> set[str]:
    """Codes of what is special about the view."""
    modifiers: set[str] = set()
    for view in items(header, "ViewCodeSequence"):
        modifiers.update(text(code, "CodeValue") for code in items(view, "ViewModifierCodeSequence"))
    return modifiers


def _is_specimen(header: Dataset) -> bool:
    """Whether the module of specimens is there (PS3.3 C.7.6.22), or region or view is coded as one."""
    if items(header, "SpecimenDescriptionSequence"):
        return True
    codes = items(header, "ViewCodeSequence") + items(header, "AnatomicRegionSequence")
    return any(text(code, "CodeValue") in SPECIMEN_CODES for code in codes)


def _is_tomosynthesis(header: Dataset) -> bool:
    """Whether it holds slices: a computed projection may be stored in the same class, as one frame."""
    frames = number(header, "NumberOfFrames") or 1
    if frames <= 1 and _is_computed(header):
        return False
    return text(header, "SOPClassUID") == TOMOSYNTHESIS_CLASS or "TOMOSYNTHESIS" in words(header, "ImageType")


def _is_computed(header: Dataset) -> bool:
    described = text(header, "SeriesDescription")
    return bool(COMPUTED.intersection(words(header, "ImageType")) or COMPUTED_NAMES.search(described))
