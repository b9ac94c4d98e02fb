"""Whether pixels can be those of a radiograph: size, content, and which way round the greys run."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from calcinet.errors import Unreadable

Plane = NDArray[np.float32]

MIN_SIDE: Final = 64
"""Pixels. Our choice: a thumbnail shows no vessel."""

MAX_PIXELS: Final = 100_000_000
"""Our choice: a 35 x 43 cm film at 0.05 mm has 60 million."""


def require_size(rows: int, columns: int) -> None:
    """Refuse an image too small to show anything or too large to be one film, before it is decoded."""
    if min(rows, columns) < MIN_SIDE:
        message = f"found {rows} x {columns} pixels; expected at least {MIN_SIDE} on each side: give the film itself"
        raise Unreadable(message, code="too-small")
    if rows * columns > MAX_PIXELS:
        message = (
            f"found {rows} x {columns} pixels; expected at most {MAX_PIXELS // 10**6} million in all: give one film, "
            "at its own resolution"
        )
        raise Unreadable(message, code="too-many-pixels")


def turned(plane: Plane) -> Plane:
    """The negative of a plane, in the same range."""
    return np.subtract(plane.max() + plane.min(), plane)


def checked(plane: Plane, *, certain: bool = False) -> tuple[Plane, tuple[str, ...]]:
    """The plane, the right way round, and what is doubtful about it.

    Raises
    ------
    Unreadable
        If the content cannot be a radiograph.
    """
    del certain
    if not np.isfinite(plane).all():
        raise Unreadable("some pixels are not numbers: export the film again", code="not-finite")
    if plane.min() == plane.max():
        raise Unreadable("every pixel has the same value: the film is blank, choose another", code="constant")
    return np.ascontiguousarray(plane, dtype=np.float32), ()
