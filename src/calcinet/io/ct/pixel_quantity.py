"""What the pixels of a CT slice are, where its header says that they are not those of a conventional CT."""

import re
from collections.abc import Sequence
from typing import Final

from pydicom.dataset import Dataset

from calcinet.errors import Unreadable
from calcinet.io.dicom.header import items, number, text
from calcinet.text import say

MAP_WORDS: Final = frozenset({"FAT_MAP", "PERFUSION", "CBF", "CBV", "MTT"})
"""Values of Image Type for maps made from CT that show no attenuation (what devices write)."""

SUBTRACTED: Final = re.compile(r"SUBTRACT|BONE[ _-]?(REMOV|SUPPRESS)|CALCIUM[ _-]?(REMOV|SUPPRESS)")
"""Words of Image Type and Derivation Description for slices from which something was taken away."""

SPECTRAL_VALUES: Final = frozenset({"RHO", "ED"})
"""Whole values of Image Type for electron density; parts of a value may be something else."""

SPECTRAL_WORDS: Final = frozenset({"VMI", "VNC", "VNCA", "VUE", "ZEFF", "MONO", "MONOE"})
"""Words within a value of Image Type; the makers write them beside others, as in CT_SOM5 VNC."""

SPECTRAL_PARTS: Final = (
    *("MONOENERGETIC", "VIRTUALNON", "VIRTUALUNENH", "IODINE", "ELECTRONDENSITY"),
    *("ZEFFECTIVE", "EFFECTIVEZ", "EFFZ", "ZEFF", "EFFATOMICNUM"),
    *("MATSPECIFIC", "MATREMOVED", "MATFRACTIONAL", "MATVALUEBASED", "MATMODIFIED"),
)
"""Parts of a value of Image Type, its separators left out: those of the standard for images of several energies
(PS3.3 C.8.15.2.1.1.5), and what devices write, in at most 16 characters."""

OF_ATTENUATION: Final = ("HU", "US", "UNSPECIFIED")
"""Rescale Types of HU, or of nothing in particular (PS3.3 C.11.1.1.2)."""

SPECTRAL: Final = say("a spectral map of a CT (one energy, iodine, virtual non-contrast, electron density or the like)")

OTHER_MAP: Final = say("a map made from CT")

TAKEN_AWAY: Final = say("a CT from which bone, calcium or an earlier scan was taken away")

OTHER_TYPE: Final = say("values of another type than HU")


def quantity_of(header: Dataset, groups: Sequence[Dataset], image_type: Sequence[str], rescale_type: str) -> str | None:
    """What pixels are where they are no HU of a conventional CT; None where nothing speaks against that.

    A scan with several energies gives a conventional series too, so that Multi-energy CT Acquisition (0018,9361) alone
    says nothing.

    Parameters
    ----------
    header
        Of the file.
    groups
        What may describe the slice: the header itself, or functional groups.
    image_type
        Its values, upper case.
    rescale_type
        Upper case; empty where none is stated.
    """
    if any(_is_spectral(value) for value in image_type):
        return SPECTRAL
    if any(_is_processed(group) for group in (header, *groups)):
        return SPECTRAL
    if rescale_type and rescale_type not in OF_ATTENUATION:
        return OTHER_TYPE
    if SUBTRACTED.search(" ".join((*image_type, text(header, "DerivationDescription").upper()))):
        return TAKEN_AWAY
    if not MAP_WORDS.isdisjoint(image_type):
        return OTHER_MAP
    return None


def not_hu(quantity: str) -> Unreadable:
    """The refusal of a series of that quantity."""
    if quantity == SPECTRAL:
        message = say(
            "found {what}; expected a conventional series: give that one, for limits in Hounsfield units do not hold "
            "on such a map",
            what=quantity,
        )
    else:
        message = say(
            "found {what}; expected the CT itself, in Hounsfield units: give the series it was made from", what=quantity
        )
    return Unreadable(message, code="ct-not-hu")


def _is_spectral(value: str) -> bool:
    if value in SPECTRAL_VALUES or not SPECTRAL_WORDS.isdisjoint(re.split("[^A-Z]+", value)):
        return True
    joined = re.sub("[^A-Z]", "", value)
    return any(part in joined for part in SPECTRAL_PARTS)


def _is_processed(group: Dataset) -> bool:
    """Whether an equivalent energy, or a decomposition into materials, is stated."""
    characteristics = items(group, "MultienergyCTCharacteristicsSequence")
    processing = items(group, "MultienergyCTProcessingSequence")
    for item in (group, *characteristics, *processing):
        if number(item, "MonoenergeticEnergyEquivalent"):
            return True
    return any(text(item, "DecompositionMethod") for item in processing)
