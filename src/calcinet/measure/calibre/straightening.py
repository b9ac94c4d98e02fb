"""Pixels beside a curved line, in coordinates along and across it.

The image is not resampled: every pixel is asked where it lies, so its noise stays its own.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from calcinet.arrays import Floats, Indices, Pixels
from calcinet.geometry.skeleton import line_length, smooth_line


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
    even = _equal_steps(points_mm, step_mm)
    if smoothing_mm > 0:
        even = _equal_steps(smooth_line(even, smoothing_mm / step_mm), step_mm)
    tangent = np.gradient(even, axis=0)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-12)
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)
    return Line(even, normal, line_length(even) / max(len(even) - 1, 1))


def _equal_steps(points: Floats, step: float) -> Floats:
    at = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    even = np.linspace(0, at[-1], max(round(at[-1] / step), 1) + 1)
    return np.stack([np.interp(even, at, points[:, axis]) for axis in (0, 1)], axis=1)


def ribbon(plane: Pixels, line: Line, half_width_mm: float, pixel: tuple[float, float]) -> Ribbon:
    """Pixels of `plane` (Y, X) not farther than `half_width_mm` from the line, which belong to its nearest point.

    `pixel` is the distance of (rows, columns) in mm. Pixels before the first and after the last point are left out.
    """
    low, high = _box(line, half_width_mm, pixel, plane.shape)
    if (high <= low).any():
        return Ribbon(np.empty(0), np.empty(0), np.empty(0))
    rows, columns, nearest = _near_pixels(line, low, high, half_width_mm, pixel)
    value = plane[rows + low[0], columns + low[1]].astype(np.float64)
    place = np.stack([(rows + low[0]) * pixel[0], (columns + low[1]) * pixel[1]], axis=1)
    tangent = np.stack([line.normal[:, 1], -line.normal[:, 0]], axis=1)
    last = len(line.points) - 1
    ahead = np.zeros(len(place))
    for _ in range(
        3
    ):  # the nearest pixel is not quite the nearest point: walk along the line to the foot of the normal
        nearest = np.clip(nearest + np.rint(ahead / line.step_mm).astype(np.intp), 0, last)
        offset = place - line.points[nearest]
        ahead = np.einsum("ij,ij->i", offset, tangent[nearest])
    across = np.einsum("ij,ij->i", offset, line.normal[nearest])
    inside = (np.abs(across) <= half_width_mm) & (np.abs(ahead) <= line.step_mm) & np.isfinite(value)
    along = nearest * line.step_mm + ahead
    return Ribbon(along[inside], across[inside], value[inside])


def _box(
    line: Line, half_width_mm: float, pixel: tuple[float, float], shape: tuple[int, ...]
) -> tuple[Indices, Indices]:
    """First and past-the-last row and column of the part of the image that holds the ribbon."""
    low = np.floor((line.points.min(axis=0) - half_width_mm) / pixel).astype(np.intp)
    high = np.ceil((line.points.max(axis=0) + half_width_mm) / pixel).astype(np.intp) + 1
    return np.maximum(low, 0), np.minimum(high, shape)


def _near_pixels(
    line: Line, low: Indices, high: Indices, half_width_mm: float, pixel: tuple[float, float]
) -> tuple[Indices, Indices, Indices]:
    """Row and column in the box of every pixel near the line, and the index of a line point near it."""
    margin = int(np.ceil(half_width_mm / min(pixel))) + 2
    height, width = (high - low + 2 * margin).tolist()
    seat = np.rint(line.points / pixel).astype(np.intp) - low + margin
    seat = np.clip(seat, 0, [height - 1, width - 1])
    empty = np.ones((height, width), dtype=np.uint8)
    empty[seat[:, 0], seat[:, 1]] = 0
    distance, label = cv2.distanceTransformWithLabels(empty, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    point_of = np.zeros(int(label.max()) + 1, dtype=np.intp)
    point_of[label[seat[:, 0], seat[:, 1]]] = np.arange(len(seat))
    inner = (slice(margin, height - margin), slice(margin, width - margin))
    rows, columns = np.nonzero(distance[inner] <= margin)
    return rows, columns, point_of[label[inner][rows, columns]]
