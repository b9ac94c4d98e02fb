"""Where the body ends and air begins, and how deep each pixel lies under the skin."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter1d

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.errors import NotMeasurable
from calcinet.findings.coarse_grid import CoarseGrid, dilate_mask, erode_mask, keep_seeded, open_mask
from calcinet.geometry.exact_distance import measure_exact_distance
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
"""Grey levels at which the dark regions are measured; our choice."""

AIR_PEAK: Final = 0.42
"""Air is darker than this share of the grey range; our choice."""

FOOT: Final = 0.12
"""Growth of the dark regions below this share of its peak has come to the skin; our choice."""

VALLEY: Final = 0.25
"""So has growth below this share, if it rises again beyond; our choice."""

VALLEY_RISE: Final = 1.3
"""Growth over this multiple of its lowest value is that of another region; our choice: above the noise."""

NEW_GROWTH: Final = 0.002
"""Least such growth by a grey level, as a share of the field; our choice."""

LARGE: Final = 0.75
"""A growth of at least this share of the largest is large; our choice: padding and air may cover as much."""

AIR_SIDE_MM: Final = (2.0, 5.0)
SKIN_SIDE_MM: Final = (1.0, 3.0)
DEEP_MM: Final = (10.0, 20.0)
"""Distances from the line between two dark regions at which levels are compared. Our choice: either side of the skin,
past its blur, and where a limb is already half as thick again."""

THICKENS: Final = 0.5
"""Rise from the skin to the depth, over the step at the skin, from which a region is a limb. Our choice: the thighs and
knees of three films of patients that teach gave 0.9 to 1.6, scatter beside a forearm 0.3, air beside padding none."""

LEAST_PIXELS: Final = 20
"""Levels are compared over at least this many pixels of the grid. Our choice: a median of fewer is noise."""

LEAST_GROWTH: Final = 0.02
"""Least share of the field that air covers; our choice."""

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

    Air reaches the edge of the field, and ends where the dark regions there stop growing with the grey level; its level
    and that of the tissue beside it, both local, set the skin threshold.

    Raises
    ------
    NotMeasurable
        If the field shows nothing but air or noise.
    """
    field = ~border
    smooth = np.asarray(cv2.GaussianBlur(grid.plane, (0, 0), 0.7), np.float32)
    _require_structure(grid, field)
    foot = _find_foot(grid, smooth, field)
    threshold = np.full(smooth.shape, foot, np.float32)
    air = _find_air(grid, smooth < threshold, field)
    for _ in range(2):
        if not air.any():
            break
        rim = field & ~dilate_mask(air, 2) & dilate_mask(air, grid.to_px(RIM_MM))
        threshold = np.minimum(_measure_skin_threshold(grid, smooth, air, rim), np.float32(foot))
        air = _find_air(grid, smooth < threshold, field)
    return Body(field & ~air, air, threshold)


def depth_under_skin(grid: CoarseGrid, tissue: Mask, air: Mask) -> Pixels:
    """Distance in mm of each tissue pixel from the nearest air; 0 outside and where no air is seen."""
    if not air.any():
        return np.zeros(tissue.shape, np.float32)
    distance = measure_exact_distance(~air)
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


def _find_foot(grid: CoarseGrid, smooth: Pixels, field: Mask) -> float:
    """Grey level at which the dark regions at the edge of the field stop growing; below 0 if they never do.

    While the level rises through air they grow fast, at the skin they nearly stand still. Where that happens more than
    once the last large growth counts that is no limb: air beside padding, but not the dark thigh of a pelvis.
    """
    added = _measure_growth(smooth, field)
    levels = [(foot + 1) / LEVELS for foot in _list_growths(added)]
    if not levels:
        return -1.0
    air = _find_air(grid, smooth < levels[0], field)
    for foot, higher in pairwise(levels):
        wider = _find_air(grid, smooth < higher, field)
        if _is_thicker_inwards(grid, smooth, air, wider & ~air):
            return foot
        air = wider
    return levels[-1]


def _list_growths(added: Floats) -> list[int]:
    """Levels at which the growths of the dark regions end, up to the last large one."""
    feet = _find_feet(added)
    if not feet:
        return []
    growth = np.diff(np.cumsum(added)[feet], prepend=0.0)
    return feet[: np.flatnonzero(growth >= LARGE * growth.max())[-1] + 1]


def _is_thicker_inwards(grid: CoarseGrid, smooth: Pixels, air: Mask, beyond: Mask) -> bool:
    """Whether a region beside air attenuates more the deeper one looks into it, as a limb does and air does not."""
    inwards, outwards = measure_exact_distance(~air) * grid.mm, measure_exact_distance(air) * grid.mm
    places = (
        air & _is_between(outwards, AIR_SIDE_MM),
        beyond & _is_between(inwards, SKIN_SIDE_MM),
        beyond & _is_between(inwards, DEEP_MM),
    )
    if min(np.count_nonzero(place) for place in places) < LEAST_PIXELS:
        return False
    outside, skin, deep = (float(np.median(smooth[place])) for place in places)
    return deep - skin > THICKENS * (skin - outside)


def _is_between(distance: Pixels, ends: tuple[float, float]) -> Mask:
    return (distance > ends[0]) & (distance < ends[1])


def _measure_growth(smooth: Pixels, field: Mask) -> Floats:
    """Share of the field that each grey level that air can have adds to the dark regions at its edge."""
    size = smooth.shape[1] // 2, smooth.shape[0] // 2
    plane = np.asarray(cv2.resize(smooth, size, interpolation=cv2.INTER_AREA), np.float32)
    inside = np.asarray(cv2.resize(field.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0)
    edge = inside & ~_erode_field(inside, 2)
    levels = np.arange(1, round(AIR_PEAK * LEVELS) + 1) / LEVELS
    area = np.array([np.count_nonzero(keep_seeded(inside & (plane < level), edge)) for level in levels])
    added = np.diff(area, prepend=0) / max(np.count_nonzero(inside), 1)
    return gaussian_filter1d(added, 1.0, mode="constant")


def _find_feet(added: Floats) -> list[int]:
    """Levels at which growth has come down from a peak."""
    feet: list[int] = []
    foot = _find_next_foot(added, 0)
    while foot is not None:
        feet.append(foot)
        foot = _find_next_foot(added, _find_next_rise(added, foot))
    return feet


def _find_next_foot(added: Floats, start: int) -> int | None:
    """The level at which growth from `start` on has come down far, or to a valley: its nearer end."""
    if start >= added.size:
        return None
    peak = foot = start
    for level in range(start, added.size):
        if added[level] >= added[peak]:
            peak = foot = level
        elif added[level] < added[foot]:
            foot = level
        valley = added[foot] < VALLEY * added[peak] and added[level] > VALLEY_RISE * added[foot]
        if (valley or added[foot] < FOOT * added[peak]) and added[:foot].sum() > LEAST_GROWTH:
            break
    if added[foot] >= VALLEY * added[peak] or added[:foot].sum() <= LEAST_GROWTH:
        return None
    return peak + int(np.argmax(added[peak:] <= VALLEY_RISE * added[foot]))


def _find_next_rise(added: Floats, foot: int) -> int:
    """The level beyond `foot` at which another region begins to grow, or the end."""
    beyond = added[foot:]
    least = np.maximum(VALLEY_RISE * np.minimum.accumulate(beyond), NEW_GROWTH)
    risen = np.flatnonzero(beyond > least)
    if not risen.size:
        return int(added.size)
    return foot + int(risen[0])


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
