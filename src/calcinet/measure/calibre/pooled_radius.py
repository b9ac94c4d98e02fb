"""Many stretches of a vessel -> one calibre, and how sure it is where the tissue around misleads."""

from typing import Final

import numpy as np
from scipy.special import stdtrit

from calcinet.arrays import Floats
from calcinet.errors import NotMeasurable
from calcinet.measure.calibre.least_squares import OUTLIER_SIGMAS
from calcinet.measure.calibre.profile_windows import NORMAL95
from calcinet.measure.calibre.profiles import TubeFit
from calcinet.measure.calibre.tube_fit import Alternative
from calcinet.text import say

HIDDEN: Final = say("what lies around the vessel hides its walls")
"""Why a vessel that was found may have no calibre."""

MIN_TAPER_WINDOWS: Final = 4
"""Fewest windows that tell a taper from scatter. Our choice."""

UNTOLD_SD: Final = 0.3
"""A window whose own sd of the radius's logarithm is larger tells nothing. Our choice: above half of what was believed
before looking (`LOG_RADIUS_SD`)."""

FEWEST_TOLD: Final = 0.6
"""Share of the windows that must tell something. Our choice."""

MOST_UNSTEADY: Final = 0.12
"""Robust sd of the radius's logarithm from one stretch to the next beyond noise; above it, the vessel is not what was
fitted. Our choice: no artery's width jumps by an eighth all along."""

MEDIAN_SQUARE_OF_FOUR: Final = 0.705
"""Mean of the median of the squares of four standard normal numbers: there are four places beside a vessel."""

TINY: Final = 1e-30
"""Keeps windows that agree exactly from dividing by nothing."""

LEAST_FREEDOM: Final = 4
"""Student's quantile is not taken for fewer degrees of freedom. Our choice: their intervals say nothing."""

STRUCTURE: Final = 3.0
"""Factor on the variance that stretches of the vessel and the tissue beside it show. Our choice, from vessels put into
generated tissue: edges of muscle and bone err further than their variance tells."""

MODEL_SD: Final = 0.005
"""No calibre is known better than this, relatively. Our choice: no artery is quite round, no film quite straight."""


def typical_radius(fit: TubeFit, beside: Floats, others: list[Alternative], limit_mm: float) -> tuple[float, float]:
    """Typical outer radius of all windows, and the sd of its logarithm.

    A mean in which noisy windows count less and windows far from the median are drawn in: nearly as sharp as a mean,
    nearly as sturdy as a median. Where windows depart from an even taper by more than their own sd, what lies around
    misleads them, and neighbours alike: that widens the sd, the more the fewer they are. What the same fit reads from
    the bare tissue beside the vessel widens it too, and so do lumens and blurs that explain the picture about as well.

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
        If most windows tell nothing, or contradict one another.
    """
    told = (fit.own_sd < UNTOLD_SD) & (fit.amount > 0)
    if 2 * float(np.exp(np.median(fit.log_radius))) < limit_mm:
        told = fit.amount > 0
    elif told.mean() < FEWEST_TOLD or _unsteady(fit.log_radius[told], fit.own_sd[told] ** 2) > MOST_UNSTEADY:
        raise NotMeasurable(HIDDEN)
    if not told.any():
        raise NotMeasurable(HIDDEN)
    x, own, effect = fit.log_radius[told], fit.own_sd[told] ** 2, fit.common_effect[told]
    apart = _apart(x, own)
    limit = OUTLIER_SIGMAS * np.sqrt(own + apart)
    middle = np.median(x)
    drawn_in = np.clip(x, middle - limit, middle + limit)
    weight = 1 / (own + apart)
    weight /= weight.sum()
    alone = float((weight**2 * own).sum())
    misled = float((weight**2).sum()) * _misled(drawn_in, own)
    feigned = _feigned(weight, fit.influence[told], beside[:, told]) - alone
    shift, other = _shared(weight, fit.log_radius[told], [(o.log_radius[told], o.unlikely) for o in others])
    variance = alone + STRUCTURE * max(misled, feigned, 0.0) + max(float(((weight @ effect) ** 2).sum()), other)
    return float(np.exp((weight * drawn_in).sum() + shift)), float(np.sqrt(variance + MODEL_SD**2))


def _shared(weight: Floats, x: Floats, others: list[tuple[Floats, float]]) -> tuple[float, float]:
    """What other lumen shares and blurs would change, weighed by their probability: mean and variance."""
    moved = np.array([0.0, *(float(weight @ (log_radius - x)) for log_radius, _ in others)])
    probable = np.exp(-np.clip(np.array([0.0, *(unlikely for _, unlikely in others)]), 0, None) / 2)
    probable /= probable.sum()
    mean = float(probable @ moved)
    return mean, float(probable @ (moved - mean) ** 2)


def _feigned(weight: Floats, influence: Floats, beside: Floats) -> float:
    """Variance that bare tissue would add: what the same fit reads from it in the places beside the vessel."""
    read = np.einsum("wk,swk->sw", influence, beside)
    seen = np.isfinite(read)
    share = (weight * seen).sum(axis=1)
    whole = share > 0.5
    if not whole.any():
        return 0.0
    mean = (weight * np.where(seen, read, 0.0)).sum(axis=1)[whole] / share[whole]
    return float(np.median(mean**2)) / MEDIAN_SQUARE_OF_FOUR


def _unsteady(x: Floats, own: Floats) -> float:
    """Robust sd of neighbouring windows' differences beyond their own."""
    if len(x) < MIN_TAPER_WINDOWS:
        return 0.0
    scatter = (1.4826 * float(np.median(np.abs(np.diff(x))))) ** 2 / 2
    return float(np.sqrt(max(scatter - float(np.median(own)), 0.0)))


def _apart(x: Floats, own: Floats) -> float:
    """Variance of the windows about their median beyond their own."""
    return max(float((1.4826 * np.median(np.abs(x - np.median(x)))) ** 2 - np.median(own)), 0.0)


def _misled(x: Floats, own: Floats) -> float:
    """Variance of the windows about an even taper beyond their own, times how many neighbours share it."""
    if len(x) < 2:
        return 0.0
    beyond = np.diff(x) ** 2 / 2 - (own[1:] + own[:-1]) / 2
    jumps = max(float(beyond.mean()), 0.0) * _widened(len(x) - 1)
    if len(x) < MIN_TAPER_WINDOWS:
        return jumps
    at = np.linspace(-1, 1, len(x))
    weight = 1 / (own + _apart(x, own))
    line = np.polynomial.polynomial.polyfit(at, x, 1, w=np.sqrt(weight))
    rest = x - np.polynomial.polynomial.polyval(at, line)
    excess = float((weight * (rest**2 * len(x) / (len(x) - 2) - own)).sum() / weight.sum())
    alike = float(np.clip((rest[1:] * rest[:-1]).mean() / max(float((rest**2).mean()), TINY), 0.0, 0.9))
    return max(jumps, excess * (1 + alike) / (1 - alike) * _widened(len(x) - 2))


def _widened(freedom: int) -> float:
    """Squared ratio of Student's 97.5 % quantile to the normal one."""
    return float((stdtrit(max(freedom, LEAST_FREEDOM), 0.975) / NORMAL95) ** 2)
