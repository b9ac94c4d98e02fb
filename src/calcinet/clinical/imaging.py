"""An earlier image in words: what it is, and what a person read on it."""

from typing import Final

from calcinet.clinical.history import Imaging
from calcinet.clinical.lesion_text import SIDES
from calcinet.clinical.ternary import is_filled
from calcinet.text import Text, as_written, say

EXTENTS: Final[dict[str, str]] = {
    "little": say("little calcium altogether"),
    "moderate": say("a moderate amount of calcium altogether"),
    "extensive": say("extensive calcium altogether"),
}
"""How much calcium a reader saw, in words."""


def in_words(image: Imaging) -> Text:
    """Say an image, for instance "film, lower leg, left: net-like calcification, no calcified vessel"."""
    where: list[str] = [as_written(image.modality)]
    if image.site:
        where.append(as_written(image.site))
    if image.side:
        where.append(SIDES[image.side])
    if image.contrast:
        where.append(say("with contrast"))
    return say("{where}: {what}", where=where, what=_read(image) or [say("no reading stated")])


def _read(image: Imaging) -> list[str]:
    """What is there, what is not, and how good the image was; nothing of what was not stated."""
    answers = (
        (image.net_like, say("net-like calcification"), say("no net-like calcification")),
        (is_filled(image.vessels), _list_calibres(image), say("no calcified vessel")),
        (image.vessel_calcium, say("calcium of vessels"), say("no calcium of vessels")),
        (image.soft_tissue_calcium, say("other soft-tissue calcium"), say("no other soft-tissue calcium")),
        (image.uptake, say("uptake of soft tissue"), say("no uptake of soft tissue")),
        (image.malignancy_suspected, say("suspicious for cancer"), say("not suspicious for cancer")),
        (image.extent is not None or None, _say_extent(image), ""),
        (image.quality == "limited" or None, say("limited quality"), ""),
    )
    stated: list[str] = []
    for answer, yes, no in answers:
        if answer:
            stated.append(yes)
        elif answer is not None:
            stated.append(no)
    return stated


def _say_extent(image: Imaging) -> str:
    if image.extent is None:
        return ""
    return EXTENTS[image.extent]


def _list_calibres(image: Imaging) -> Text:
    return say("calcified vessels ({classes:, })", classes=[as_written(kind) for kind in image.vessels or ()])
