"""How sharp a film is, from the sharpest straight edges that it happens to show."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from scipy import ndimage as ndi
from scipy.special import ndtr

from calcinet.arrays import Floats, Indices, Mask, Pixels
from calcinet.errors import BadInput
from calcinet.text import say

HALF_LENGTH_PX: Final = 7
"""An edge is read over 15 px of its length. Our choice: long enough to average noise, short enough to be straight."""

HALF_DEPTH_PX: Final = 14
"""An edge is read over 29 px across. Our choice: room for a blur of 4 px and for both levels beside it."""

BLOCK_PX: Final = 24
"""At most one edge is taken from a square of this side, so that one long border does not outvote all others."""

STRIP_PX: Final = 20 * BLOCK_PX
"""Rows of the film that are looked at together. Our choice: a few megabytes stay within a processor's cache."""

GRADIENT_REACH_PX: Final = 8
"""The softened slope at a pixel depends on what is this near: six pixels of blur, one of the difference."""

MAX_EDGES: Final = 160
"""The strongest edges only. Our choice: they set the answer, the rest cost time."""

SPLINE_REACH_PX: Final = 24
"""A pixel this far away weighs 1e-14 in a cubic spline: interpolation needs no more of the film than this."""

MIN_EDGES: Final = 3
"""Fewer fit edges are no measurement. Our choice."""

MIN_EXPLAINED: Final = 0.99
"""Share of an edge's variance that one blurred step must explain. Our choice: double edges and cylinders fail it."""

MIN_STEP_SD: Final = 15.0
"""Height of an edge over the noise beside it. Our choice: the width of the step is then known to about 5 %."""

MAX_BEND_PX: Final = 0.35
"""Scatter of the row-wise edge positions about a straight line. Our choice: a third of a pixel adds 4 % at 1 px."""

SHARPEST_QUANTILE: Final = 0.2
"""Anatomy only ever softens an edge, so the sharp end of the fit edges is the system's blur; not the very sharpest,
which is noise. Our choice."""

SIGMAS_PX: Final = tuple(float(s) for s in np.geomspace(0.25, 5.0, 37))
"""Blurs tried, in steps of 9 %; a parabola finds the place between."""

COARSE_STEP: Final = 4
"""First every fourth blur is tried, then all about the best: the error has one valley."""

FALLBACK_SIGMA_PX: Final = 1.0
"""Where no edge is fit. Our choice: between a direct detector (about 0.5 px) and a storage-phosphor plate (1.5 px)."""

FALLBACK_INTERVAL_PX: Final = (0.5, 2.0)
"""What the fallback may be wrong by. Our choice, a factor of two to each side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharpness:
    """Blur of the imaging system, as a Gaussian."""

    sigma_px: float
    """Standard deviation in pixels, the pixel's own width included."""

    interval_px: tuple[float, float]
    """95 % interval of `sigma_px`."""

    edges: int
    """Edges it rests on; 0: a guess."""

    caution: str | None = None


def blur_sigma_px(plane: Pixels, field: Mask | None = None) -> Sharpness:
    """Blur of a film from its sharpest straight edges: bone, skin, lead letters, collimator.

    Each edge is sampled along and across, made straight row by row, and fitted by a step blurred by a Gaussian; the
    sharp quantile of the good fits is the answer. An edge with a side that has no noise at all was drawn by software
    or is saturated, and is left out.

    Parameters
    ----------
    plane
        Pixel values, shape (Y, X).
    field
        Where edges are looked for, same shape; everywhere if None.
    """
    if field is not None and field.shape != plane.shape:
        raise BadInput(f"field {field.shape} must match plane {plane.shape}")
    centres, normals = _find_strongest_edges(plane, field)
    if len(centres) == 0:
        return _guess()
    sigmas = _fit_edges(_sample(plane, centres, normals))
    if len(sigmas) < MIN_EDGES:
        return _guess()
    return _summarise(sigmas)


def _guess() -> Sharpness:
    return Sharpness(
        sigma_px=FALLBACK_SIGMA_PX,
        interval_px=FALLBACK_INTERVAL_PX,
        edges=0,
        caution=say("no straight edge sharp enough to measure the blur: nominal blur used"),
    )


def _summarise(sigmas: Floats) -> Sharpness:
    """The sharp quantile, with the interval of that order statistic and never narrower than the fit's own 5 %."""
    edges = len(sigmas)
    reach = 1.96 * np.sqrt(SHARPEST_QUANTILE * (1 - SHARPEST_QUANTILE) / edges)
    shares = np.clip([SHARPEST_QUANTILE - reach, SHARPEST_QUANTILE, SHARPEST_QUANTILE + reach], 0, 1)
    low, middle, high = np.quantile(sigmas, shares)
    interval = (float(min(low, 0.95 * middle)), float(max(high, 1.05 * middle)))
    return Sharpness(sigma_px=float(middle), interval_px=interval, edges=edges)


def _find_strongest_edges(plane: Pixels, field: Mask | None) -> tuple[Indices, Floats]:
    """Row and column of the steepest pixel of the steepest squares, and the unit normal there; shapes (N, 2)."""
    reach = HALF_DEPTH_PX + 2
    height, width = (_cut_to_blocks(pixels - 2 * reach) for pixels in plane.shape)
    if height <= 0 or width <= 0:
        return np.empty((0, 2), dtype=np.intp), np.empty((0, 2))
    edges = []
    for top in range(reach, reach + height, STRIP_PX):
        strip = slice(top, min(top + STRIP_PX, reach + height)), slice(reach, reach + width)
        down, across = _compute_gradient(plane, strip)
        if field is not None:
            steepest = _find_steepest(down, across, field[strip])
        else:
            steepest = _find_steepest(down, across, None)
        edges.append(steepest + np.array([top, reach, 0, 0]))
    return _choose_strongest(np.concatenate(edges))


def _cut_to_blocks(pixels: int) -> int:
    """The largest multiple of `BLOCK_PX` that is not more."""
    return pixels // BLOCK_PX * BLOCK_PX


def _choose_strongest(edges: Floats) -> tuple[Indices, Floats]:
    """Places and unit normals of the strongest edges, from rows, columns and gradients, shape (N, 4)."""
    row, column, down, across = edges.T
    steepness = np.hypot(down, across)
    order = np.argsort(-steepness, kind="stable")[:MAX_EDGES]
    order = order[steepness[order] > 0]
    normals = np.stack([down, across], axis=1)[order] / steepness[order, None]
    return np.stack([row, column], axis=1)[order].astype(np.intp), normals


def _find_steepest(down: Pixels, across: Pixels, field: Mask | None) -> Floats:
    """Row, column and gradient of the steepest pixel of each square, shape (N, 4); gradient 0 outside the field."""
    steep = np.hypot(down, across)
    if field is not None:
        steep *= field
    rows, columns = steep.shape[0] // BLOCK_PX, steep.shape[1] // BLOCK_PX
    squares = steep.reshape(rows, BLOCK_PX, columns, BLOCK_PX).transpose(0, 2, 1, 3).reshape(-1, BLOCK_PX**2)
    number = np.arange(len(squares))
    best = squares.argmax(axis=1)
    inside = squares[number, best] > 0
    block_row, block_column = np.divmod(number, columns)
    row, column = np.divmod(best, BLOCK_PX)
    row, column = row + block_row * BLOCK_PX, column + block_column * BLOCK_PX
    return np.stack([row, column, down[row, column] * inside, across[row, column] * inside], axis=1).astype(np.float64)


def _compute_gradient(plane: Pixels, part: tuple[slice, slice]) -> tuple[Pixels, Pixels]:
    """Slope of a softened film down and across, in a part of it that keeps clear of its edges."""
    wide = tuple(slice(axis.start - GRADIENT_REACH_PX, axis.stop + GRADIENT_REACH_PX) for axis in part)
    smooth = cv2.GaussianBlur(plane[wide], (0, 0), 1.5)
    inner = (slice(GRADIENT_REACH_PX, -GRADIENT_REACH_PX),) * 2
    across = np.asarray(cv2.Sobel(smooth, cv2.CV_32F, 1, 0), dtype=np.float32)
    down = np.asarray(cv2.Sobel(smooth, cv2.CV_32F, 0, 1), dtype=np.float32)
    return down[inner], across[inner]


def _sample(plane: Pixels, centres: Indices, normals: Floats) -> Floats:
    """Values round each edge, shape (N, along, across), rising across."""
    grid = np.mgrid[-HALF_LENGTH_PX : HALF_LENGTH_PX + 1, -HALF_DEPTH_PX : HALF_DEPTH_PX + 1]
    along, across = grid.astype(np.float64)
    ny, nx = normals[:, 0, None, None], normals[:, 1, None, None]
    reach = HALF_DEPTH_PX + HALF_LENGTH_PX // 2 + SPLINE_REACH_PX
    tiles = _cut_tiles(plane, centres, reach)
    middle = reach + tiles.shape[1] * np.arange(len(tiles))[:, None, None]
    rows = middle + across * ny + along * nx
    columns = reach + across * nx - along * ny
    for axis in (1, 2):
        tiles = ndi.spline_filter1d(tiles, axis=axis, mode="nearest")
    stacked = tiles.reshape(-1, tiles.shape[2])
    return np.asarray(ndi.map_coordinates(stacked, [rows, columns], order=3, mode="nearest", prefilter=False))


def _cut_tiles(plane: Pixels, centres: Indices, reach: int) -> Floats:
    """Squares `reach` pixels round each centre, shape (N, 2 reach + 1, 2 reach + 1); the film's edge is carried on."""
    offset = np.arange(-reach, reach + 1)
    height, width = plane.shape
    rows = np.clip(centres[:, 0, None] + offset, 0, height - 1)
    columns = np.clip(centres[:, 1, None] + offset, 0, width - 1)
    return np.asarray(plane[rows[:, :, None], columns[:, None, :]], np.float64)


def _fit_edges(samples: Floats) -> Floats:
    """Blur of every edge that is straight, high over its noise and a single step; shape (M,)."""
    sigmas = []
    for edge in samples:
        sigma = _fit_edge(edge)
        if sigma is not None:
            sigmas.append(sigma)
    return np.array(sigmas)


def _fit_edge(edge: Floats) -> float | None:
    """Sigma in pixels of one edge, shape (along, across); None where it cannot be measured."""
    low, high = edge[:, :5], edge[:, -5:]
    noise = (_measure_roughness(low), _measure_roughness(high))
    step = float(high.mean() - low.mean())
    if min(noise) <= 1e-6 * abs(step) or step < MIN_STEP_SD * max(noise):
        return None
    distance = _measure_distances(edge)
    if distance is None:
        return None
    return _fit_blurred_step(distance.ravel(), edge.ravel())


def _measure_roughness(side: Floats) -> float:
    """Noise beside an edge, from differences along it."""
    return float(np.diff(side, axis=0).std() / np.sqrt(2))


def _measure_distances(edge: Floats) -> Floats | None:
    """Distance of each sample from the edge's own straight line; None where it bends."""
    across = np.arange(edge.shape[1]) - HALF_DEPTH_PX
    along = np.arange(edge.shape[0]) - HALF_LENGTH_PX
    near = np.exp(-((across / 5.0) ** 2))
    slope = np.maximum(np.gradient(ndi.gaussian_filter1d(edge, 1.0, axis=1), axis=1), 0) * near
    position = (slope * across).sum(axis=1) / np.maximum(slope.sum(axis=1), 1e-30)
    tilt, offset = np.polyfit(along, position, 1)
    line = tilt * along + offset
    if np.std(position - line) > MAX_BEND_PX or abs(offset) > 3:
        return None
    return np.asarray((across[None, :] - line[:, None]) / np.hypot(1, tilt))


def _fit_blurred_step(distance: Floats, value: Floats) -> float | None:
    """Best Gaussian blur of a step with a sloping base; None where no such step explains the edge."""
    near = np.abs(distance) <= HALF_DEPTH_PX - 4
    x, y = distance[near], value[near]
    errors: dict[int, float] = {}
    for number in range(0, len(SIGMAS_PX), COARSE_STEP):
        errors[number] = _compute_misfit(x, y, SIGMAS_PX[number])
    coarse = min(errors, key=errors.__getitem__)
    errors = {}
    for number in range(max(0, coarse - COARSE_STEP + 1), min(len(SIGMAS_PX), coarse + COARSE_STEP)):
        errors[number] = _compute_misfit(x, y, SIGMAS_PX[number])
    best = min(errors, key=errors.__getitem__)
    if not {best - 1, best + 1} <= errors.keys() or errors[best] > (1 - MIN_EXPLAINED) * y.var() * len(y):
        return None
    shift = _find_vertex(errors[best - 1], errors[best], errors[best + 1])
    ratio = SIGMAS_PX[1] / SIGMAS_PX[0]
    return float(SIGMAS_PX[best] * ratio**shift)


def _find_vertex(left: float, middle: float, right: float) -> float:
    """Place of the lowest point of the parabola through values at -1, 0 and 1."""
    return 0.5 * (left - right) / (left - 2 * middle + right)


def _compute_misfit(x: Floats, y: Floats, sigma: float) -> float:
    """Sum of squares left by the best base, slope and step for this blur."""
    design = np.stack([np.ones_like(x), x, ndtr(x / sigma)], axis=1)
    moments = design.T @ y
    return float(y @ y - moments @ np.linalg.solve(design.T @ design, moments))
