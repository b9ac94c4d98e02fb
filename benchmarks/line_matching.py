"""Centre lines that were put into a film, and whether marks lie along them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.agreement import LINE_TOLERANCE_PX, Mask, Overlap
from calcinet.arrays import Floats

BESIDE_PX: Final = 2.0
"""A mark so far outside of an artery's wall still lies along it. Our choice: the width of a drawn line."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PutLine:
    """An unbranched artery on a film's grid; arrays are (N, ...) along it."""

    path_px: Floats
    """Row and column."""
    outer_px: Floats
    """Outer radius."""
    calcified: Mask
    """Where calcium was put: of the pattern, on the film, and in the region that may hold it."""

    def scaled(self, ratio: tuple[float, float]) -> Self:
        """The same on a film that has `ratio` times as many rows and columns."""
        factor = np.array(ratio)
        return replace(
            self,
            path_px=(self.path_px + 0.5) * factor - 0.5,
            outer_px=self.outer_px * float(np.sqrt(factor.prod())),
        )


def share_along(line: PutLine, marked: Mask) -> float:
    """Share of a line's calcified length that has a marked pixel within its outer radius and `BESIDE_PX`; NaN of none.

    `marked` has the shape (Y, X) of the film.
    """
    length = step_lengths(line.path_px)[line.calcified]
    if not length.sum():
        return float("nan")
    if not marked.any():
        return 0.0
    rows, columns = pixels_of(line.path_px[line.calcified], marked.shape)
    away = distance_to(marked)[rows, columns]
    near = away <= line.outer_px[line.calcified] + BESIDE_PX
    return float(length[near].sum() / length.sum())


def step_lengths(path: Floats) -> Floats:
    """Length of a path (N, 2) that each of its points stands for: half of the steps to its neighbours."""
    steps = np.hypot(*np.diff(path, axis=0).T)
    return np.asarray((np.append(steps, 0.0) + np.insert(steps, 0, 0.0)) / 2)


def pixels_of(path: Floats, shape: tuple[int, ...]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The pixels that points lie in, those outside of the film at its edge."""
    spots = np.clip(np.rint(path).astype(np.intp), 0, np.array(shape) - 1)
    return spots[:, 0], spots[:, 1]


def distance_to(marked: Mask) -> NDArray[np.float32]:
    """Distance of each pixel from the nearest marked one, within some hundredths of a pixel."""
    return np.asarray(cv2.distanceTransform((~marked).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE))


def draw_lines(paths: Sequence[Floats], shape: tuple[int, ...]) -> Mask:
    """Paths (N, 2) as lines one pixel wide."""
    canvas = np.zeros(shape, np.uint8)
    for path in paths:
        points = np.rint(np.asarray(path)[:, ::-1]).astype(np.int32)
        cv2.polylines(canvas, [points.reshape(-1, 1, 2)], isClosed=False, color=1)
    return canvas > 0


def calcified_runs(line: PutLine) -> list[Floats]:
    """The unbroken stretches of a line that hold calcium, of two points or more."""
    edges = np.flatnonzero(np.diff(np.r_[0, line.calcified.astype(np.int8), 0]))
    runs = zip(edges[::2], edges[1::2], strict=True)
    return [line.path_px[first:last] for first, last in runs if last - first > 1]


def draw_calcified(lines: Sequence[PutLine], shape: tuple[int, ...]) -> Mask:
    """The calcified stretches of lines, one pixel wide."""
    runs: list[Floats] = []
    for line in lines:
        runs += calcified_runs(line)
    return draw_lines(runs, shape)


def overlap_of_lines(found: Mask, true: Mask, tolerance_px: float = LINE_TOLERANCE_PX) -> Overlap:
    """As `Overlap.of_lines`, of the rectangle that holds both alone, which is quicker and the same."""
    rows, columns = np.nonzero(found | true)
    if not rows.size:
        return Overlap(0, 0, 0, 0)
    edge = int(np.ceil(tolerance_px)) + 1
    top, left = max(rows.min() - edge, 0), max(columns.min() - edge, 0)
    here = (slice(top, rows.max() + edge + 1), slice(left, columns.max() + edge + 1))
    return Overlap.of_lines(found[here], true[here], tolerance_px)
