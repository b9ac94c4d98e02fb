"""Which part of the body, and which side of it, a CT shows."""

from collections.abc import Mapping
from typing import Final

from calcinet.findings.ct.anatomy import Anatomy
from calcinet.findings.ct.levels import levels
from calcinet.image import Image
from calcinet.protocols.ct.finding_records import SIDES
from calcinet.vocabulary import BodyLevel, Side

SHOWN_MM: Final = 30.0
"""A level that reaches less far is not said to be on the CT. Our choice: levels are told to about that."""

NAMES: Final[Mapping[frozenset[BodyLevel], str]] = {
    frozenset[BodyLevel]({"trunk"}): "trunk",
    frozenset[BodyLevel]({"thigh"}): "thigh",
    frozenset[BodyLevel]({"lower leg"}): "lower leg",
    frozenset[BodyLevel]({"foot"}): "foot",
    frozenset[BodyLevel]({"thigh", "lower leg"}): "leg",
    frozenset[BodyLevel]({"lower leg", "foot"}): "lower extremity",
    frozenset[BodyLevel]({"thigh", "lower leg", "foot"}): "lower extremity",
}
"""Body part of a CT by the levels that its bones show."""

PARTS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "leg": ("thigh", "lower leg"),
    "lower extremity": ("thigh", "leg", "lower leg", "foot"),
}
"""Body parts that a larger one holds."""


def name_site(image: Image, anatomy: Anatomy) -> dict[str, str | None]:
    """Body part and side: the file's word goes before what the bones show, unless that is more of the same limb.

    A volume that does not say how it lies in the patient has no side of its own.
    """
    shown, side = shown_part(anatomy)
    is_more = image.anatomy in PARTS_OF.get(shown, ())
    part = image.anatomy
    if is_more or image.anatomy == "unknown":
        part = shown
    if image.affine is None:
        side = None
    return {"anatomy": part, "laterality": image.laterality or side}


def shown_part(anatomy: Anatomy) -> tuple[str, Side | None]:
    """Body part and side, as the bones show them: "unknown" and None where they do not."""
    if anatomy.cropped:
        return "unknown", None
    side_in_body = anatomy.side[anatomy.body.any(axis=1)]
    present = [number for number in SIDES.values() if (side_in_body == number).any()]
    reach: list[BodyLevel] = []
    for number in present:
        reach += levels(anatomy, number)
    shown = {level for level in reach if reach.count(level) * anatomy.grid.mm[0] >= SHOWN_MM * len(present)}
    side: Side | None = None
    if {SIDES["R"], SIDES["L"]} <= set(present):
        side = "B"
    return NAMES.get(frozenset(shown - {"unknown"}), "unknown"), side
