"""Body part and side as the caller states them for all films of a call at once."""

from dataclasses import replace
from typing import Final

from calcinet.clinical.body_sites import SITE_WORDS
from calcinet.image import Image
from calcinet.io.dicom.body_site import PLAIN, SIDE_NAMES
from calcinet.text import say

SIDES: Final = {"left": "L", "right": "R", "both": "B", "bilateral": "B"}
"""Words of a side beside a body part."""

NAMED: Final = frozenset(PLAIN.values())
"""Body parts that films are called by already."""

SIDE_WORDS: Final = {**SIDE_NAMES, "B": say("both sides")}


def split_side(anatomy: str | None) -> tuple[str | None, str | None]:
    """Body part and side of what the caller states; words for which films have another are replaced.

    >>> split_side("Right calf"), split_side("lower leg"), split_side("left")
    (('lower leg', 'R'), ('lower leg', None), (None, 'L'))
    """
    if anatomy is None or not anatomy.strip():
        return anatomy, None
    words = anatomy.replace(",", " ").casefold().split()
    sides = [SIDES[word] for word in words if word in SIDES]
    part = " ".join(word for word in words if word not in SIDES)
    if part not in NAMED:
        part = SITE_WORDS.get(part, part)
    side = sides[0] if len(set(sides)) == 1 else None
    return part or None, side


def put_stated_side(image: Image, side: str | None, *, films: int) -> Image:
    """A film with the side that the caller states, where it is alone and names none; else what stands against it.

    Parameters
    ----------
    image
        As its file describes it.
    side
        L, R or B, as the caller states it for all films.
    films
        How many films the call holds: one word cannot be the side of several.
    """
    if side is None or image.laterality == side:
        return image
    stated = SIDE_WORDS[side]
    if image.laterality is not None:
        filed = SIDE_WORDS[image.laterality]
        caution = say(
            "the file says {filed}, --anatomy says {stated}: kept as the file says; look at the side marker on the "
            "film",
            filed=filed,
            stated=stated,
        )
        return replace(image, cautions=(*image.cautions, caution))
    if films > 1:
        caution = say(
            "--anatomy says {stated} for {count} films at once: not taken as the side of this one; say it for each in "
            "films of the case file",
            stated=stated,
            count=films,
        )
        return replace(image, cautions=(*image.cautions, caution))
    return replace(image, laterality=side)
