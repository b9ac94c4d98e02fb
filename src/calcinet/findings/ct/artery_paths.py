"""Artery paths: plaques of a limb in line along it belong to one vessel."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from calcinet.arrays import Floats
from calcinet.findings.ct.coarse_grid import Spacing
from calcinet.findings.ct.shape import Shape

GAP_MM: Final = 45.0
"""Plaques of one artery are no farther apart along the body. Our choice: patchy disease of the leg."""

DRIFT: Final = 0.3
"""How far a path may move sideways for each mm along the body. Our choice: popliteal arteries slant by 15 degrees."""

WIDTH_MM: Final = 5.0
"""Sideways distance of plaques at the same height: opposite walls of a popliteal artery. Our choice."""

LEAST_EXTENT_MM: Final = 25.0
"""A shorter row of plaques may be in line by chance. Our choice."""

LEAST_MEMBERS: Final = 3
"""A row of this many plaques, or one long enough tube, is a path. Our choice."""

LONG_TUBE_MM: Final = 12.0
"""A tubular plaque this long, deep under the fascia, is a vessel by itself. Our choice: no other calcium there is."""

STEP_MM: Final = 5.0
"""Distance of the points of a path. Our choice."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ArteryPath:
    """One artery as far as its calcium shows it."""

    members: tuple[int, ...]
    """Indices of its plaques, from the feet upwards."""
    line: Floats
    """In mm from the first voxel (Z, Y, X), shape (N, 3), Z rising."""
    length_mm: float
    calcified_mm: float
    """Length of it that holds calcium."""

    @property
    def calcified_share(self) -> float:
        """Calcified length over length, 0 to 1, as in [jsdt2024_limb_ct]."""
        return self.calcified_mm / self.length_mm


def find_paths(shapes: Sequence[Shape], chosen: Sequence[int], spacing_mm: Spacing) -> list[ArteryPath]:
    """Join plaques that follow one another along the body.

    Parameters
    ----------
    shapes
        Shapes of all components.
    chosen
        Indices of those under the fascia of a limb.
    spacing_mm
        Distance of voxels along (Z, Y, X).
    """
    if not chosen:
        return []
    paths = []
    for group in _group_followers([_find_ends(shapes[n], spacing_mm) for n in chosen]):
        members = [chosen[k] for k in group]
        if _is_path([shapes[n] for n in members], spacing_mm):
            paths.append(_make_path(members, shapes, spacing_mm))
    return paths


def _find_ends(shape: Shape, spacing_mm: Spacing) -> Floats:
    """Lower and upper end of a plaque in mm, shape (2, 3)."""
    line = shape.line * np.array(spacing_mm)
    line = line[np.argsort(line[:, 0])]
    return np.stack([line[0], line[-1]])


def _group_followers(ends: Sequence[Floats]) -> list[list[int]]:
    """Numbers of the plaques that follow one another, group by group."""
    joined = np.zeros((len(ends), len(ends)), dtype=bool)
    for i, low in enumerate(ends):
        for j, high in enumerate(ends):
            joined[i, j] = i != j and _is_followed_by(low, high)
    count, group = connected_components(coo_matrix(joined), directed=False)
    return [np.flatnonzero(group == number).tolist() for number in range(count)]


def _is_followed_by(low: Floats, high: Floats) -> bool:
    """Whether the second plaque is above the first, or beside it, as plaques of one vessel are.

    The sideways distance may be up to `WIDTH_MM + DRIFT * rise`, where `rise` is the gap between them along the body.
    """
    if low[:, 0].mean() > high[:, 0].mean():
        return False
    step = high[0] - low[1]
    rise = max(0.0, float(step[0]))
    overlap_mm = -float(step[0])
    if overlap_mm >= WIDTH_MM:
        step = high[0] - low.mean(axis=0)  # they overlap in height: compare them where both are
    return rise <= GAP_MM and float(np.hypot(*step[1:])) <= WIDTH_MM + DRIFT * rise


def _is_path(shapes: Sequence[Shape], spacing_mm: Spacing) -> bool:
    """Whether plaques in line are a row, a pair with a tube, or one long tube."""
    height = _measure_height(shapes, spacing_mm)
    tubes = [shape.length_mm for shape in shapes if shape.form == "tubular"]
    is_row = len(shapes) >= LEAST_MEMBERS and height >= LEAST_EXTENT_MM
    is_pair = len(shapes) == 2 and height >= LEAST_EXTENT_MM and bool(tubes)
    is_tube = max(tubes, default=0.0) >= LONG_TUBE_MM and height >= LONG_TUBE_MM / 2
    return is_row or is_pair or is_tube


def _measure_height(shapes: Sequence[Shape], spacing_mm: Spacing) -> float:
    """Extent of plaques along the body in mm."""
    heights = np.concatenate([shape.line[:, 0] for shape in shapes]) * spacing_mm[0]
    return float(np.ptp(heights)) + spacing_mm[0]


def _make_path(members: Sequence[int], shapes: Sequence[Shape], spacing_mm: Spacing) -> ArteryPath:
    plaques = [shapes[n] for n in members]
    height = _measure_height(plaques, spacing_mm)
    line = _average_slabs(np.concatenate([plaque.line for plaque in plaques]) * np.array(spacing_mm))
    along = float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum()) + spacing_mm[0]
    length = max(along, height)
    covered = _measure_union([plaque.slices for plaque in plaques], spacing_mm[0])
    share = min(1.0, covered / height)
    from_the_feet = sorted(members, key=lambda n: float(shapes[n].centre[0]))
    return ArteryPath(members=tuple(from_the_feet), line=line, length_mm=length, calcified_mm=share * length)


def _average_slabs(points: Floats) -> Floats:
    """Mean of the points in each slab of `STEP_MM` along the body, shape (N, 3)."""
    slab = ((points[:, 0] - points[:, 0].min()) / STEP_MM).astype(np.intp)
    count = np.bincount(slab)
    sums = np.stack([np.bincount(slab, weights=axis) for axis in points.T], axis=1)
    return np.asarray(sums[count > 0] / count[count > 0, None])


def _measure_union(slices: Sequence[tuple[int, int]], slice_mm: float) -> float:
    """Length of the union of runs of slices in mm, each half a slice longer at both ends."""
    spans = sorted((first * slice_mm - slice_mm / 2, last * slice_mm + slice_mm / 2) for first, last in slices)
    total, reached = 0.0, -np.inf
    for low, high in spans:
        total += max(0.0, high - max(low, reached))
        reached = max(reached, high)
    return float(total)
