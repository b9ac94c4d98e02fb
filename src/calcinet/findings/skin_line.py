"""Where the body ends and air begins, and how deep each pixel lies under the skin."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter1d

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.errors import NotMeasurable
from calcinet.findings.coarse_grid import CoarseGrid, dilate_mask, erode_mask, keep_seeded, open_mask
from calcinet.text import say

SKIN_SHARE: Final = 0.2
"""Share of the step from air to the tissue near it at which skin begins.

Our choice: a limb of 10 cm crosses it a third of a millimetre inside its outline, compression and flare stay below."""

NOISE_SIGMAS: Final = 4.0
"""Least height of the skin threshold over air, in standard deviations of the air; our choice."""

COHERENT_SHARE: Final = 0.15
"""Share of the variance that must survive a small blur; white noise keeps a fiftieth. Our choice."""

RIM_MM: Final = 5.0
"""Depth of the tissue beside air whose level counts; our choice: half of a toe."""

NEAR_MM: Final = 12.0
"""Width over which the levels of air and of nearby tissue are averaged; our choice: a finger's breadth."""

LEVELS: Final = 128
"""Bins of the grey-level histogram; our choice."""

AIR_PEAK: Final = 0.42
"""Air is darker than this share of the grey range; our choice."""

VALLEY_DROP: Final = 1.2
"""Least fall (natural logarithm of the count) from the peak of air to the valley before tissue; our choice."""

VALLEY_RISE: Final = 0.3
"""Least rise beyond that valley; our choice: above the histogram's own noise."""

BLURRED: Final = 0.3
"""The first valley counts whose contour is not blurrier than this share of the sharpest; our choice: air near a shutter
glows without an edge, skin has one."""

FLAT: Final = 0.01
"""A step of grey level below this is flat on any film; our choice."""

EDGE_REACH_MM: Final = 8.0
"""How near the edge of the field air must come; our choice: past the soft rim of a shutter."""


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """The body on the work grid."""

    mask: Mask
    """Everything inside the field that is denser than air: limbs, and also letters and plates."""

    air: Mask
    """Direct exposure that reaches the edge of the field."""

    threshold: Pixels
    """Grey level of the grid above which a pixel near the skin is not air."""


def find_body(grid: CoarseGrid, border: Mask) -> Body:
    """Divide the field into body and air.

    Air is below the first valley of the histogram of flat pixels, and reaches the edge of the field; its level
    and that of the tissue beside it, both local, set the skin threshold.

    Raises
    ------
    NotMeasurable
        If the field shows nothing but air or noise.
    """
    field = ~border
    smooth = np.asarray(cv2.GaussianBlur(grid.plane, (0, 0), 0.7), np.float32)
    _require_structure(grid, field)
    valley = _find_first_valley(smooth, field)
    threshold = np.full(smooth.shape, valley, np.float32)
    air = _find_air(grid, smooth < threshold, field)
    for _ in range(2):
        if not air.any():
            break
        rim = field & ~dilate_mask(air, 2) & dilate_mask(air, grid.to_px(RIM_MM))
        threshold = np.minimum(_measure_skin_threshold(grid, smooth, air, rim), np.float32(valley))
        air = _find_air(grid, smooth < threshold, field)
    return Body(field & ~air, air, threshold)


def depth_under_skin(grid: CoarseGrid, tissue: Mask, air: Mask) -> Pixels:
    """Distance in mm of each tissue pixel from the nearest air; 0 outside and where no air is seen."""
    if not air.any():
        return np.zeros(tissue.shape, np.float32)
    distance = cv2.distanceTransform((~air).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(np.where(tissue, (distance - 0.5) * grid.mm, 0.0), np.float32)


def _require_structure(grid: CoarseGrid, field: Mask) -> None:
    """Refuse a film whose field shows a smooth slope with noise and nothing else."""
    if np.count_nonzero(field) < 100:
        raise NotMeasurable(say("no tissue found: the exposed field is empty"))
    rest = np.asarray((grid.plane - _fit_slope(grid.plane, field)) * field, np.float32)
    coherent = cv2.GaussianBlur(rest, (0, 0), 2.0)
    if np.var(coherent[field]) <= COHERENT_SHARE * np.var(rest[field]):
        raise NotMeasurable(say("no tissue found: the exposed field shows nothing but air or noise"))


def _fit_slope(plane: Pixels, field: Mask) -> Floats:
    """The quadratic surface that fits the field best, by least squares over at most 20,000 of its pixels."""
    height, width = field.shape
    rows, columns = np.nonzero(field)
    thin = slice(None, None, max(1, rows.size // 20000))
    rows, columns = rows[thin], columns[thin]
    terms = np.stack(_expand_quadratic(rows / height, columns / width), axis=1)
    weights, *_ = np.linalg.lstsq(terms, plane[rows, columns].astype(float), rcond=None)
    down, across = np.arange(height) / height, np.arange(width) / width
    surface: Floats = np.zeros(1)
    for weight, term in zip(weights, _expand_quadratic(down[:, None], across[None]), strict=True):
        surface = surface + weight * term
    return surface


def _expand_quadratic(v: Floats, u: Floats) -> list[Floats]:
    """The terms 1, u, v, u^2, u v, v^2 of a surface that bends in any direction."""
    return [np.ones_like(u), u, v, u * u, u * v, v * v]


def _find_first_valley(smooth: Pixels, field: Mask) -> float:
    """Grey level of the first sharp valley beyond the dark peak in the histogram of flat pixels; below 0 without one.

    Air and thick tissue are flat, skin is not, so there is a valley between them.
    """
    valleys = _find_valleys(_measure_histogram(smooth, field))
    if not valleys:
        return -1.0
    steepness = _measure_steepness(smooth, field)
    edges = [float(steepness[max(level - 6, 0) : level + 2].max()) for level in valleys]
    sharp = np.flatnonzero(np.array(edges) >= BLURRED * max(edges))
    first = valleys[int(sharp[0])]
    return (first + 0.5) / LEVELS


def _measure_histogram(smooth: Pixels, field: Mask) -> Floats:
    """Logarithm of the number of flat pixels at each grey level, smoothed, shape (LEVELS,)."""
    slope = cv2.morphologyEx(smooth, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    flat = field & (slope <= max(float(np.median(slope[field])), FLAT))
    counts, _ = np.histogram(smooth[flat], LEVELS, (0.0, 1.0))
    return np.log1p(gaussian_filter1d(counts.astype(float), 1.5))


def _find_valleys(height: Floats) -> list[int]:
    """Minima deep enough under the peak of air, each followed by a rise, within the levels that air can have."""
    limit = round(AIR_PEAK * LEVELS)
    start = int(np.argmax(height[:limit]))
    peak = height[start]
    valleys: list[int] = []
    while start < limit:
        beyond = height[start:]
        lowest = np.minimum.accumulate(beyond)
        risen = np.flatnonzero((lowest < peak - VALLEY_DROP) & (beyond - lowest > VALLEY_RISE))
        if risen.size == 0:
            break
        valleys.append(start + int(np.argmin(beyond[: risen[0]])))
        start = _climb(height, start + int(risen[0]))
    return [level for level in valleys if level < limit]


def _climb(height: Floats, start: int) -> int:
    """The next peak, or the end of the histogram."""
    while start + 1 < height.size and height[start + 1] >= height[start]:
        start += 1
    return start


def _measure_steepness(smooth: Pixels, field: Mask) -> Floats:
    """How sharp the contour of each histogram level is: the lower third of its gradients, shape (LEVELS,)."""
    soft = cv2.GaussianBlur(smooth, (0, 0), 1.3)
    slope = np.hypot(cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1))[field]
    level = np.clip(soft[field] * LEVELS, 0, LEVELS - 1).astype(np.uint8)  # a byte is sorted in no time
    order = np.argsort(level, kind="stable")
    ends = np.searchsorted(level[order], np.arange(LEVELS + 1))
    steepness = np.zeros(LEVELS)
    for number in range(LEVELS):
        gradients = slope[order[ends[number] : ends[number + 1]]]
        if gradients.size > 30:
            steepness[number] = float(np.quantile(gradients, 0.3))
    return steepness


def _find_air(grid: CoarseGrid, dark: Mask, field: Mask) -> Mask:
    """Dark regions wider than a millimetre that reach the edge of the field."""
    dark = open_mask(dark & field, 1)
    edge = field & ~_erode_field(field, grid.to_px(EDGE_REACH_MM))
    air = keep_seeded(dark, edge & erode_mask(dark, 1))
    wide = keep_seeded(open_mask(air, grid.to_px(1.0)), edge)
    return air & ~open_mask(air & ~wide, 1)


def _erode_field(field: Mask, width: int) -> Mask:
    """The field without its outermost pixels, at the film's edge too."""
    padded = cv2.copyMakeBorder(field.astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    side = 2 * width + 1
    return np.asarray(cv2.erode(padded, np.ones((side, side), np.uint8))[1:-1, 1:-1] > 0)


def _measure_skin_threshold(grid: CoarseGrid, smooth: Pixels, air: Mask, body: Mask) -> Pixels:
    """Local level between air and the tissue beside it."""
    core = erode_mask(air, 2).astype(np.float32)
    if core.sum() < 20:
        core = air.astype(np.float32)
    weights = core + 1e-4 * air
    air_level = grid.local_mean(smooth, np.asarray(weights + 1e-7, np.float32), NEAR_MM)
    body_level = grid.local_mean(smooth, np.asarray(body + 1e-7, np.float32), NEAR_MM)
    noise = 1.4826 * float(np.median(np.abs(smooth - air_level)[core > 0]))
    height = np.maximum(SKIN_SHARE * (body_level - air_level), NOISE_SIGMAS * noise)
    return np.asarray(air_level + np.maximum(height, 0.01), np.float32)
