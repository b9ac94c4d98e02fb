"""Artery paths: calcium of a limb that lies in line along it belongs to one vessel."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from calcinet.arrays import Floats
from calcinet.findings.ct.shape import Shape

GAP_MM: Final = 45.0
"""Along the body, plaques of one artery lie no farther apart. Our choice: patchy disease of the leg."""

DRIFT: Final = 0.3
"""How far a path may move sideways for each mm along the body. Our choice: popliteal arteries slant by 15 degrees."""

WIDTH_MM: Final = 5.0
"""Sideways distance of plaques at the same height: opposite walls of a popliteal artery. Our choice."""

LEAST_EXTENT_MM: Final = 25.0
"""A shorter row of plaques may lie in line by chance. Our choice."""

LEAST_PARTS: Final = 3
"""A row of this many parts, or one long enough tube, is a path. Our choice."""

LONG_TUBE_MM: Final = 12.0
"""A tubular part this long, deep under the fascia, is a vessel by itself. Our choice: no other calcium there is."""


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """One artery as far as its calcium shows it."""

    members: tuple[int, ...]
    """Indices of its parts, from the feet upwards."""
    line: Floats
    """In mm from the first voxel (Z, Y, X), shape (N, 3), Z rising."""
    length_mm: float
    calcified_mm: float
    """Length of it that holds calcium."""

    @property
    def calcified_share(self) -> float:
        """Calcified length over length, 0 to 1, as in [jsdt2024_limb_ct]."""
        return self.calcified_mm / self.length_mm


def find_paths(shapes: Sequence[Shape], chosen: Sequence[int], spacing_mm: tuple[float, float, float]) -> list[Path]:
    """Join parts that follow one another along the body.

    Parameters
    ----------
    shapes
        Of all parts.
    chosen
        Indices of those that lie under the fascia of a limb.
    spacing_mm
        Of the volume, (Z, Y, X).
    """
    if not chosen:
        return []
    ends = [_ends(shapes[n], spacing_mm) for n in chosen]
    pairs = [(i, j) for i in range(len(chosen)) for j in range(len(chosen)) if i != j and _follows(ends[i], ends[j])]
    rows, columns = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
    graph = coo_matrix((np.ones(len(pairs)), (rows, columns)), shape=(len(chosen),) * 2)
    _, group = connected_components(graph, directed=False)
    groups = [[chosen[int(k)] for k in np.flatnonzero(group == g)] for g in range(int(group.max()) + 1)]
    return [path for members in groups if (path := _path(members, shapes, spacing_mm)) is not None]


def _ends(shape: Shape, spacing_mm: tuple[float, float, float]) -> Floats:
    """Lower and upper end of a part in mm, shape (2, 3)."""
    line = shape.line * np.array(spacing_mm)
    line = line[np.argsort(line[:, 0])]
    return np.stack([line[0], line[-1]])


def _follows(low: Floats, high: Floats) -> bool:
    """Whether the second part lies above the first, or beside it, as plaques of one vessel do."""
    if low[:, 0].mean() > high[:, 0].mean():
        return False
    step = high[0] - low[1]
    rise = max(0.0, float(step[0]))
    if rise == 0:  # they overlap in height: compare them where both are
        step = high[0] - (low[1] if abs(step[0]) < WIDTH_MM else low.mean(axis=0))
    return rise <= GAP_MM and float(np.hypot(*step[1:])) <= WIDTH_MM + DRIFT * rise


def _path(members: list[int], shapes: Sequence[Shape], spacing_mm: tuple[float, float, float]) -> Path | None:
    lines = [shapes[n].line * np.array(spacing_mm) for n in members]
    points = np.concatenate(lines)
    tall = float(np.ptp(points[:, 0])) + spacing_mm[0]
    tubes = [shapes[n].length_mm for n in members if shapes[n].form == "tubular"]
    row = len(members) >= LEAST_PARTS and tall >= LEAST_EXTENT_MM
    pair = len(members) == 2 and tall >= LEAST_EXTENT_MM and bool(tubes)
    tube = max(tubes, default=0.0) >= LONG_TUBE_MM and tall >= LONG_TUBE_MM / 2
    if not (row or pair or tube):
        return None
    line = _along(points)
    length = float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum()) + spacing_mm[0]
    covered = _covered([np.array(shapes[n].slices) * spacing_mm[0] for n in members], spacing_mm[0])
    share = min(1.0, covered / tall)
    ordered = tuple(sorted(members, key=lambda n: float(shapes[n].centre[0])))
    length = max(length, tall)
    return Path(ordered, line, length, share * length)


STEP_MM: Final = 5.0
"""Distance of the points of a path. Our choice."""


def _along(points: Floats) -> Floats:
    slab = ((points[:, 0] - points[:, 0].min()) / STEP_MM).astype(np.intp)
    count = np.bincount(slab)
    sums = np.stack([np.bincount(slab, weights=points[:, k]) for k in range(3)], axis=1)
    return np.asarray(sums[count > 0] / count[count > 0, None])


def _covered(spans: list[Floats], slice_mm: float) -> float:
    """Length of the union of spans, each half a slice longer at both ends."""
    total, reached = 0.0, -np.inf
    for low, high in sorted((s[0] - slice_mm / 2, s[1] + slice_mm / 2) for s in spans):
        total += max(0.0, high - max(low, reached))
        reached = max(reached, high)
    return float(total)
