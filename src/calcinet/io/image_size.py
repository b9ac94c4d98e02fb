"""How small and how large a projection image may be; asked before anything is decoded."""

from typing import Final

from calcinet.errors import Unreadable
from calcinet.limits import PIXELS
from calcinet.text import say

MIN_SIDE: Final = 64
"""Pixels. Our choice: a thumbnail shows no vessel."""


def require_size(rows: int, columns: int) -> None:
    """Refuse an image too small to show anything or too large to be one film.

    Raises
    ------
    Unreadable
        If a side has fewer than `MIN_SIDE` pixels, or the image more than `calcinet.limits.PIXELS`.
    """
    if min(rows, columns) < MIN_SIDE or rows * columns > PIXELS.value:
        raise refuse_size(rows, columns)


def refuse_size(rows: int, columns: int) -> Unreadable:
    """The refusal of an image that is too small or too large."""
    if min(rows, columns) < MIN_SIDE:
        message = say(
            "found {rows} x {columns} pixels; expected at least {least} on each side: give the film itself",
            rows=rows,
            columns=columns,
            least=MIN_SIDE,
        )
        return Unreadable(message, code="too-small")
    message = say(
        "found {found}; expected at most {millions} million: give one film, at its own resolution",
        found=say("{rows} x {columns} pixels", rows=rows, columns=columns),
        millions=PIXELS.value // 10**6,
    )
    return Unreadable(message, code="too-many-pixels")
