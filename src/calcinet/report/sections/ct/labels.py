"""What a CT's record says, in words for the page."""

from collections.abc import Mapping
from typing import Final

from calcinet.record.ct import CtRecord
from calcinet.report.labels import Translate
from calcinet.report.quantities.numbers import number
from calcinet.text import say

LEVELS: Final[Mapping[str, str]] = {
    "trunk": say("trunk"),
    "thigh": say("thigh"),
    "lower leg": say("lower leg"),
    "foot": say("foot"),
    "unknown": say("level unknown"),
}
"""From the head down."""

FORMS: Final[Mapping[str, str]] = {
    "tubular": say("tubular"),
    "plate": say("plate"),
    "nodular": say("nodular"),
    "net-like": say("net-like"),
}

LEFT_OUT: Final[Mapping[str, str]] = {
    "bone": say("edges and spurs of bone"),
    "ossicle": say("small bones and splinters"),
    "metal": say("metal"),
    "stone": say("stones"),
    "bowel": say("contents of bowel"),
    "phlebolith": say("stones of veins"),
    "foreign": say("devices on or under the skin"),
    "contrast": say("contrast agent"),
    "table": say("the table or what lies on it"),
}
"""What dense parts were taken for, by the name in the record."""

CONTRAST: Final[Mapping[bool | None, str]] = {
    True: say("With contrast agent"),
    False: say("Without contrast agent"),
    None: say("Contrast agent unknown"),
}


def taken(ct: CtRecord, _: Translate) -> list[str]:
    """How a CT was taken, in short facts."""
    slices, rows, columns = ct.shape
    facts = [
        _("{slices} slices of {rows} × {columns}", slices=slices, rows=rows, columns=columns),
        _("voxels {mm} mm", mm=" × ".join(number(mm) for mm in ct.spacing_mm)),
    ]
    if ct.slice_thickness_mm is not None:
        facts.append(_("slices {mm} mm thick", mm=number(ct.slice_thickness_mm)))
    if ct.kvp is not None:
        facts.append(f"{ct.kvp:.0f} kV")
    if ct.kernel:
        facts.append(_("kernel {kernel}", kernel=ct.kernel))
    return facts


def circumstances(ct: CtRecord, _: Translate) -> list[str]:
    """Why this series, whether there was contrast agent and how that is known, and the noise."""
    contrast = _(CONTRAST[ct.contrast])
    known = _("{contrast}: {basis}.", contrast=contrast, basis=_(ct.contrast_basis)) if ct.contrast_basis else contrast
    noise = _("Standard deviation in muscle: {noise} HU.", noise=number(ct.noise_hu))
    return [*([_(ct.series)] if ct.series else []), known, noise]


def left_out(ct: CtRecord, _: Translate) -> list[str]:
    """Dense parts that were taken for something else than calcium outside bone, each with its number."""
    return [
        _("{what}: {count}", what=_(LEFT_OUT.get(name, name)), count=count)
        for name, count in ct.left_out.items()
        if count
    ]
