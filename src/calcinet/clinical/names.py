"""Names as people write them, matched to the names of a table; a near miss is suggested, never taken."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

NEAR: Final = 0.75
"""Likeness from 0 to 1 from which a name is suggested. Our choice: two slips in ten letters."""

SHORTEST_MISSPELT: Final = 5
"""Letters from which a name can be a slip of another. Our choice: PT and PTT, CK and CRP are names of their own."""

LONG_NAME: Final = 9
"""Letters from which two slips are forgiven instead of one. Our choice: see `SLIPS`."""

SLIPS: Final = (1, 2)
"""Letters wrong, missing, too many or swapped in a short and in a long name. Our choice: losartan and valsartan,
prazosin and terazosin, lansoprazole and pantoprazole lie three or more apart."""

ACCENTS: Final = re.compile("[\u0300-\u036f]")
"""Marks above and below Latin letters; those of Japanese letters make other letters and stay."""

NO_LETTER: Final = re.compile(r"[^\w+%]+|_")


def plain(name: str) -> str:
    """A name without capitals, accents, stops and double spaces; Chinese and Japanese characters stay.

    >>> plain("  Intact-PTH (serum) "), plain("Phénobarbital"), plain("華法林")
    ('intact pth serum', 'phenobarbital', '華法林')
    """
    parted = unicodedata.normalize("NFKD", name)
    folded = unicodedata.normalize("NFKC", ACCENTS.sub("", parted)).casefold()
    return " ".join(NO_LETTER.sub(" ", folded).split())


def table_of(names: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Key of every name, by its plain form.

    Raises
    ------
    ValueError
        If one name stands for two keys.
    """
    table: dict[str, str] = {}
    for key, spelled in names.items():
        for name in spelled:
            if table.setdefault(plain(name), key) != key:
                raise ValueError(f"{name!r} stands for both {table[plain(name)]!r} and {key!r}")
    return table


def nearest(name: str, known: Iterable[str], *, near: float = NEAR) -> str | None:
    """The most similar known word of a file, or None where nothing is near; for names of things see `meant`.

    >>> nearest("calcitrol", ["calcitriol", "calcium acetate"]), nearest("xyz", ["calcitriol"])
    ('calcitriol', None)
    """
    found = difflib.get_close_matches(plain(name), list(known), n=1, cutoff=near)
    return found[0] if found else None


def meant(name: str, table: Mapping[str, str]) -> str | None:
    """The one thing whose name was probably misspelt, or None.

    A slip keeps the first letter and every figure ("ph" is an "f"), and is so small that no other real name lies within
    it. Where two things are equally near, none is suggested.

    >>> table = {"losartan": "losartan", "warfarin": "warfarin", "vitamin d3": "colecalciferol"}
    >>> [meant(name, table) for name in ("wafarin", "warfarine", "valsartan", "vitamin d2")]
    ['warfarin', 'warfarin', None, None]
    """
    written = plain(name).replace("ph", "f")
    if len(written) < SHORTEST_MISSPELT:
        return None
    allowed = SLIPS[len(written) >= LONG_NAME]
    slips: dict[int, set[str]] = {}
    for spelled, key in table.items():
        sounds = spelled.replace("ph", "f")
        if _may_be_slip(written, sounds, allowed):
            slips.setdefault(_count_slips(written, sounds), set()).add(key)
    fewest = min(slips, default=None)
    if fewest is None or fewest > allowed or len(slips[fewest]) > 1:
        return None
    return slips[fewest].pop()


def _may_be_slip(written: str, spelled: str, allowed: int) -> bool:
    """Whether two names are near enough to be compared letter by letter."""
    if written[:1] != spelled[:1] or abs(len(written) - len(spelled)) > allowed:
        return False
    if len(set(written) - set(spelled)) > allowed or len(set(spelled) - set(written)) > allowed:
        return False
    return re.findall(r"\d+", written) == re.findall(r"\d+", spelled)


def _count_slips(one: str, other: str) -> int:
    """Letters to change, add, leave out or swap with a neighbour to make one of the other."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, wanted in enumerate(other, 1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != wanted))
            swapped = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == wanted
            if swapped:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        before, last = last, current
    return last[-1]
