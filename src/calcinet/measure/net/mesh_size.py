"""Mesh size of a net with missing edges, from what breaks leave behind: loose ends.

In a whole net every junction joins three edges (four in a lattice). If each edge survives with probability s, a
junction of three keeps all of them with probability s^3 and just one with 3 s (1 - s)^2. So loose ends over junctions
tell s, s tells how much line is missing, and line length per area tells the mesh: the side of a square as large as the
mean cell is 1.9 s over the length per area, within 5 % for cells of any shape. No mesh needs to be closed.

An edge torn in the middle leaves two ends that face each other; such pairs are one edge again before anything is
counted.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import brentq

LENGTH_FACTOR: Final = 1.9
"""Length per area times the side of the mean cell in a whole net: 1.86 for hexagons, 2 for squares and for cells about
random points (both exact). Our choice: between, nearer to the even cells of tissue."""

MODEL_ERROR: Final = 0.05
"""Relative error of one standard deviation for cells of another shape and edges not missing at random. Our choice."""

MIN_JUNCTIONS: Final = 3
"""Fewer junctions make no mesh. Our choice."""

LEAST_INTACT: Final = 0.3
"""Below this the pieces say nothing of the net they come from. Our choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was counted inside a patch."""

    area_px2: float
    length_px: float
    ends: int
    """Loose ends."""

    threes: int
    """Junctions of three lines."""

    fours: int
    """Junctions of four lines and more."""


@dataclass(frozen=True, slots=True)
class Mesh:
    """Mesh size in pixels."""

    side_px: float
    """Side of a square as large as the mean mesh of the whole net."""

    interval_px: tuple[float, float]
    """95 % interval."""

    intact: float
    """Share of the net's edges that are there."""


def measure_mesh(counts: Counts) -> Mesh | None:
    """Mesh size from line length, ends and junctions; None where there are too few junctions for a net."""
    junctions = counts.threes + counts.fours
    if junctions < MIN_JUNCTIONS or counts.length_px <= 0:
        return None
    intact = surviving(counts.ends / junctions, counts.fours / max(counts.threes, 1))
    side = LENGTH_FACTOR * intact * counts.area_px2 / counts.length_px
    error = np.hypot(MODEL_ERROR, _estimate_count_error(counts, intact))
    interval = (float(side * np.exp(-1.96 * error)), float(side * np.exp(1.96 * error)))
    return Mesh(side_px=side, interval_px=interval, intact=intact)


def surviving(ends_per_junction: float, fours_per_three: float) -> float:
    """Share s of edges that survive, from the mix of loose ends and junctions that they leave.

    A share t of the nodes joined four edges when the net was whole; t follows from s and the fours that are left.

    >>> round(surviving(0.0, 0.0), 3), round(surviving(3.0, 0.0), 3)
    (1.0, 0.5)
    """
    if ends_per_junction <= 0:
        return 1.0

    def excess(s: float) -> float:
        t = _estimate_four_share(s, fours_per_three)
        q = 1 - s
        ends = 3 * (1 - t) * s * q**2 + 4 * t * s * q**3
        kept = (1 - t) * s**3 + t * (4 * s**3 * q + s**4)
        return ends / kept - ends_per_junction

    if excess(LEAST_INTACT) <= 0:
        return LEAST_INTACT
    return float(brentq(excess, LEAST_INTACT, 1.0))


def _estimate_four_share(s: float, fours_per_three: float) -> float:
    """Share of nodes that joined four edges: fours = t s^4, threes = (1 - t) s^3 + 4 t s^3 (1 - s)."""
    below = s + fours_per_three * (1 - 4 * (1 - s))
    if below <= 0:
        return 1.0
    return float(min(fours_per_three / below, 1.0))


def _estimate_count_error(counts: Counts, intact: float) -> float:
    """Relative error of s from counting: the odds (1 - s) / s go with the root of ends over junctions."""
    junctions = counts.threes + counts.fours
    by_ends = 0.5 * (1 - intact) * np.sqrt(1 / max(counts.ends, 1) + 1 / junctions)
    return float(by_ends + 0.5 / np.sqrt(junctions))
