"""Lines and outlines as the record holds them: thinned, rows and columns of the picture."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from calcinet.arrays import Indices
from calcinet.record import Point


def as_points(places: NDArray[Any]) -> tuple[Point, ...]:
    """Rows and columns, shape (N, 2), as the record holds them."""
    return tuple((float(row), float(column)) for row, column in places)


def spread_indices(length: int, most: int) -> Indices:
    """Indices of at most `most` points of a line of `length` points, evenly spread, both ends among them.

    >>> spread_indices(9, 3).tolist()
    [0, 4, 8]
    """
    return np.unique(np.linspace(0, length - 1, min(most, length)).round().astype(int))


def trace_outlines(mask: NDArray[Any]) -> list[NDArray[Any]]:
    """Outer outline of every part of a mask of bytes or truth values: rows and columns, shape (N, 2) each."""
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return [contour[:, 0, ::-1] for contour in contours]


def thin_outline(outline: NDArray[Any], most: int, offset: tuple[int, int]) -> tuple[Point, ...]:
    """Every n-th point of an outline, so that about `most` remain, moved by `offset` rows and columns."""
    step = max(1, len(outline) // most)
    return as_points(outline[::step] + offset)
