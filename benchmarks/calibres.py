"""Measured calibres beside the diameters that were drawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from scipy.stats import iqr

from benchmarks.agreement import Estimate, Indices, bootstrap
from benchmarks.tables import Cell, Table
from calcinet.phantoms.radiograph.spec import LimbSpec
from calcinet.phantoms.truth import Phantom
from calcinet.record import FindingRecord, ImageRecord

RANGE_MM: Final = (1.0, 7.0)
"""True calibres that are judged here."""

REACH_MM: Final = 2.0
"""A marked vessel holds a drawn one when the drawn centre line is, for half of the mark's length, this near or within
half of the measured calibre: so two vessels that are taken for one count as a wrong calibre. Our choice: the radius of
a large vessel."""


@dataclass(frozen=True, slots=True)
class CalibrePair:
    """One marked vessel and the drawn one it lies on."""

    true_mm: float
    """Median outer diameter where it is calcified and the mark runs."""
    found_mm: float | None
    interval_mm: tuple[float, float] | None

    @property
    def judged(self) -> bool:
        """Whether it was measured and lies in the range."""
        return self.found_mm is not None and RANGE_MM[0] <= self.true_mm <= RANGE_MM[1]

    @property
    def covers(self) -> bool:
        """Whether the interval holds the truth."""
        return self.interval_mm is not None and self.interval_mm[0] <= self.true_mm <= self.interval_mm[1]


def calibre_pairs(phantom: Phantom[LimbSpec], record: ImageRecord) -> list[CalibrePair]:
    """Each marked vessel that holds a drawn one, with the drawn one that most of its centre line is nearest to."""
    drawn = phantom.truth.vessels
    if not drawn:
        return []
    tree = cKDTree(np.concatenate([vessel.centre_line for vessel in drawn]))
    owner = np.repeat(np.arange(len(drawn)), [len(vessel.centre_line) for vessel in drawn])
    diameter = np.concatenate([np.where(v.calcified, v.diameter_mm, np.nan) for v in drawn])
    pairs = []
    for finding in vessels_of(record):
        distance, index = tree.query(np.array(finding.polyline))
        true_mm = _drawn_mm(np.asarray(index, dtype=np.intp), owner, diameter)
        reach_mm = max(REACH_MM, (finding.calibre_mm or 0.0) / 2)
        if np.median(distance) * phantom.spec.pixel_mm <= reach_mm and np.isfinite(true_mm):
            pairs.append(CalibrePair(true_mm, finding.calibre_mm, finding.calibre_interval_mm))
    return pairs


def vessels_of(record: ImageRecord) -> list[FindingRecord]:
    """The marked vessels that have a centre line."""
    return [finding for finding in record.findings if finding.kind == "vessel" and finding.polyline]


def calibre_table(pairs: Sequence[Sequence[CalibrePair]], marked: int) -> Table:
    """Errors over all phantoms; `pairs` has one list a phantom, `marked` counts the vessels that were marked."""
    judged = [[pair for pair in film if pair.judged] for film in pairs]
    errors = [np.array([(pair.found_mm or 0.0) - pair.true_mm for pair in film]) for film in judged]
    covered = [np.array([pair.covers for pair in film], dtype=np.float64) for film in judged]
    rows: tuple[tuple[Cell, ...], ...] = (
        ("median absolute error, mm", _over(errors, lambda error: np.median(np.abs(error)))),
        ("median error (bias), mm", _over(errors, np.median)),
        ("interquartile range of the error, mm", _over(errors, iqr)),
        ("share of 95 % intervals that hold the truth", _over(covered, np.mean)),
    )
    empty, unmeasured = marked - sum(map(len, pairs)), sum(pair.found_mm is None for film in pairs for pair in film)
    note = (
        f"{marked} vessels marked; {empty} hold no drawn vessel, {unmeasured} hold one but were not measured. "
        f"Judged: {sum(map(len, errors))} that hold a vessel of 1 to 7 mm and were measured."
    )
    return Table("Calibre", ("measure", "calcinet"), rows, note)


def _drawn_mm(index: NDArray[np.intp], owner: NDArray[np.intp], diameter: NDArray[np.float64]) -> float:
    """Median diameter at the calcified points that a line is nearest to, of the vessel that most of them belong to."""
    mine = np.bincount(owner[index]).argmax()
    reached = diameter[np.unique(index[owner[index] == mine])]
    reached = reached[np.isfinite(reached)]
    return float(np.median(reached)) if reached.size else float("nan")


def _over(values: Sequence[NDArray[np.float64]], statistic: Callable[[NDArray[np.float64]], float]) -> Estimate:
    """A statistic over the vessels of all films, resampled by film."""

    def of(films: Indices) -> float:
        chosen = np.concatenate([values[film] for film in films])
        return float(statistic(chosen)) if chosen.size else float("nan")

    return bootstrap(of, len(values))
