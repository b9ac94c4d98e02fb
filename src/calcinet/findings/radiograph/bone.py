"""Bone against the soft tissue around it, by its edges.

The thickness of soft tissue changes smoothly, bone begins with a step. So weak gradients and those of the skin are
dropped, and the rest is integrated again (a Poisson equation): soft tissue comes out flat, bone stands on it.
"""

from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.fft import dctn, idctn

from calcinet.arrays import Floats, Mask, Pixels
from calcinet.findings.coarse_grid import CoarseGrid, close_mask, dilate_mask, erode_mask, keep_seeded, open_mask

DEPTH_CLASSES: Final = 24
"""Number of depth classes of the soft-tissue profile; our choice."""

SOFT_QUANTILE: Final = 0.3
"""Quantile of grey level at one depth that is taken for soft tissue; our choice: bones fill less than 3/4 of it."""

WEAK: Final = 0.7
"""Share of the tissue's gradients that counts as weak; our choice: bone edges cover less than a third of a limb."""

BROAD: Final = 1.2
"""A gradient must exceed this multiple of the mean around it; our choice: edges of bone are sharp, slopes are not."""

BROAD_MM: Final = 4.0
"""Width of that mean; our choice."""

SKIN_MM: Final = 1.8
"""Depth within which gradients belong to the skin; our choice: no bone is nearer."""

SPREAD_MM: Final = (6.0, 15.0)
"""Width over which the soft-tissue level may drift in a finger and in a thick part; our choice: half of a bone."""

FINGER_MM: Final = (8.0, 16.0)
"""Greatest depth under the skin inside a finger, and inside a part that is surely thicker than one; our choice."""

LOCAL_MM: Final = 8.0
"""Width over which the height of bone is taken; our choice: one small bone."""

SURE: Final = 0.65
"""Share of the way from soft tissue to the local bone level that is bone beyond doubt; our choice."""

LIKELY: Final = 0.5
"""Share of that way that is bone where it touches what is sure; our choice: the half of an edge."""

FAINT: Final = 0.5
"""Share of that way that is bone in a narrow gap between bone; our choice: marrow and lesions, not tissue between."""

GAP_MM: Final = 3.0
"""Half the width of such a gap; our choice: half a marrow cavity."""

HOLLOW: Final = 0.25
"""Share of that way below which a wide hole in bone is soft tissue; our choice: dense ankles saturate above it."""

LEAST_CONTRAST: Final = 0.08
"""Least local height of bone, as a share of the greatest; our choice: a child's carpal bone against its radius."""

BONE_WIDTH_MM: Final = 3.5
"""Narrower things are not bone; our choice: a child's end phalanx is about as wide, a calcified artery's wall less."""


def find_bone(grid: CoarseGrid, tissue: Mask, depth: Pixels) -> Mask:
    """Pixels of the grid that show bone.

    What stands above the soft tissue, against the local height of bone, is bone, unless it is narrower than a bone.
    """
    relief = bone_relief(grid, tissue, depth)
    share = _compute_bone_share(grid, relief, tissue)
    bone = keep_seeded(tissue & (share > LIKELY), share > SURE)
    bone |= close_mask(bone, grid.to_px(GAP_MM)) & tissue & (share > FAINT)
    return _fill_and_trim(grid, bone, tissue, share < HOLLOW)


def bone_relief(grid: CoarseGrid, tissue: Mask, depth: Pixels) -> Pixels:
    """Grey level above soft tissue as far as steps tell, shape of the grid."""
    profile = _fit_soft_tissue(grid.plane, tissue, depth)
    across, down = _compute_differences(np.where(tissue, grid.blur(grid.plane, 0.4) - profile, 0.0))
    inner = tissue & ~dilate_mask(~tissue, grid.to_px(SKIN_MM))
    if not inner.any():
        return np.zeros(tissue.shape, np.float32)
    kept = _weigh_gradients(grid, np.hypot(across, down), inner, depth)
    return _flatten_soft_tissue(grid, _integrate(across * kept, down * kept), tissue, depth)


def _compute_differences(values: Floats) -> tuple[Floats, Floats]:
    """Differences of each pixel to the next one across and down; 0 at the last ones."""
    across, down = np.zeros(values.shape), np.zeros(values.shape)
    across[:, :-1], down[:-1] = np.diff(values, axis=1), np.diff(values, axis=0)
    return across, down


def _weigh_gradients(grid: CoarseGrid, slope: Floats, inner: Mask, depth: Pixels) -> Floats:
    """Weight of each gradient: 0 where it is weak or belongs to the skin, 1 where it is twice as steep as weak ones."""
    weak = _fit_quantile_to_depth(slope, inner, depth, WEAK)
    weak = np.maximum(weak, float(np.quantile(slope[inner], WEAK))) + 1e-9
    around = grid.local_mean(slope.astype(np.float32), inner + np.float32(1e-6), BROAD_MM)
    weak = np.maximum(weak, BROAD * around)
    return np.asarray(np.clip((slope / weak - 1.0) / 1.0, 0.0, 1.0) * inner)


def _integrate(across: Floats, down: Floats) -> Pixels:
    """The surface whose gradient is nearest to the given one (least squares, free edges; cosine transform).

    It solves the Poisson equation: its Laplacian is the divergence of (across, down). In cosines of j and k half
    periods over n rows and m columns the Laplacian is a factor 2 cos(pi j / n) - 2 + 2 cos(pi k / m) - 2.
    """
    height, width = across.shape
    divergence = across + down
    divergence[:, 1:] -= across[:, :-1]
    divergence[1:] -= down[:-1]
    weights = _compute_factors(height)[:, None] + _compute_factors(width)[None]
    weights[0, 0] = 1.0
    spectrum = dctn(divergence, type=2) / weights
    spectrum[0, 0] = 0.0
    return np.asarray(idctn(spectrum, type=2), np.float32)


def _compute_factors(count: int) -> Floats:
    """Second difference along one axis as a factor of each cosine."""
    return np.asarray(2.0 * np.cos(np.pi * np.arange(count) / count) - 2.0)


def _flatten_soft_tissue(grid: CoarseGrid, relief: Pixels, tissue: Mask, depth: Pixels) -> Pixels:
    """`relief` over its own soft-tissue level, which is found by leaving out, step by step, what stands above it."""
    scale = float(np.std(relief[tissue])) or 1.0
    thick = _measure_thickness(grid, depth)
    weights = tissue.astype(np.float32)
    for _ in range(5):
        level = _measure_level(grid, relief, weights, thick)
        above = np.clip((relief - level) / scale, -2.0, 2.0)
        weights = np.asarray(tissue / (1.0 + np.exp(10.0 * above - 1.0)), np.float32)
    return np.asarray(np.where(tissue, relief - level, 0.0), np.float32)


def _measure_level(grid: CoarseGrid, relief: Pixels, weights: Pixels, thick: Pixels) -> Pixels:
    """Mean of `relief` about each pixel, over a narrow surrounding in a finger and a wide one in a thick part."""
    near = grid.local_mean(relief, weights + np.float32(1e-6), SPREAD_MM[0])
    far = grid.local_mean(relief, weights + np.float32(1e-6), SPREAD_MM[1])
    return near + thick * (far - near)


def _measure_thickness(grid: CoarseGrid, depth: Pixels) -> Pixels:
    """0 in a finger, 1 in a thick part; 1 everywhere when no skin is seen."""
    if not depth.any():
        return np.ones(depth.shape, np.float32)
    thin, thick = FINGER_MM
    side = 2 * grid.to_px(thin) + 1
    deepest = grid.blur(np.asarray(cv2.dilate(depth, np.ones((side, side), np.uint8)), np.float32), thin / 2)
    return np.asarray(np.clip((deepest - thin) / (thick - thin), 0.0, 1.0), np.float32)


def _fit_soft_tissue(plane: Pixels, tissue: Mask, depth: Pixels) -> Floats:
    """Grey level of soft tissue by its depth, shape of the grid.

    With depth it may only rise ever more slowly, as the thickness of a limb does; so a bone that is equally deep all
    along a limb is not taken for its soft tissue.
    """
    steps = _divide_depth(depth[tissue])
    if steps.size < 3:
        return np.full(plane.shape, float(np.quantile(plane[tissue], SOFT_QUANTILE)))
    level = _measure_quantiles(plane[tissue], depth[tissue], steps, SOFT_QUANTILE)
    middle = (steps[:-1] + steps[1:]) / 2
    return np.asarray(np.interp(depth, middle, _limit_slope(middle, level)))


def _fit_quantile_to_depth(values: Floats, where: Mask, depth: Pixels, quantile: float) -> Floats:
    """A quantile of `values` among the pixels of `where` that are as deep, shape of the grid."""
    steps = _divide_depth(depth[where])
    if steps.size < 3:
        return np.full(values.shape, float(np.quantile(values[where], quantile)))
    level = _measure_quantiles(values[where], depth[where], steps, quantile)
    return np.asarray(np.interp(depth, (steps[:-1] + steps[1:]) / 2, level))


def _divide_depth(depth: Pixels) -> NDArray[Any]:
    """Bounds of depth classes that hold equally many pixels."""
    return np.unique(np.quantile(depth, np.linspace(0, 1, DEPTH_CLASSES + 1)))


def _measure_quantiles(values: NDArray[Any], depth: Pixels, steps: NDArray[Any], quantile: float) -> Floats:
    """A quantile of `values` in each depth class."""
    index = np.clip(np.digitize(depth, steps) - 1, 0, steps.size - 2)
    quantiles = np.zeros(steps.size - 1)
    for number in range(steps.size - 1):
        quantiles[number] = float(np.quantile(values[index == number], quantile))
    return quantiles


def _limit_slope(depth: NDArray[Any], level: Floats) -> Floats:
    """`level` with its slope kept from growing again below the steepest part of the outer third."""
    slope = np.maximum(np.diff(level) / np.diff(depth), 0.0)
    steepest = int(np.argmax(slope[: max(1, slope.size // 3)]))
    slope[steepest:] = np.minimum.accumulate(slope[steepest:])
    return np.concatenate([level[:1], level[0] + np.cumsum(slope * np.diff(depth))])


def _compute_bone_share(grid: CoarseGrid, relief: Pixels, tissue: Mask) -> Pixels:
    """Relief as a share of the local height of bone."""
    solid = np.asarray(cv2.morphologyEx(relief, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.float32)
    side = 2 * grid.to_px(LOCAL_MM / 2) + 1
    top = np.asarray(cv2.dilate(solid, np.ones((side, side), np.uint8)), np.float32)
    top = grid.local_mean(top, tissue + np.float32(1e-6), LOCAL_MM)
    least = LEAST_CONTRAST * float(np.quantile(top[tissue], 0.98))
    return np.asarray(relief / np.maximum(top, max(2.0 * least, 1e-6)), np.float32)


def _fill_and_trim(grid: CoarseGrid, bone: Mask, tissue: Mask, hollow: Mask) -> Mask:
    """Bones without their holes unless wide and `hollow`, and without what is too narrow for one."""
    bone = close_mask(bone, grid.to_px(1.0)) & tissue
    bone = keep_seeded(bone, open_mask(bone, max(1, grid.to_px(BONE_WIDTH_MM / 2))))
    bone = dilate_mask(open_mask(bone, grid.to_px(1.0)), 1) & tissue
    wide = erode_mask(~bone, grid.to_px(6.0)) & hollow
    holes = ~bone & ~keep_seeded(~bone, ~tissue | wide)
    return np.asarray(bone | (holes & tissue))
