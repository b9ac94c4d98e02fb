"""The words of the report that are not sentences of the record, its languages and its formats."""

from collections.abc import Callable, Mapping
from typing import Final

from calcinet.text import say

Translate = Callable[..., str]
"""Says a text in the language of the page; `calcinet.report.language.Language`."""

LANGUAGES: Final = ("en", "zh-Hant")
"""BCP 47."""

DEFAULT_FORMATS: Final = ("json", "html", "pdf", "png", "csv")
"""What an examination is written as where nothing else is asked for: none of these names the patient."""

DICOM_FORMATS: Final = ("sr", "seg", "sc", "encapsulated-pdf")
"""Objects for an archive; they name the patient as the film does."""

FORMATS: Final = (*DEFAULT_FORMATS, "parquet", "gltf", "fhir", "dicom", *DICOM_FORMATS)
"""What an examination can be written as; `dicom` stands for all of DICOM_FORMATS, and `gltf` is of CTs alone."""


KINDS: Final[Mapping[str, str]] = {
    "vessel": say("calcified vessel"),
    "net": say("net-like calcification"),
    "focus": say("other calcium"),
    "uptake": say("uptake"),
}

SIDES: Final[Mapping[str, str]] = {"L": say("left"), "R": say("right"), "B": say("both sides")}

SHORT_DISCLAIMER: Final = say("calcinet: decision support for research, not a diagnosis")

SPACING_BASIS: Final[Mapping[str, tuple[str, str]]] = {
    "calibrated": (
        say("calibrated"),
        say("The file says that its pixel size was calibrated on an object of known size."),
    ),
    "corrected": (
        say("corrected for magnification"),
        say("The pixel size in the file is corrected for the magnification of the projection."),
    ),
    "detector": (
        say("at the detector"),
        say(
            "The file gives the pixel size at the detector only. A limb lies in front of it and is shown larger than"
            " it is, so that true sizes may be smaller."
        ),
    ),
    "user": (
        say("given by the user"),
        say("The pixel size was given by the user and could not be checked against the film."),
    ),
    "assumed": (
        say("assumed as given"),
        say(
            "The pixel size was given by the user for a picture without header, or against the header of the file. It"
            " may be that of another picture: every length in mm holds only if it is right, nothing is said to be"
            " absent by it, and there are no calibre classes. The original DICOM file has the pixel size."
        ),
    ),
    "none": (
        say("pixels only"),
        say(
            "The file gives no usable pixel size: lengths are in pixels, and there are no calibre classes. The"
            " original DICOM file may have it; one that is stated for an exported picture stays an assumption."
        ),
    ),
}
"""Where the millimetres come from: in two words, and in a sentence."""

CONFIDENCE: Final[Mapping[str, str]] = {
    "seen": say("read at its source"),
    "secondary": say("as quoted by others"),
    "recalled": say("not yet read in full"),
}

UNITS: Final[Mapping[str, str]] = {
    "1": "",
    "mm2": "mm²",
    "cm2": "cm²",
    "mm3": "mm³",
    "[hnsf'U]": "HU",
    "/mm": say("per mm"),
    "/mm2": say("per mm²"),
    "mm/mm2": say("mm per mm²"),
    "{pixel}": say("pixels"),
}
"""UCUM codes as people read them; the others are readable as they are."""
