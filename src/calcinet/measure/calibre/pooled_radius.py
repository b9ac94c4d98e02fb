"""Many stretches of a vessel -> one calibre, and how sure it is where the tissue around misleads.

With x the logarithm of the radius in each window, clipped to its median, and s^2 its variance by noise and tissue:

    w        = 1 / (s^2 + between),  normalised to a sum of 1
    radius   = exp(sum w x + shift)
    variance = sum w^2 s^2 + STRUCTURE max(taper, tissue, 0) + max(sum_j (sum w e_j)^2, models) + MODEL_SD^2

`between` is the windows' variance beyond their own; `taper` what they depart from an even taper, `tissue` what the same
fit reads from the bare tissue beside the vessel; e_j the effects of lumen share and blur, and `shift` and `models` the
mean and the variance over other lumen shares and blurs, each weighed by its probability.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import stdtrit

from calcinet.arrays import Floats, Mask
from calcinet.constants import NORMAL_95
from calcinet.errors import NotMeasurable
from calcinet.measure.calibre.least_squares import OUTLIER_SIGMAS
from calcinet.measure.calibre.profiles import TubeFit
from calcinet.measure.calibre.tube_fit import Alternative
from calcinet.text import say

HIDDEN: Final = say("what lies around the vessel hides its walls")
"""Why a vessel that was found may have no calibre."""

MIN_TAPER_WINDOWS: Final = 4
"""Fewest windows that tell a taper from scatter. Our choice."""

MAX_WINDOW_SD: Final = 0.3
"""A window with a larger sd of the radius's logarithm is left out. Our choice: above half of what was expected before
looking (`LOG_RADIUS_SD`)."""

MIN_SHARE_SURE: Final = 0.6
"""Share of the windows that must be below `MAX_WINDOW_SD`. Our choice."""

MAX_UNSTEADINESS: Final = 0.12
"""Robust sd of the radius's logarithm from one stretch to the next beyond noise; above it, the vessel is not what was
fitted. Our choice: no artery's width jumps by an eighth all along."""

MAD_TO_SD: Final = 1.4826
"""Standard deviation of a normal distribution over its median absolute deviation."""

MEDIAN_SQUARE_OF_FOUR: Final = 0.705
"""Mean of the median of the squares of four standard normal numbers: the tissue is read at four offsets."""

TINY: Final = 1e-30
"""Keeps windows that agree exactly from dividing by nothing."""

LEAST_FREEDOM: Final = 4
"""Student's quantile is not taken for fewer degrees of freedom. Our choice: their intervals say nothing."""

STRUCTURE: Final = 3.0
"""Factor on the variance that stretches of the vessel and the tissue beside it show. Our choice, from vessels put into
generated tissue: edges of muscle and bone err further than their variance tells."""

MODEL_SD: Final = 0.005
"""Smallest relative sd of a calibre. Our choice: no artery is quite round, no film quite straight."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Windows:
    """Windows that are sure enough to be pooled."""

    log_radius: Floats
    clipped: Floats
    """`log_radius` without outliers, shape (N,)."""

    variance: Floats
    """Of `log_radius`, from each window's noise and tissue alone, shape (N,)."""

    weight: Floats
    """Share of each window in the mean, shape (N,)."""


def typical_radius(fit: TubeFit, beside: Floats, others: list[Alternative], limit_mm: float) -> tuple[float, float]:
    """Typical outer radius of all windows, and the sd of its logarithm.

    A mean in which noisy windows count less and windows far from the median are clipped: nearly as sharp as a mean,
    nearly as sturdy as a median. Where windows depart from an even taper by more than their own sd, what lies around
    misleads them, and neighbours alike: that widens the sd, the more the fewer they are. What the same fit reads from
    the bare tissue beside the vessel widens it too, and so do lumens and blurs that explain the picture about as well.
    The equation is in the docstring of this module.

    Parameters
    ----------
    fit
        Tubes in W windows.
    beside
        Profiles of bare tissue, shape (S, W, K), NaN where there is none.
    others
        Fits with other lumens and blurs.
    limit_mm
        Diameter that the film resolves; narrower vessels need not agree with themselves.

    Raises
    ------
    NotMeasurable
        If most windows are unsure, or contradict one another.
    """
    chosen = _select_windows(fit, limit_mm)
    windows = _weigh_windows(fit.log_radius[chosen], fit.own_sd[chosen] ** 2)
    weight = windows.weight
    by_noise = float((weight**2 * windows.variance).sum())
    by_taper = float((weight**2).sum()) * _measure_departure(windows.clipped, windows.variance)
    by_tissue = _read_tissue(weight, fit.influence[chosen], beside[:, chosen]) - by_noise
    by_common = float(((weight @ fit.common_effect[chosen]) ** 2).sum())
    shift, by_models = _average_models(windows, chosen, others)
    variance = by_noise + STRUCTURE * max(by_taper, by_tissue, 0.0) + max(by_common, by_models)
    radius = float(np.exp((weight * windows.clipped).sum() + shift))
    return radius, float(np.sqrt(variance + MODEL_SD**2))


def _select_windows(fit: TubeFit, limit_mm: float) -> Mask:
    """Windows to be pooled; of a vessel narrower than `limit_mm` all that show it."""
    seen = fit.amount > 0
    sure = (fit.own_sd < MAX_WINDOW_SD) & seen
    if 2 * float(np.exp(np.median(fit.log_radius))) < limit_mm:
        return _require_any(seen)
    if sure.mean() < MIN_SHARE_SURE:
        raise NotMeasurable(HIDDEN)
    if _measure_unsteadiness(fit.log_radius[sure], fit.own_sd[sure] ** 2) > MAX_UNSTEADINESS:
        raise NotMeasurable(HIDDEN)
    return _require_any(sure)


def _require_any(windows: Mask) -> Mask:
    if not windows.any():
        raise NotMeasurable(HIDDEN)
    return windows


def _weigh_windows(log_radius: Floats, variance: Floats) -> _Windows:
    """Clip outliers to the median, and weigh every window by its variance and that between windows."""
    whole_variance = variance + _measure_scatter(log_radius, variance)
    limit = OUTLIER_SIGMAS * np.sqrt(whole_variance)
    middle = np.median(log_radius)
    weight = 1 / whole_variance
    weight /= weight.sum()
    clipped = np.clip(log_radius, middle - limit, middle + limit)
    return _Windows(log_radius=log_radius, clipped=clipped, variance=variance, weight=weight)


def _average_models(windows: _Windows, chosen: Mask, others: list[Alternative]) -> tuple[float, float]:
    """What other lumen shares and blurs would change, weighed by their probability: mean and variance."""
    shifts, unlikely = [0.0], [0.0]
    for other in others:
        shifts.append(float(windows.weight @ (other.log_radius[chosen] - windows.log_radius)))
        unlikely.append(other.unlikely)
    shift = np.array(shifts)
    probability = np.exp(-np.clip(np.array(unlikely), 0, None) / 2)
    probability /= probability.sum()
    mean = float(probability @ shift)
    return mean, float(probability @ (shift - mean) ** 2)


def _read_tissue(weight: Floats, influence: Floats, beside: Floats) -> float:
    """Variance that bare tissue would add: what the same fit reads from it at the offsets beside the vessel."""
    read = np.einsum("wk,swk->sw", influence, beside)
    seen = np.isfinite(read)
    share = (weight * seen).sum(axis=1)
    whole = share > 0.5
    if not whole.any():
        return 0.0
    mean = (weight * np.where(seen, read, 0.0)).sum(axis=1)[whole] / share[whole]
    return float(np.median(mean**2)) / MEDIAN_SQUARE_OF_FOUR


def _measure_unsteadiness(x: Floats, variance: Floats) -> float:
    """Robust sd of neighbouring windows' differences beyond their own."""
    if len(x) < MIN_TAPER_WINDOWS:
        return 0.0
    scatter = (MAD_TO_SD * float(np.median(np.abs(np.diff(x))))) ** 2 / 2
    return float(np.sqrt(max(scatter - float(np.median(variance)), 0.0)))


def _measure_scatter(x: Floats, variance: Floats) -> float:
    """Variance of the windows about their median beyond their own."""
    scatter = (MAD_TO_SD * np.median(np.abs(x - np.median(x)))) ** 2
    return max(float(scatter - np.median(variance)), 0.0)


def _measure_departure(x: Floats, variance: Floats) -> float:
    """Variance of the windows about an even taper beyond their own, times how many neighbours share it."""
    if len(x) < 2:
        return 0.0
    beyond = np.diff(x) ** 2 / 2 - (variance[1:] + variance[:-1]) / 2
    jumps = max(float(beyond.mean()), 0.0) * _widen_for_few(len(x) - 1)
    if len(x) < MIN_TAPER_WINDOWS:
        return jumps
    weight = 1 / (variance + _measure_scatter(x, variance))
    rest = x - _fit_taper(x, weight)
    excess = float((weight * (rest**2 * len(x) / (len(x) - 2) - variance)).sum() / weight.sum())
    alike = _correlate_neighbours(rest)
    return max(jumps, excess * (1 + alike) / (1 - alike) * _widen_for_few(len(x) - 2))


def _fit_taper(x: Floats, weight: Floats) -> Floats:
    """The straight line through the windows, at each of them."""
    position = np.linspace(-1, 1, len(x))
    line = np.polynomial.polynomial.polyfit(position, x, 1, w=np.sqrt(weight))
    return np.asarray(np.polynomial.polynomial.polyval(position, line))


def _correlate_neighbours(rest: Floats) -> float:
    """Correlation of neighbouring residuals, from 0 to 0.9."""
    together = (rest[1:] * rest[:-1]).mean()
    return float(np.clip(together / max(float((rest**2).mean()), TINY), 0.0, 0.9))


def _widen_for_few(freedom: int) -> float:
    """Squared ratio of Student's 97.5 % quantile to the normal one."""
    return float((stdtrit(max(freedom, LEAST_FREEDOM), 0.975) / NORMAL_95) ** 2)
