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
from calcinet.findings.coarse_grid import CoarseGrid, closed, dilated, eroded, opened, reached

DEPTH_CLASSES: Final = 24
"""Depth classes of the soft-tissue profile; our choice."""

SOFT_QUANTILE: Final = 0.3
"""Quantile of grey level at one depth that is taken for soft tissue; our choice: bones fill less than 3/4 of it."""

WEAK: Final = 0.7
"""Share of the tissue's gradients that counts as weak; our choice: bone edges cover less than a third of a limb."""

BROAD: Final = 1.2
"""A gradient must exceed this multiple of the mean around it; our choice: edges of bone are sharp, slopes are not."""

BROAD_MM: Final = 4.0
"""Width of that mean; our choice."""

SKIN_MM: Final = 1.8
"""Depth within which gradients belong to the skin; our choice: no bone lies nearer."""

SPREAD_MM: Final = (6.0, 15.0)
"""Width over which the soft-tissue level may drift in a finger and in a thick part; our choice: half of a bone."""

FINGER_MM: Final = (8.0, 16.0)
"""Greatest depth under the skin inside a finger, and inside what is surely thicker than one; our choice."""

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

    What stands above the soft tissue, against the local height of bone, is bone; what is narrower than a bone goes.
    """
    relief = bone_relief(grid, tissue, depth)
    share = _share_of_bone(grid, relief, tissue)
    bone = reached(tissue & (share > LIKELY), share > SURE)
    bone |= closed(bone, grid.px(GAP_MM)) & tissue & (share > FAINT)
    return _solid(grid, bone, tissue, share < HOLLOW)


def bone_relief(grid: CoarseGrid, tissue: Mask, depth: Pixels) -> Pixels:
    """Grey level above soft tissue as far as steps tell, shape of the grid."""
    profile = _by_depth(grid.plane, tissue, depth, SOFT_QUANTILE, flattening=True)
    smooth = np.where(tissue, grid.blurred(grid.plane, 0.4) - profile, 0.0)
    across, down = np.zeros(smooth.shape), np.zeros(smooth.shape)
    across[:, :-1], down[:-1] = np.diff(smooth, axis=1), np.diff(smooth, axis=0)
    slope = np.hypot(across, down)
    inner = tissue & ~dilated(~tissue, grid.px(SKIN_MM))
    if not inner.any():
        return np.zeros(smooth.shape, np.float32)
    weak = np.maximum(_by_depth(slope, inner, depth, WEAK), float(np.quantile(slope[inner], WEAK))) + 1e-9
    weak = np.maximum(weak, BROAD * grid.local_mean(slope.astype(np.float32), inner + np.float32(1e-6), BROAD_MM))
    kept = np.clip((slope / weak - 1.0) / 1.0, 0.0, 1.0) * inner
    return _flattened(grid, _integrated(across * kept, down * kept), tissue, depth)


def _integrated(across: Floats, down: Floats) -> Pixels:
    """The surface whose gradient is nearest to the given one (least squares, free edges; cosine transform)."""
    height, width = across.shape
    bend = across + down
    bend[:, 1:] -= across[:, :-1]
    bend[1:] -= down[:-1]
    rows = 2.0 * np.cos(np.pi * np.arange(height) / height) - 2.0
    columns = 2.0 * np.cos(np.pi * np.arange(width) / width) - 2.0
    weights = rows[:, None] + columns[None]
    weights[0, 0] = 1.0
    spectrum = dctn(bend, type=2) / weights
    spectrum[0, 0] = 0.0
    return np.asarray(idctn(spectrum, type=2), np.float32)


def _flattened(grid: CoarseGrid, relief: Pixels, tissue: Mask, depth: Pixels) -> Pixels:
    """`relief` over its own soft-tissue level, which is found by leaving out, step by step, what stands above it."""
    scale = float(np.std(relief[tissue])) or 1.0
    thick = _thickness(grid, depth)
    weights = tissue.astype(np.float32)
    for _ in range(5):
        near, far = (grid.local_mean(relief, weights + np.float32(1e-6), spread) for spread in SPREAD_MM)
        level = near + thick * (far - near)
        above = np.clip((relief - level) / scale, -2.0, 2.0)
        weights = np.asarray(tissue / (1.0 + np.exp(10.0 * above - 1.0)), np.float32)
    return np.asarray(np.where(tissue, relief - level, 0.0), np.float32)


def _thickness(grid: CoarseGrid, depth: Pixels) -> Pixels:
    """0 in a finger, 1 in a thick part; 1 everywhere when no skin is seen."""
    if not depth.any():
        return np.ones(depth.shape, np.float32)
    thin, thick = FINGER_MM
    side = 2 * grid.px(thin) + 1
    deepest = grid.blurred(np.asarray(cv2.dilate(depth, np.ones((side, side), np.uint8)), np.float32), thin / 2)
    return np.asarray(np.clip((deepest - thin) / (thick - thin), 0.0, 1.0), np.float32)


def _by_depth(
    values: NDArray[Any],
    where: Mask,
    depth: Pixels,
    quantile: float,
    *,
    flattening: bool = False,
) -> Floats:
    """A quantile of `values` among the pixels of `where` that lie as deep, shape of the grid.

    `flattening`: the quantile may only rise ever more slowly with depth, as the thickness of a limb does; so a bone
    that lies equally deep all along a limb is not taken for its soft tissue.
    """
    inside, among = depth[where], values[where]
    steps = np.unique(np.quantile(inside, np.linspace(0, 1, DEPTH_CLASSES + 1)))
    if steps.size < 3:
        return np.full(values.shape, float(np.quantile(among, quantile)))
    index = np.clip(np.digitize(inside, steps) - 1, 0, steps.size - 2)
    level = np.array([float(np.quantile(among[index == i], quantile)) for i in range(steps.size - 1)])
    middle = (steps[:-1] + steps[1:]) / 2
    return np.asarray(np.interp(depth, middle, _flattening(middle, level) if flattening else level))


def _flattening(depth: NDArray[Any], level: Floats) -> Floats:
    """`level` with its slope kept from growing again below the steepest part of the outer third."""
    slope = np.maximum(np.diff(level) / np.diff(depth), 0.0)
    steepest = int(np.argmax(slope[: max(1, slope.size // 3)]))
    slope[steepest:] = np.minimum.accumulate(slope[steepest:])
    return np.concatenate([level[:1], level[0] + np.cumsum(slope * np.diff(depth))])


def _share_of_bone(grid: CoarseGrid, relief: Pixels, tissue: Mask) -> Pixels:
    """Relief as a share of the local height of bone."""
    solid = np.asarray(cv2.morphologyEx(relief, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.float32)
    top = np.asarray(cv2.dilate(solid, np.ones((2 * grid.px(LOCAL_MM / 2) + 1,) * 2, np.uint8)), np.float32)
    top = grid.local_mean(top, tissue + np.float32(1e-6), LOCAL_MM)
    least = LEAST_CONTRAST * float(np.quantile(top[tissue], 0.98))
    return np.asarray(relief / np.maximum(top, max(2.0 * least, 1e-6)), np.float32)


def _solid(grid: CoarseGrid, bone: Mask, tissue: Mask, hollow: Mask) -> Mask:
    """Bones without their holes unless wide and `hollow`, and without what is too narrow for one."""
    bone = closed(bone, grid.px(1.0)) & tissue
    bone = reached(bone, opened(bone, max(1, grid.px(BONE_WIDTH_MM / 2))))
    bone = dilated(opened(bone, grid.px(1.0)), 1) & tissue
    holes = ~bone & ~reached(~bone, ~tissue | (eroded(~bone, grid.px(6.0)) & hollow))
    return np.asarray(bone | (holes & tissue))
