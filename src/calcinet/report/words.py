"""The words of the report that are not sentences of the record, its languages and its formats.

The words in the templates and here are marked with `_` and `N_` for message catalogues; English stands in the code.
"""

from collections.abc import Callable, Mapping
from typing import Final

from calcinet.errors import BadInput

Translate = Callable[[str], str]

LANGUAGES: Final = ("en",)
"""BCP 47."""

FORMATS: Final = ("json", "html", "png", "csv")
"""What an examination can be written as."""


def N_(message: str) -> str:  # noqa: N802  # the name that message extractors know
    """Mark a message that is translated where it is shown."""
    return message


KINDS: Final[Mapping[str, str]] = {
    "vessel": N_("calcified vessel"),
    "net": N_("net-like calcification"),
    "focus": N_("other calcium"),
    "uptake": N_("uptake"),
}

SIDES: Final[Mapping[str, str]] = {"L": N_("left"), "R": N_("right"), "B": N_("both sides")}

SHORT_DISCLAIMER: Final = N_("calcinet: decision support for research, not a diagnosis")

SPACING_BASIS: Final[Mapping[str, tuple[str, str]]] = {
    "calibrated": (
        N_("calibrated"),
        N_("The file says that its pixel size was calibrated on an object of known size."),
    ),
    "corrected": (
        N_("corrected for magnification"),
        N_("The pixel size in the file is corrected for the magnification of the projection."),
    ),
    "detector": (
        N_("at the detector"),
        N_(
            "The file gives the pixel size at the detector only. A limb lies in front of it and is shown larger than"
            " it is, so that true sizes may be smaller."
        ),
    ),
    "user": (
        N_("given by the user"),
        N_("The pixel size was given by the user and could not be checked against the film."),
    ),
    "none": (
        N_("pixels only"),
        N_(
            "The file gives no usable pixel size: lengths are in pixels, and there are no calibre classes. With"
            " --spacing-mm a pixel size can be given."
        ),
    ),
}
"""Where the millimetres come from: in two words, and in a sentence."""

CONFIDENCE: Final[Mapping[str, str]] = {
    "seen": N_("read at its source"),
    "secondary": N_("as quoted by others"),
    "recalled": N_("not yet read in full"),
}

LABELS: Final[Mapping[str, str]] = {
    "probability": N_("Probability"),
    "calibre_mm": N_("Calibre"),
    "calibre_px": N_("Calibre"),
    "upper_limit_mm": N_("Upper limit of the calibre"),
    "length_mm": N_("Length"),
    "length_px": N_("Length"),
    "area_mm2": N_("Area"),
    "area_px": N_("Area"),
    "depth_mm": N_("Depth under the skin line"),
    "depth_px": N_("Depth under the skin line"),
    "resolvable_mm": N_("Thinnest line that would show"),
    "calcified_area_mm2": N_("Calcified area"),
    "calcified_area_px": N_("Calcified area"),
    "calcified_length_mm": N_("Calcified length"),
    "calcified_length_px": N_("Calcified length"),
    "net.probability": N_("Probability of a net-like pattern"),
    "net.area_cm2": N_("Area of the net"),
    "net.mesh_mm": N_("Mesh size of the net"),
    "net.mesh_px": N_("Mesh size of the net"),
    "net.length_density_per_mm": N_("Length of net lines per area"),
    "marked_soft_tissue_percent": N_("Share of soft tissue marked"),
}
"""Names of the quantities that the contract itself names; a record explains the others in `meanings`."""

UNITS: Final[Mapping[str, str]] = {
    "1": "",
    "mm2": "mm²",
    "cm2": "cm²",
    "/mm": N_("per mm"),
    "mm/mm2": N_("mm per mm²"),
    "{pixel}": N_("pixels"),
}
"""UCUM codes as people read them; the others are readable as they are."""


def translator(language: str) -> Translate:
    """Choose a language; refuses one that the report does not speak."""
    if language not in LANGUAGES:
        raise BadInput(f"no report in {language!r}; the languages are: {', '.join(LANGUAGES)}")
    return str
