"""Bone against the soft tissue around it."""

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage.segmentation import watershed

from calcinet.findings.workgrid import WorkGrid, closed, dilated, eroded, opened, reached

LEVELS: Final = 24
"""Depth classes of the soft-tissue profile; our choice."""

SOFT_QUANTILE: Final = 0.25
"""Quantile of grey level at one depth that is taken for soft tissue; our choice: bones fill less than three quarters."""

SPREAD_MM: Final = 25.0
"""Width over which the soft-tissue level may vary beyond its depth; our choice: wider than most bones."""

SURE: Final = 0.55
"""Share of the way from soft tissue to the local bone level that is bone beyond doubt; our choice."""

MAYBE: Final = 0.22
"""Share of that way below which is soft tissue beyond doubt; our choice."""

LEAST_CONTRAST: Final = 0.06
"""Least height of bone over soft tissue, as a share of the step from air to the brightest bone; our choice."""

BONE_WIDTH_MM: Final = 4.5
"""Narrower things are not bone; our choice: a child's end phalanx is about as wide, a calcified artery's wall less."""


def find_bone(grid: WorkGrid, tissue: NDArray[np.bool_], depth: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Pixels of the grid that show bone.

    Soft tissue is a smooth surface: a quantile profile over the depth under the skin, bent locally to pixels that
    are not bone. What stands above it, against the local height of bone, is marked sure or maybe; a watershed on the
    gradient puts the edge between; what is narrower than a bone goes.
    """
    soft = soft_surface(grid, tissue, depth)
    excess = np.asarray(np.where(tissue, grid.blurred(grid.plane, 0.3) - soft, 0.0), np.float32)
    share = _share_of_bone(grid, excess, tissue)
    sure = opened(tissue & (share > SURE), max(1, grid.px(BONE_WIDTH_MM / 4)))
    sure = closed(sure, grid.px(1.0)) & (share > MAYBE)
    edges = cv2.morphologyEx(grid.blurred(grid.plane, 0.4), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    markers = np.where(sure, 2, np.where(tissue & (share > MAYBE), 0, 1)).astype(np.int32)
    bone = np.asarray(watershed(edges, markers) == 2) & tissue
    return _solid(grid, bone, tissue)


def soft_surface(grid: WorkGrid, tissue: NDArray[np.bool_], depth: NDArray[np.float32]) -> NDArray[np.float32]:
    """Grey level that soft tissue alone would have, shape of the grid."""
    profile = _depth_profile(grid.plane, tissue, depth)
    rest = grid.plane - profile
    scale = float(np.std(rest[tissue])) or 1.0
    weights = tissue.astype(np.float32)
    surface = np.zeros(rest.shape, np.float32)
    for _ in range(6):
        surface = grid.local_mean(rest, weights + np.float32(1e-6), SPREAD_MM)
        above = (rest - surface) / scale
        weights = np.asarray(tissue / (1.0 + np.exp(np.clip(12.0 * above - 1.0, -30, 30))) + 1e-6, np.float32)
    return np.asarray(profile + surface, np.float32)


def _depth_profile(
    plane: NDArray[np.float32], tissue: NDArray[np.bool_], depth: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Low quantile of grey level among pixels as deep, never falling with depth."""
    inside = depth[tissue]
    if inside.size == 0 or float(inside.max()) <= 0:
        return np.full(plane.shape, float(np.quantile(plane[tissue], SOFT_QUANTILE)) if inside.size else 0, np.float32)
    steps = np.unique(np.quantile(inside, np.linspace(0, 1, LEVELS + 1)))
    index = np.clip(np.digitize(inside, steps) - 1, 0, steps.size - 2)
    values = plane[tissue]
    level = np.array([np.quantile(values[index == i], SOFT_QUANTILE) for i in range(steps.size - 1)])
    middle = (steps[:-1] + steps[1:]) / 2
    return np.asarray(np.interp(depth, middle, np.maximum.accumulate(level)), np.float32)


def _share_of_bone(grid: WorkGrid, excess: NDArray[np.float32], tissue: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Excess over soft tissue as a share of the local height of bone."""
    wide = np.asarray(cv2.morphologyEx(excess, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.float32)
    local = cv2.dilate(wide, np.ones((2 * grid.px(8.0) + 1,) * 2, np.uint8))
    local = grid.local_mean(np.asarray(local, np.float32), tissue + np.float32(1e-6), 8.0)
    least = LEAST_CONTRAST * float(np.quantile(grid.plane[tissue], 0.99))
    return np.asarray(excess / np.maximum(local, 2 * least), np.float32)


def _solid(grid: WorkGrid, bone: NDArray[np.bool_], tissue: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Bones without their holes, and without what is too narrow for one."""
    bone = closed(bone, grid.px(1.0)) & tissue
    bone = reached(bone, opened(bone, max(1, grid.px(BONE_WIDTH_MM / 2))))
    bone = dilated(opened(bone, grid.px(1.0)), 1) & tissue
    holes = ~bone & ~reached(~bone, ~tissue | eroded(~bone, grid.px(6.0)))
    return np.asarray(bone | (holes & tissue))
