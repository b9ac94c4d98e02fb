"""Agreement of what was found with what is there, and how sure the numbers are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage as ndi
from scipy.stats import beta
from skimage.morphology import skeletonize

RESAMPLES: Final = 2000
"""Bootstrap resamples. Our choice: the ends of a 95 % interval are then steady to about a per cent of its width."""

BOOTSTRAP_SEED: Final = 20
"""The same films give the same intervals."""

LINE_TOLERANCE_PX: Final = 2.0
"""A point of a centre line this near to the other line lies on it. Our choice: the width of a drawn line."""

Mask = NDArray[np.bool_]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval, and the number of things it rests on."""

    value: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True)
class Overlap:
    """Marked and true pixels, or centre-line pixels, of one film or of several summed."""

    right: int
    """Marked ones that are true."""
    marked: int
    seen: int
    """True ones that are marked."""
    true: int

    @classmethod
    def of_pixels(cls, marked: Mask, true: Mask) -> Self:
        """Count two masks of one shape."""
        both = int((marked & true).sum())
        return cls(both, int(marked.sum()), both, int(true.sum()))

    @classmethod
    def of_lines(cls, marked: Mask, true: Mask, tolerance_px: float = LINE_TOLERANCE_PX) -> Self:
        """Thin two masks of one shape (Y, X) to their centre lines and count what lies near the other's."""
        one, other = _thinned(marked), _thinned(true)
        right, seen = _near(other, tolerance_px)[one].sum(), _near(one, tolerance_px)[other].sum()
        return cls(int(right), int(one.sum()), int(seen), int(other.sum()))

    @property
    def dice(self) -> float:
        """Harmonic mean of the shares that are right and that are seen; NaN where nothing is marked and nothing true.

        Of pixels this is 2 |A and B| / (|A| + |B|).
        """
        if not self.marked and not self.true:
            return float("nan")
        if not self.right or not self.seen:
            return 0.0
        right, seen = self.right / self.marked, self.seen / self.true
        return 2 * right * seen / (right + seen)


def pooled(overlaps: Iterable[Overlap]) -> Overlap:
    """Add up films."""
    counts = np.array([(o.right, o.marked, o.seen, o.true) for o in overlaps]).reshape(-1, 4).sum(axis=0)
    return Overlap(*map(int, counts))


def auc(scores: NDArray[np.floating], present: Mask) -> float:
    """Chance that a film with the sign scores above one without it, ties counting half; NaN without either kind."""
    above = scores[present][:, None] - scores[~present][None, :]
    return float(np.mean((above > 0) + 0.5 * (above == 0))) if above.size else float("nan")


def bootstrap(statistic: Callable[[Indices], float], count: int) -> Estimate:
    """Percentile interval of a statistic over resampled films.

    Parameters
    ----------
    statistic
        Takes the indices of films, one film possibly several times; NaN where they do not define it.
    count
        Number of films.
    """
    whole = statistic(np.arange(count))
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    drawn = np.array([statistic(rng.integers(0, count, count)) for _ in range(RESAMPLES)])
    drawn = drawn[np.isfinite(drawn)]
    low, high = np.percentile(drawn, (2.5, 97.5)) if drawn.size else (np.nan, np.nan)
    return Estimate(float(whole), float(low), float(high), count)


def clopper_pearson(hits: int, of: int) -> Estimate:
    """A share with its exact 95 % interval (Clopper and Pearson, from the beta distribution)."""
    if of == 0:
        return Estimate(float("nan"), 0.0, 1.0, 0)
    low = float(beta.ppf(0.025, hits, of - hits + 1)) if hits else 0.0
    high = float(beta.ppf(0.975, hits + 1, of - hits)) if hits < of else 1.0
    return Estimate(hits / of, low, high, of)


def _thinned(mask: Mask) -> Mask:
    return np.asarray(skeletonize(mask) > 0)


def _near(line: Mask, tolerance_px: float) -> Mask:
    if not line.any():
        return np.zeros(line.shape, dtype=bool)
    return np.asarray(ndi.distance_transform_edt(~line) <= tolerance_px)
