"""Artery paths: plaques of a limb in line along it belong to one vessel."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from calcinet.arrays import Floats
from calcinet.findings.ct.coarse_grid import Spacing
from calcinet.findings.ct.shape import Shape, average_slabs

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


@dataclass(frozen=True, slots=True, eq=False)
class Plaque:
    """One component of calcium that may be an artery's."""

    number: int
    """Its index among all components."""
    shape: Shape


def find_paths(plaques: Sequence[Plaque], spacing_mm: Spacing) -> list[ArteryPath]:
    """Join plaques that follow one another along the body.

    Parameters
    ----------
    plaques
        Those under the fascia of a limb.
    spacing_mm
        Distance of voxels along (Z, Y, X).
    """
    if not plaques:
        return []
    ends = [_find_ends(plaque.shape, spacing_mm) for plaque in plaques]
    paths = []
    for group in _group_followers(ends):
        members = [plaques[k] for k in group]
        if is_path(members, spacing_mm):
            paths.append(make_path(members, spacing_mm))
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


def is_path(plaques: Sequence[Plaque], spacing_mm: Spacing) -> bool:
    """Whether plaques in line are a row, a pair with a tube, or one long tube."""
    height = float(np.ptp(_join_lines(plaques, spacing_mm)[:, 0])) + spacing_mm[0]
    tubes = [plaque.shape.length_mm for plaque in plaques if plaque.shape.form == "tubular"]
    is_row = len(plaques) >= LEAST_MEMBERS and height >= LEAST_EXTENT_MM
    is_pair = len(plaques) == 2 and height >= LEAST_EXTENT_MM and bool(tubes)
    is_tube = max(tubes, default=0.0) >= LONG_TUBE_MM and height >= LONG_TUBE_MM / 2
    return is_row or is_pair or is_tube


def make_path(plaques: Sequence[Plaque], spacing_mm: Spacing) -> ArteryPath:
    """The path that plaques in line show."""
    points = _join_lines(plaques, spacing_mm)
    line = average_slabs(points, points[:, 0], STEP_MM)
    height = float(np.ptp(points[:, 0])) + spacing_mm[0]
    along = float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum()) + spacing_mm[0]
    length = max(along, height)
    share = min(1.0, _measure_union(plaques, spacing_mm[0]) / height)
    from_the_feet = sorted(plaques, key=lambda plaque: float(plaque.shape.centre[0]))
    members = tuple(plaque.number for plaque in from_the_feet)
    return ArteryPath(members=members, line=line, length_mm=length, calcified_mm=share * length)


def _join_lines(plaques: Sequence[Plaque], spacing_mm: Spacing) -> Floats:
    """Points of all centre lines in mm, shape (N, 3)."""
    points = np.concatenate([plaque.shape.line for plaque in plaques])
    return np.asarray(points * np.array(spacing_mm))


def _measure_union(plaques: Sequence[Plaque], slice_mm: float) -> float:
    """Length along the body that plaques cover, in mm, each half a slice longer at both ends."""
    spans = []
    for plaque in plaques:
        first, last = plaque.shape.slices
        spans.append((first * slice_mm - slice_mm / 2, last * slice_mm + slice_mm / 2))
    total, reached = 0.0, -np.inf
    for low, high in sorted(spans):
        total += max(0.0, high - max(low, reached))
        reached = max(reached, high)
    return float(total)
