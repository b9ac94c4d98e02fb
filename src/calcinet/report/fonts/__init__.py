"""The font that the report carries: Noto Sans TC, cut down to what its languages need (SIL Open Font License)."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

FONTS: Final[Mapping[int, Traversable]] = {
    400: files(__name__) / "NotoSansTC-Regular.ttf",
    700: files(__name__) / "NotoSansTC-Bold.ttf",
}
"""By weight."""


def covered(text: str) -> bool:
    """Whether the font has every letter of a text."""
    return letters() >= {letter for letter in text if letter.isprintable()}


@cache
def letters() -> frozenset[str]:
    """The letters that the font holds, from the list that was written with it."""
    return frozenset((files(__name__) / "letters.txt").read_text(encoding="utf-8"))
