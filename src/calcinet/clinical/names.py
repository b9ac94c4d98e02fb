"""Names as people write them, matched to the names of a table; a near miss is suggested, never taken."""

import difflib
import re
from collections.abc import Iterable, Mapping
from typing import Final

NEAR: Final = 0.75
"""Likeness from 0 to 1 from which a name is suggested. Our choice: two slips in ten letters."""


def plain(name: str) -> str:
    """A name without capitals, stops and double spaces.

    >>> plain("  Intact-PTH (serum) ")
    'intact pth serum'
    """
    return " ".join(re.sub(r"[^a-z0-9+%()]+", " ", name.casefold().replace("(", " ").replace(")", " ")).split())


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
    """The most similar known name, or None where nothing is near.

    >>> nearest("calcitrol", ["calcitriol", "calcium acetate"]), nearest("xyz", ["calcitriol"])
    ('calcitriol', None)
    """
    found = difflib.get_close_matches(plain(name), list(known), n=1, cutoff=near)
    return found[0] if found else None
