"""Pixels beside a curved line, in coordinates along and across it.

The image is not resampled: every pixel gets its own coordinates, so its noise stays its own.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Floats, Indices, Pixels
from calcinet.geometry.skeleton import line_length, smooth_line

NORMAL_STEPS: Final = 3
"""Steps from a pixel's nearest pixel of the line to the foot of its normal. Our choice: the first is nearly there."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A centre line in equal steps."""

    points: Floats
    """Row and column in mm (pixel index times pixel distance), shape (N, 2)."""

    normal: Floats
    """Unit vectors across the line, to its left in the (row, column) plane, shape (N, 2)."""

    step_mm: float

    @property
    def length_mm(self) -> float:
        """Arc length from the first to the last point."""
        return self.step_mm * (len(self.points) - 1)

    @property
    def position_mm(self) -> Floats:
        """Arc length of each point, shape (N,)."""
        return self.step_mm * np.arange(len(self.points), dtype=np.float64)

    def shifted(self, by_mm: Floats) -> "Line":
        """The line moved along its normals, in equal steps again."""
        return line_through(self.points + by_mm[:, None] * self.normal, self.step_mm, smoothing_mm=0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Ribbon:
    """The pixels beside a line, one entry a pixel."""

    along_mm: Floats
    across_mm: Floats
    value: Floats


def line_through(points_mm: Floats, step_mm: float, *, smoothing_mm: float) -> Line:
    """Resample a polyline (N, 2) in equal steps near `step_mm` and smooth it with a Gaussian of `smoothing_mm`."""
    even = _space_evenly(points_mm, step_mm)
    if smoothing_mm > 0:
        even = _space_evenly(smooth_line(even, smoothing_mm / step_mm), step_mm)
    tangent = np.gradient(even, axis=0)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-12)
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)
    return Line(even, normal, line_length(even) / max(len(even) - 1, 1))


def _space_evenly(points: Floats, step: float) -> Floats:
    """Points of a polyline (N, 2) in equal steps near `step`."""
    position = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    length = position[-1]
    even = np.linspace(0, length, max(round(length / step), 1) + 1)
    rows = np.interp(even, position, points[:, 0])
    columns = np.interp(even, position, points[:, 1])
    return np.stack([rows, columns], axis=1)


def ribbon(plane: Pixels, line: Line, half_width_mm: float, pixel: tuple[float, float]) -> Ribbon:
    """Pixels of `plane` (Y, X) not farther than `half_width_mm` from the line, which belong to its nearest point.

    `pixel` is the distance of (rows, columns) in mm. Pixels before the first and after the last point are left out.
    """
    low, high = _find_box(line, half_width_mm, pixel, plane.shape)
    if (high <= low).any():
        return Ribbon(np.empty(0), np.empty(0), np.empty(0))
    rows, columns, nearest = _find_near_pixels(line, low, high, half_width_mm, pixel)
    rows, columns = rows + low[0], columns + low[1]
    value = plane[rows, columns].astype(np.float64)
    place = np.stack([rows * pixel[0], columns * pixel[1]], axis=1)
    nearest, ahead, across = _drop_normals(line, place, nearest)
    inside = (np.abs(across) <= half_width_mm) & (np.abs(ahead) <= line.step_mm) & np.isfinite(value)
    along = nearest * line.step_mm + ahead
    return Ribbon(along[inside], across[inside], value[inside])


def _drop_normals(line: Line, place: Floats, nearest: Indices) -> tuple[Indices, Floats, Floats]:
    """Nearest point of the line to each place (N, 2) in mm, and the place's offset from it along and across the line.

    `nearest` is a point near it: from there the search walks along the line to the foot of the normal.
    """
    tangent = np.stack([line.normal[:, 1], -line.normal[:, 0]], axis=1)
    last = len(line.points) - 1
    ahead = np.zeros(len(place))
    offset = place
    for _ in range(NORMAL_STEPS):
        nearest = np.clip(nearest + np.rint(ahead / line.step_mm).astype(np.intp), 0, last)
        offset = place - line.points[nearest]
        ahead = np.einsum("ij,ij->i", offset, tangent[nearest])
    return nearest, ahead, np.einsum("ij,ij->i", offset, line.normal[nearest])


def _find_box(
    line: Line, half_width_mm: float, pixel: tuple[float, float], shape: tuple[int, ...]
) -> tuple[Indices, Indices]:
    """First and past-the-last row and column of the part of the image that holds the ribbon."""
    low = np.floor((line.points.min(axis=0) - half_width_mm) / pixel).astype(np.intp)
    high = np.ceil((line.points.max(axis=0) + half_width_mm) / pixel).astype(np.intp) + 1
    return np.maximum(low, 0), np.minimum(high, shape)


def _find_near_pixels(
    line: Line, low: Indices, high: Indices, half_width_mm: float, pixel: tuple[float, float]
) -> tuple[Indices, Indices, Indices]:
    """Row and column in the box of every pixel near the line, and the index of a line point near it."""
    margin = int(np.ceil(half_width_mm / min(pixel))) + 2
    height, width = (high - low + 2 * margin).tolist()
    at_line = np.rint(line.points / pixel).astype(np.intp) - low + margin
    at_line = np.clip(at_line, 0, [height - 1, width - 1])
    rows, columns = at_line[:, 0], at_line[:, 1]
    empty = np.ones((height, width), dtype=np.uint8)
    empty[rows, columns] = 0
    distance, label = cv2.distanceTransformWithLabels(empty, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    point_of = np.zeros(int(label.max()) + 1, dtype=np.intp)
    point_of[label[rows, columns]] = np.arange(len(at_line))
    inner = (slice(margin, height - margin), slice(margin, width - margin))
    near_rows, near_columns = np.nonzero(distance[inner] <= margin)
    return near_rows, near_columns, point_of[label[inner][near_rows, near_columns]]
