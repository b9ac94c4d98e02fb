"""Calcified length of arteries on CT, freed of what slices add at the ends of calcium, and how sure it is.

A slice that calcium only begins in counts as a whole, and the thin end of a plaque is missed: each run of calcium errs
by an amount that hangs on the distance of slices.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.constants import NORMAL_95

ADDED_SHARE: Final = 0.7
"""What a run of calcium seems longer by, in slices. Our own fit to generated legs of known length."""

MISSED_MM: Final = 0.6
"""What of a run's thin ends is not seen. Our own fit, as before."""

END_SD_MM: Final = 0.5
SLICE_SD: Final = 0.5
"""Standard deviation of a run's length: the first, and the second in slices. Our own fit, as before."""


WAY_SD: Final = 0.05
"""Relative standard deviation of a length besides: an artery winds, and its walls overlap in height. Our own fit to
four more legs."""


@dataclass(frozen=True, slots=True)
class CalcifiedLength:
    """How much of some arteries is calcified."""

    mm: float
    variance_mm2: float

    @property
    def interval_mm(self) -> tuple[float, float]:
        """95 % interval."""
        half = NORMAL_95 * float(np.sqrt(self.variance_mm2))
        return max(0.0, self.mm - half), self.mm + half


def calcified_length(seen_mm: float, runs: int, slice_mm: float) -> CalcifiedLength:
    """The true length that is likeliest behind what slices show.

    Parameters
    ----------
    seen_mm
        Height of the slices with calcium, along the artery.
    runs
        How many stretches without a gap it is made of.
    slice_mm
        Distance of slices.
    """
    per_run = ADDED_SHARE * slice_mm - MISSED_MM
    mm = max(0.0, seen_mm - runs * per_run)
    return CalcifiedLength(mm, runs * (END_SD_MM + SLICE_SD * slice_mm) ** 2 + (WAY_SD * mm) ** 2)


def add_lengths(lengths: Iterable[CalcifiedLength]) -> CalcifiedLength:
    """Several arteries together."""
    total_mm, variance_mm2 = 0.0, 0.0
    for length in lengths:
        total_mm += length.mm
        variance_mm2 += length.variance_mm2
    return CalcifiedLength(total_mm, variance_mm2)


def count_runs(slices: Sequence[tuple[int, int]]) -> int:
    """How many stretches without a gap parts make that reach from their first to their last slice.

    >>> count_runs([(0, 4), (5, 7), (9, 9)])
    2
    """
    runs, reached = 0, -2
    for first, last in sorted(slices):
        runs += first > reached + 1
        reached = max(reached, last)
    return runs


def share_percent(calcified_mm: float, length_mm: float) -> float:
    """Calcified length over length in percent, 100 at most [jsdt2024_limb_ct].

    >>> share_percent(20.0, 80.0), share_percent(12.4, 12.0)
    (25.0, 100.0)
    """
    return 100 * min(1.0, calcified_mm / length_mm)
