"""Which film is of what, in a person's words: body part, side, view and day that a picture does not say itself."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePosixPath, PureWindowsPath
from typing import ClassVar, Final, Literal
from unicodedata import normalize

from calcinet.clinical.block import CaseBlock, Day
from calcinet.clinical.body_sites import LOWER_LIMB, SIDE_WORDS, SITE_WORDS, UPPER_LIMB, ImagedSite
from calcinet.vocabulary import Side

FilmView = Literal["AP", "PA", "lateral", "oblique", "axial", "CC", "MLO"]

VIEW_WORDS: Final[dict[str, str]] = {
    "front": "AP", "frontal": "AP", "anteroposterior": "AP", "a.p.": "AP", "a-p": "AP", "dp": "AP",
    "dorsoplantar": "AP", "posteroanterior": "PA", "p.a.": "PA", "p-a": "PA", "lat": "lateral", "side": "lateral",
    "side view": "lateral", "ll": "lateral", "rl": "lateral", "obl": "oblique", "llo": "oblique", "rlo": "oblique",
    "lao": "oblique", "rao": "oblique", "lpo": "oblique", "rpo": "oblique", "ax": "axial",
}  # fmt: skip
"""Other words for the views, those of DICOM among them."""

PARTS: Final[Mapping[str, frozenset[str]]] = {
    "extremity": frozenset({*LOWER_LIMB, *UPPER_LIMB}),
    "lower extremity": LOWER_LIMB,
    "upper extremity": UPPER_LIMB,
    "leg": LOWER_LIMB,
    "arm": UPPER_LIMB,
    "foot": frozenset({"toe"}),
    "hand": frozenset({"finger"}),
    "trunk": frozenset({"chest", "breast", "abdomen", "back", "buttock", "groin", "pelvis", "penis", "vulva"}),
    "pelvis": frozenset({"buttock", "groin", "penis", "vulva"}),
}
"""What lies in a body part that is named less exactly."""

UNPAIRED: Final = frozenset(
    {
        *("head", "neck", "trunk", "chest", "abdomen", "back", "groin", "penis", "vulva", "pelvis", "whole body"),
        *("spine", "cervical spine", "thoracic spine", "lumbar spine", "sacrum", "coccyx", "jaw", "sternum", "ribs"),
    }
)
"""Body parts whose film has no side."""

UNKNOWN: Final = "unknown"
"""Body part of a film that does not name it."""

NAMED_TWICE: Final = "this file has an entry already; put what is known of it into one"

HASH: Final = re.compile(r"[0-9a-f]{12,64}")
"""A SHA-256 hash, or its beginning as the record writes it."""


class Film(CaseBlock):
    """What one film shows, where its file does not say so itself."""

    other_words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "site": SITE_WORDS,
        "side": SIDE_WORDS,
        "view": VIEW_WORDS,
    }

    file: str
    """Name of the file, with as much of its folder as tells it apart from others; or its SHA-256 hash."""
    site: ImagedSite | None = None
    """Part of the body."""
    side: Side | None = None
    """L, R or B (both sides)."""
    view: FilmView | None = None
    """Projection."""
    on: Day | None = None
    """Day on which it was taken."""
    checked: bool | None = None
    """"yes" once a person has looked at the film again, where its header says otherwise: then this entry counts."""

    def names(self, path: str, sha256: str) -> bool:
        """Whether it is the file of a path, or of a hash.

        >>> Film(file="IMG 2.jpg").names("films/IMG 2.jpg", ""), Film(file="2.jpg").names("films/IMG 2.jpg", "")
        (True, False)
        """
        own = _split_path(self.file)
        if own and _split_path(path)[-len(own) :] == own:
            return True
        start = self.file.strip().casefold().split(".")[0]
        return HASH.fullmatch(start) is not None and sha256.startswith(start)


def find_repeated(films: Sequence[Film]) -> list[int]:
    """Numbers of the entries whose file an earlier one names, from 0."""
    seen: set[tuple[str, ...]] = set()
    repeated = []
    for number, film in enumerate(films):
        key = _split_path(film.file)
        if key in seen:
            repeated.append(number)
        seen.add(key)
    return repeated


def join_sites(filed: str, stated: str) -> str | None:
    """The more exact of two names of a body part; None where they contradict one another.

    >>> join_sites("lower extremity", "ankle"), join_sites("elbow", "forearm"), join_sites("hand", "foot")
    ('ankle', 'elbow', None)
    """
    if filed == UNKNOWN or stated in PARTS.get(filed, ()):
        return stated
    if filed == stated or SITE_WORDS.get(filed) == stated or filed in PARTS.get(stated, ()):
        return filed
    return None


def join_views(filed: str | None, stated: str) -> str | None:
    """The view that both name, in the word of the file where it has one; None where they contradict one another."""
    if filed is None:
        return stated
    words = {VIEW_WORDS.get(word, word) for word in filed.casefold().split()}
    if stated.casefold() in words or stated in words:
        return filed
    return None


def has_side(anatomy: str) -> bool:
    """Whether a film of a body part is of one side or the other; so is one whose part is not known."""
    return anatomy not in UNPAIRED


def write_day(day: date | None) -> str | None:
    """A day as the record writes it."""
    if day is None:
        return None
    return day.isoformat()


def _split_path(path: str) -> tuple[str, ...]:
    """Folders and name of a path, written alike on every system."""
    plain = normalize("NFC", path.strip()).casefold()
    parts = PureWindowsPath(plain).parts if "\\" in plain else PurePosixPath(plain).parts
    return tuple(part for part in parts if part != ".")
