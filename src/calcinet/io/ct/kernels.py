"""Reconstruction kernels: whether a text is the name of one, and whether it is soft or sharp, from the makers' names.

A sharp kernel raises small dense things and the noise about them, so that calcium seems denser and more of it is found.
"""

import re
from typing import Final

SIEMENS: Final = re.compile(r"[BHDUIJTQSR][A-Z]?(\d\d)\d?[A-Z]?\d*")
"""A letter for the body part (two in newer ones), then the sharpness: B30F, BR40D, HR38, I70F."""

SIEMENS_SOFT_TO: Final = 50
"""Sharpness up to which a Siemens kernel is soft. Our choice: B60 is medium sharp, B70 and above are for bone."""

CANON: Final = re.compile(r"FC(\d\d)")
"""Toshiba and Canon: FC01 to FC19 are for the body, FC2x for the brain, FC3x and above for bone and lung."""

CANON_SOFT_TO: Final = 29

SOFT: Final = frozenset({"STANDARD", "STND", "SOFT", "SMOOTH", "A", "B", "C", "UA", "UB", "UC", "XCA", "XCB", "XCC"})
"""GE's names, then Philips'."""

SHARP: Final = frozenset(
    {
        *("BONE", "BONEPLUS", "BONE+", "LUNG", "EDGE", "ULTRA", "CHST", "DETAIL", "HD LUNG", "HD BONE", "SHARP"),
        *("YA", "YB", "YC", "YD", "YE", "YL", "D", "E", "F", "L"),
    }
)
"""GE's names, then Philips'."""


WORDS: Final = SOFT | SHARP | {"CHEST", "BODY", "HEAD", "BRAIN", "NECK", "SPINE", "MEDIUM", "SHRP", "EXTRA", "FINE"}
"""Words that name kernels of themselves."""

PART: Final = re.compile(r"[A-Z]{1,2}|\d{1,3}[A-Z]{0,2}|[A-Z]{1,2}\d{1,3}[A-Z]{0,2}\d?|IDOSE\d")
"""What else a kernel's name is put together from. Our choice: as the makers' are; names of people are longer, and
numbers of patients too."""

LONGEST: Final = 12
"""Characters of a kernel's name. Our choice: no maker's is longer."""


def named(kernel: str | None) -> str | None:
    """A kernel's name where it has the shape of one, else None: the field is free text, and could hold a person's.

    >>> named("Br40d"), named("B_SOFT_C"), named("BONE+"), named("SMITH^JANE"), named("Jane Smith"), named("A1234567")
    ('Br40d', 'B_SOFT_C', 'BONE+', None, None, None)
    """
    name = " ".join((kernel or "").split())
    if name.upper() in SOFT | SHARP:
        return name
    if len(name) > LONGEST:
        return None
    words = re.split("[./_ -]+", name.upper())
    if not all(word in WORDS or PART.fullmatch(word) for word in words):
        return None
    if WORDS.isdisjoint(words) and not any(character.isdigit() for character in name):
        return None
    return name


def is_sharp(kernel: str | None) -> bool | None:
    """True of a kernel for bone or lung, False of one for soft tissue, None where the name is unknown.

    >>> is_sharp("B30f"), is_sharp("Br64"), is_sharp("FC51"), is_sharp("BONEPLUS"), is_sharp("B"), is_sharp("X9")
    (False, True, True, True, False, None)
    """
    name = " ".join((kernel or "").upper().split())
    for pattern, soft_to in ((SIEMENS, SIEMENS_SOFT_TO), (CANON, CANON_SOFT_TO)):
        found = pattern.fullmatch(name)
        if found:
            return int(found[1]) > soft_to
    if name in SHARP:
        return True
    if name in SOFT:
        return False
    return None
