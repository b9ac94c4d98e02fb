"""How long the beam runs inside round rods drawn along curves."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from calcinet.arrays import Floats, Indices, Pixels

SAMPLE_PX: Final = 0.5
"""Distance of the points at which a curve is sampled. Our choice: each pixel that it crosses holds one."""

TRANSFORM_SLACK: Final = 1.05
TRANSFORM_SLACK_PX: Final = 2.0
"""The distance transform is off by a few per cent and a pixel or two: so much farther it is searched."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NearPixels:
    """The pixels near a curve, and their foot points on it; each array is (M,)."""

    rows: Indices
    columns: Indices

    across: Floats
    """Signed distance to the curve in pixels."""

    along: Floats
    """Position on the curve as a fraction of the index into the points that were given."""

    def at(self, values: Floats) -> Floats:
        """Interpolate values given at the curve's points."""
        return np.interp(self.along, np.arange(len(values)), values)


@dataclass(frozen=True, slots=True, eq=False)
class _Window:
    """A rectangle of the image's grid."""

    low: Indices
    """First row and column; may lie outside the image."""

    high: Indices
    """One past the last row and column."""

    @classmethod
    def about(cls, points: Floats, margin: float) -> "_Window":
        low = np.floor(points.min(axis=0) - margin).astype(int)
        high = np.ceil(points.max(axis=0) + margin).astype(int) + 1
        return cls(low, high)

    def clip_to(self, shape: tuple[int, int]) -> "_Window":
        return _Window(np.maximum(self.low, 0), np.minimum(self.high, shape))

    @property
    def is_empty(self) -> bool:
        return bool((self.low >= self.high).any())

    def slices_within(self, outer: "_Window") -> tuple[slice, slice]:
        first, last = self.low - outer.low, self.high - outer.low
        return slice(first[0], last[0]), slice(first[1], last[1])


def resample_path(path: Floats, step: float) -> tuple[Floats, Floats]:
    """Points `step` apart on a polyline (N, 2), and their positions as fractions of its index."""
    run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path[:, :2], axis=0).T))])
    run += np.arange(len(run)) * 1e-9  # strictly rising where two points coincide
    count = max(2, int(run[-1] / step) + 1)
    index = np.arange(len(path))
    position = np.interp(np.linspace(0, run[-1], count), run, index)
    coordinates = [np.interp(position, index, coordinate) for coordinate in path.T]
    return np.stack(coordinates, axis=1), position


def find_pixels_near(shape: tuple[int, int], path: Floats, reach: Floats, *, blunt: float = 1.0) -> NearPixels:
    """Find the pixels within `reach` of a curve.

    Parameters
    ----------
    shape
        Rows and columns of the image; the curve may run outside.
    path
        Shape (N, 2): row and column in pixels.
    reach
        Shape (N,): in pixels.
    blunt
        Beyond the curve's ends distance counts this many times: 1 gives round ends, 4 nearly flat ones.
    """
    points, position = resample_path(path, SAMPLE_PX)
    around = _Window.about(points, TRANSFORM_SLACK * float(reach.max()) + 3)
    on_image = around.clip_to(shape)
    if on_image.is_empty:
        return _find_nothing()
    distance, sample = _transform_distance(points, around)
    window = on_image.slices_within(around)
    reach_at = TRANSFORM_SLACK * np.interp(position, np.arange(len(reach)), reach) + TRANSFORM_SLACK_PX
    nearest_sample = sample[window]
    rows, columns = np.nonzero(distance[window] <= reach_at[nearest_sample])
    nearest = nearest_sample[rows, columns]
    rows, columns = rows + on_image.low[0], columns + on_image.low[1]
    across, index = _find_foot_points(points, nearest, rows, columns)
    beyond = _measure_beyond_ends(points, index)
    signed = np.where(across < 0, -1.0, 1.0) * np.hypot(across, blunt * beyond)
    along = np.interp(index, np.arange(len(points)), position)
    return NearPixels(rows=rows, columns=columns, across=signed, along=along)


def _find_nothing() -> NearPixels:
    none = np.empty(0)
    return NearPixels(rows=none.astype(np.intp), columns=none.astype(np.intp), across=none, along=none)


def _transform_distance(points: Floats, window: _Window) -> tuple[Pixels, Indices]:
    """Distance of each pixel of the window to the nearest point, and that point's number."""
    spots = np.rint(points).astype(int) - window.low
    rows, columns = spots[:, 0], spots[:, 1]
    seeds = np.ones(tuple(window.high - window.low), np.uint8)
    seeds[rows, columns] = 0
    distance, labels = cv2.distanceTransformWithLabels(seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    point_of_label = np.zeros(int(labels.max()) + 1, dtype=np.intp)
    point_of_label[labels[rows, columns]] = np.arange(len(points))
    return np.asarray(distance, np.float32), point_of_label[labels]


def _measure_beyond_ends(points: Floats, index: Floats) -> Floats:
    """How far foot points lie beyond the ends of the curve, in pixels; 0 on it."""
    step = max(float(np.median(np.hypot(*np.diff(points, axis=0).T))), 1e-9)
    before_start, after_end = -index, index - (len(points) - 1)
    return np.asarray(np.maximum(np.maximum(before_start, after_end), 0.0) * step)


def _find_foot_points(points: Floats, nearest: Indices, rows: Indices, columns: Indices) -> tuple[Floats, Floats]:
    """Sub-pixel distance to the curve, and the index of the foot of the perpendicular, which may lie beyond the ends.

    The labels of the distance transform are off by a pixel or two; one Newton step on the interpolated curve mends it.
    """
    last = len(points) - 1
    tangent = np.gradient(points, axis=0)
    ticks = np.arange(len(points))
    index = nearest.astype(float)
    for _ in range(2):
        at = np.clip(index, 0, last)
        row, column = np.interp(at, ticks, points[:, 0]), np.interp(at, ticks, points[:, 1])
        t_row, t_column = np.interp(at, ticks, tangent[:, 0]), np.interp(at, ticks, tangent[:, 1])
        down, right = rows - row, columns - column
        speed = np.maximum(t_row**2 + t_column**2, 1e-12)
        index = at + (down * t_row + right * t_column) / speed
    return (down * t_column - right * t_row) / np.sqrt(speed), index


def mean_chord(distance: Floats, radius: Floats) -> Floats:
    """Mean chord of a cylinder over a pixel of width 1 whose centre lies `distance` off its axis.

    The chord at x is 2 sqrt(r^2 - x^2); its integral is x sqrt(r^2 - x^2) + r^2 arcsin(x / r), so the mean over the
    pixel is exact across the axis and lines thinner than a pixel keep their calcium.
    """
    r = np.maximum(radius, 1e-9)
    inner, outer = np.clip(distance - 0.5, -r, r), np.clip(distance + 0.5, -r, r)
    return _integrate_chord(outer, r) - _integrate_chord(inner, r)


def _integrate_chord(x: Floats, r: Floats) -> Floats:
    root = np.sqrt(np.maximum(r**2 - x**2, 0.0))
    return x * root + r**2 * np.arcsin(np.clip(x / r, -1.0, 1.0))
