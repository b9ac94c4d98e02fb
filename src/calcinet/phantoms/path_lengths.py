"""How long the beam runs inside round rods drawn along curves."""

from dataclasses import dataclass

import cv2
import numpy as np

from calcinet.arrays import Floats, Indices


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """The pixels near a curve, and where on it they are; each array is (M,)."""

    rows: Indices
    columns: Indices

    across: Floats
    """Signed distance to the curve in pixels."""

    along: Floats
    """Position on the curve as a fraction of the index into the points that were given."""

    def at(self, values: Floats) -> Floats:
        """Interpolate values given at the curve's points."""
        return np.interp(self.along, np.arange(len(values)), values)


def resampled(path: Floats, step: float) -> tuple[Floats, Floats]:
    """Points `step` apart on a polyline (N, 2), and their positions as fractions of its index."""
    run = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path[:, :2], axis=0).T))])
    run += np.arange(len(run)) * 1e-9  # strictly rising where two points coincide
    position = np.interp(np.linspace(0, run[-1], max(2, int(run[-1] / step) + 1)), run, np.arange(len(path)))
    index = np.arange(len(path))
    return np.stack([np.interp(position, index, path[:, k]) for k in range(path.shape[1])], axis=1), position


def near_curve(shape: tuple[int, int], path: Floats, reach: Floats, *, blunt: float = 1.0) -> Near:
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
    points, position = resampled(path, 0.5)
    widest = 1.05 * float(reach.max()) + 3
    low = np.floor(points.min(axis=0) - widest).astype(int)
    high = np.ceil(points.max(axis=0) + widest).astype(int) + 1
    spots = np.rint(points).astype(int) - low
    seeds = np.ones(tuple(high - low), np.uint8)
    seeds[spots[:, 0], spots[:, 1]] = 0
    distance, labels = cv2.distanceTransformWithLabels(seeds, cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    sample_of = np.zeros(int(labels.max()) + 1, dtype=np.intp)
    sample_of[labels[spots[:, 0], spots[:, 1]]] = np.arange(len(points))
    first, last = np.maximum(low, 0), np.minimum(high, shape)
    if (first >= last).any():
        none = np.empty(0)
        return Near(none.astype(np.intp), none.astype(np.intp), none, none)
    window = tuple(slice(a - o, b - o) for a, b, o in zip(first, last, low, strict=True))
    sample = sample_of[labels[window]]
    reach_at = 1.05 * np.interp(position, np.arange(len(reach)), reach) + 2  # the transform is off by a few per cent
    rows, columns = np.nonzero(distance[window] <= reach_at[sample])
    nearest = sample[rows, columns]
    rows, columns = rows + first[0], columns + first[1]
    across, index = _foot_points(points, nearest, rows, columns)
    step = max(float(np.median(np.hypot(*np.diff(points, axis=0).T))), 1e-9)
    beyond = np.maximum(np.maximum(-index, index - (len(points) - 1)), 0.0) * step
    signed = np.where(across < 0, -1.0, 1.0) * np.hypot(across, blunt * beyond)
    return Near(rows, columns, signed, np.interp(index, np.arange(len(points)), position))


def _foot_points(points: Floats, nearest: Indices, rows: Indices, columns: Indices) -> tuple[Floats, Floats]:
    """Sub-pixel distance to the curve, and the index of the foot of the perpendicular, which may lie beyond the ends.

    The labels of the distance transform are off by a pixel or two; one Newton step on the interpolated curve mends it.
    """
    last = len(points) - 1
    tangent = np.gradient(points, axis=0)
    ticks = np.arange(len(points))
    index = nearest.astype(float)
    for _ in range(2):
        at = np.clip(index, 0, last)
        row, column, t_row, t_column = (np.interp(at, ticks, k) for k in (*points.T, *tangent.T))
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
    return _chord_integral(outer, r) - _chord_integral(inner, r)


def _chord_integral(x: Floats, r: Floats) -> Floats:
    root = np.sqrt(np.maximum(r**2 - x**2, 0.0))
    return x * root + r**2 * np.arcsin(np.clip(x / r, -1.0, 1.0))
