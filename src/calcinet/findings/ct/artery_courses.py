"""Arteries of a limb: both walls of one, and its plaques along the way, are one vessel on one course."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from calcinet.arrays import Floats, Indices, Pixels
from calcinet.findings.ct.artery_paths import ArteryPath, Plaque, is_path, make_path
from calcinet.findings.ct.coarse_grid import Spacing
from calcinet.findings.ct.deposit import Deposit
from calcinet.findings.ct.surroundings import BELOW_MUSCLE_HU

WALLS_MM: Final = 9.0
"""Opposite walls of one artery are no farther apart. Our choice: middles of the walls of a femoral artery of
10 mm."""

TOUCHING_MM: Final = 3.0
"""Calcium this near is one wall's, or fills the lumen between. Our choice: two widths of blur."""

ABREAST: Final = 0.6
"""Share of their common slices in which two pieces must look like walls of one artery. Our choice: arteries that cross
are near for a few."""

BETWEEN: Final = (0.35, 0.5, 0.65)
"""Where between two walls the blood is looked for. Our choice: clear of the blur of both."""

END_MM: Final = 5.0
"""Height over which the place of an end is averaged. Our choice."""

NEAR_GAP_MM: Final = (45.0, 6.0, 0.3)
FAR_GAP_MM: Final = (75.0, 4.0, 0.12)
"""Gap along the body, and how far aside the artery may be beyond it: so much, and so much for each mm of the gap. Our
choice: plaques of opposite walls of a tibial artery are 4 mm apart, popliteal arteries slant by 15 degrees; over a long
gap only what stays in line is the same artery."""

OVERLAP_MM: Final = 4.0
"""Pieces that follow one another overlap in height by no more. Our choice: a plaque on the slant."""

ASIDE_COST: Final = 3.0
"""A millimetre aside costs as much as this many along the body, when the next piece is chosen. Our choice."""


@dataclass(frozen=True, slots=True, eq=False)
class ArteryCourse:
    """Deposits that are one vessel."""

    members: tuple[int, ...]
    """Their numbers, from the feet upwards."""
    line: Floats
    """Middle of the vessel in mm from the first voxel (Z, Y, X), shape (N, 3), Z rising."""
    path: ArteryPath | None
    """Length and calcified share; None of calcium too short to show a course."""


@dataclass(frozen=True, slots=True, eq=False)
class _Stretch:
    """Pieces side by side, and the middle of what they are walls of, slice by slice."""

    members: tuple[int, ...]
    line: Floats
    """In mm (Z, Y, X), shape (N, 3), Z rising."""

    @property
    def low(self) -> Floats:
        """Place of its lower end."""
        return self._average(self.line[:, 0] <= self.line[0, 0] + END_MM, 0)

    @property
    def high(self) -> Floats:
        """Place of its upper end."""
        return self._average(self.line[:, 0] >= self.line[-1, 0] - END_MM, -1)

    def _average(self, near: Indices, end: int) -> Floats:
        return np.array([self.line[end, 0], *self.line[near, 1:].mean(axis=0)])


def find_courses(
    hu: Pixels, deposits: Mapping[int, Deposit], spacing_mm: Spacing, muscle_hu: float
) -> list[ArteryCourse]:
    """Join deposits of arteries that are one vessel; each belongs to one course, many courses have one alone.

    Parameters
    ----------
    hu
        The volume.
    deposits
        Those of arteries of the limbs, by number.
    spacing_mm
        Distance of voxels along (Z, Y, X).
    muscle_hu
        Brightness of muscle, of which blood is about as bright.
    """
    courses = []
    for side in ("R", "L", None):
        own = {number: deposit for number, deposit in deposits.items() if deposit.side == side}
        stretches = _join_walls(hu, own, spacing_mm, muscle_hu)
        for chain in _link_stretches(stretches):
            courses += _make_courses([stretches[k] for k in chain], deposits, spacing_mm)
    return courses


def _join_walls(hu: Pixels, deposits: Mapping[int, Deposit], spacing_mm: Spacing, muscle_hu: float) -> list[_Stretch]:
    """Deposits side by side with blood between them, group by group."""
    numbers = list(deposits)
    lines = [_trace_middles(deposits[number], spacing_mm) for number in numbers]
    joined = np.zeros((len(lines), len(lines)), dtype=bool)
    for i, one in enumerate(lines):
        for j, other in enumerate(lines[:i]):
            joined[i, j] = _are_walls(hu, one, other, spacing_mm, muscle_hu - BELOW_MUSCLE_HU)
    if not numbers:
        return []
    count, group = connected_components(coo_matrix(joined), directed=False)
    stretches = []
    for number in range(count):
        chosen = np.flatnonzero(group == number)
        line = _average_middles([lines[k] for k in chosen])
        stretches.append(_Stretch(tuple(numbers[k] for k in chosen), line))
    return stretches


def _trace_middles(deposit: Deposit, spacing_mm: Spacing) -> Floats:
    """Middle of a deposit in each of its slices in mm, shape (N, 3)."""
    voxels = deposit.part.voxels()
    heights, slot = np.unique(voxels[:, 0], return_inverse=True)
    count = np.bincount(slot)
    rows = np.bincount(slot, voxels[:, 1]) / count
    columns = np.bincount(slot, voxels[:, 2]) / count
    return np.asarray(np.stack([heights, rows, columns], axis=1) * np.array(spacing_mm))


def _average_middles(lines: Sequence[Floats]) -> Floats:
    """Mean of the middles of several pieces in each slice, shape (N, 3)."""
    points = np.concatenate(lines)
    heights, slot = np.unique(np.round(points[:, 0], 3), return_inverse=True)
    count = np.bincount(slot)
    return np.stack([heights, np.bincount(slot, points[:, 1]) / count, np.bincount(slot, points[:, 2]) / count], axis=1)


def _are_walls(hu: Pixels, one: Floats, other: Floats, spacing_mm: Spacing, blood_hu: float) -> bool:
    """Whether two pieces are walls of one artery: near to one another, and blood, not fat, between them."""
    _, at, beside = np.intersect1d(np.round(one[:, 0], 3), np.round(other[:, 0], 3), return_indices=True)
    if not len(at):
        return False
    first, second = one[at], other[beside]
    apart = np.hypot(*(first - second)[:, 1:].T)
    near = apart <= WALLS_MM
    if near.mean() < ABREAST:
        return False
    if float(np.median(apart)) <= TOUCHING_MM:
        return True
    between = []
    for share in BETWEEN:
        places = np.round((first + share * (second - first)) / np.array(spacing_mm)).astype(np.intp)
        between.append(hu[tuple(places[near].T)])
    return float(np.mean(between)) >= blood_hu


def _link_stretches(stretches: Sequence[_Stretch]) -> list[list[int]]:
    """Numbers of the stretches that follow one another, from the feet upwards, chain by chain.

    The cheapest links are made first; each end is linked once at most.
    """
    links = []
    for i, below in enumerate(stretches):
        for j, above in enumerate(stretches):
            cost = None
            if i != j:
                cost = _compute_cost(below, above)
            if cost is not None:
                links.append((cost, i, j))
    following: dict[int, int] = {}
    for _, i, j in sorted(links):
        if i not in following and j not in following.values():
            following[i] = j
    chains = []
    for start in sorted(set(range(len(stretches))) - set(following.values())):
        chain = [start]
        while chain[-1] in following:
            chain.append(following[chain[-1]])
        chains.append(chain)
    return chains


def _compute_cost(below: _Stretch, above: _Stretch) -> float | None:
    """Cost of going on from one stretch to the next in mm; None where they are two arteries."""
    if below.line[:, 0].mean() >= above.line[:, 0].mean():
        return None
    step = above.low - below.high
    rise, aside = float(step[0]), float(np.hypot(*step[1:]))
    if rise < -OVERLAP_MM:
        return None
    gap = max(rise, 0.0)
    for gap_mm, free_mm, drift in (NEAR_GAP_MM, FAR_GAP_MM):
        if gap <= gap_mm and aside <= free_mm + drift * gap:
            return gap + ASIDE_COST * aside
    return None


def _make_courses(
    chain: Sequence[_Stretch], deposits: Mapping[int, Deposit], spacing_mm: Spacing
) -> list[ArteryCourse]:
    """One course of a chain that is an artery's; else one of each of its stretches."""
    plaques = _list_plaques(chain, deposits)
    if is_path(plaques, spacing_mm):
        path = make_path(plaques, spacing_mm)
        line = np.concatenate([stretch.line for stretch in chain])
        return [ArteryCourse(path.members, line[np.argsort(line[:, 0], kind="stable")], path)]
    return [ArteryCourse(stretch.members, stretch.line, None) for stretch in chain]


def _list_plaques(chain: Sequence[_Stretch], deposits: Mapping[int, Deposit]) -> list[Plaque]:
    plaques = []
    for stretch in chain:
        plaques += [Plaque(number, deposits[number].shape) for number in stretch.members]
    return plaques
