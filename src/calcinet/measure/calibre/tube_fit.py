"""The least-squares fit of a blurred tube to measured profiles.

The model of the value at distance u from the line in one window is

    value(u) = amount s(u - centre; R, r, sigma, skew) + sum_b a_b background_b(u),

where s is the shadow of the tube (see `tube_model`). R, centre, skew, amount and a_b belong to the window; the lumen
share r^2 / R^2 and the logarithm of the blur over the given one belong to the whole vessel.
"""

from dataclasses import dataclass, replace
from itertools import product
from typing import Final

import numpy as np

from calcinet.arrays import Floats
from calcinet.measure.calibre.fit_state import LOG_RADIUS_SD, FitState, log_blur_sd
from calcinet.measure.calibre.gauss_newton import summarise_fit, take_step
from calcinet.measure.calibre.profiles import Common, Profiles, TubeFit

SCALES: Final = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.12, 1.25, 1.4, 1.6)
"""Starting points of the outer radius, over its first estimate. Our choice."""

SHARES: Final = (0.1, 0.5, 0.85)
"""Starting points of the lumen share. Our choice."""

SHIFTS: Final = (-0.5, -0.25, 0.0, 0.25, 0.5)
"""Starting points of the centre, in radii from the line. Our choice."""

BLURS: Final = (-1.2, 1.2)
"""Starting points of the blur, in sd from the given one, which is tried first. Our choice."""

OTHER_SHARES: Final = (0.03, 0.2, 0.4, 0.6, 0.8, 0.93)
"""Lumen shares that are held to see how far the radius follows. Our choice."""

OTHER_BLURS: Final = (-1.9, -1.0, 0.0, 1.0, 1.9)
"""Blurs that are held for the same, in sd from the given one. Our choice."""

OTHER_ITERATIONS: Final = 4
"""Steps with a lumen share and a blur that are held. Our choice."""

MIN_BLUR_SEARCH: Final = 0.05
"""A blur with a smaller relative sd needs no other starting point. Our choice."""

ITERATIONS: Final = 12
"""Most steps of a fit. Our choice."""

SETTLED: Final = 1e-3
"""Largest relative change of a radius at which the steps end. Our choice: far below any noise."""


def fit_tubes(
    profiles: Profiles, radius: Floats, *, start: Floats | None = None, common: Common | None = None
) -> TubeFit:
    """Fit a tube to every window.

    The model is that of a circular tube in parallel rays, chord(R) - chord(r), blurred by a Gaussian, on a straight
    background and the waves that the tissue beside has. The two walls may differ: the calcium density changes linearly
    across the tube. Gauss-Newton on all windows at once; the lumen share r^2/R^2 and what the blur differs from the
    given one are common to them and eliminated last (Schur complement).

    Parameters
    ----------
    profiles
        W windows of K bins.
    radius
        What the outer radius is expected to be, shape (W,).
    start, common
        Outer radius (W,) and common parameters near the optimum; without them both are searched on a coarse grid first.
    """
    if start is None or common is None:
        state = _search_grid(profiles, radius)
    else:
        state = FitState.from_radius(radius, common)
        state.log_radius = np.log(start)
    state.fit_linear(profiles)
    for _ in range(ITERATIONS):
        if take_step(state, profiles) < SETTLED:
            break
    return summarise_fit(state, profiles)


@dataclass(frozen=True, slots=True, eq=False)
class Alternative:
    """The best fit with another lumen share and blur, which are held."""

    log_radius: Floats
    """Shape (W,)."""

    unlikely: float
    """Minus twice the logarithm of its probability over that of the best fit of all."""


def alternatives(profiles: Profiles, radius: Floats, fit: TubeFit) -> list[Alternative]:
    """Fit again with other lumen shares and blurs: between a narrow tube well blurred and a wide one there is a valley.

    Parameters
    ----------
    profiles, radius
        As given to `fit_tubes`.
    fit
        What it found.
    """
    reweighted = replace(profiles, weight=fit.weight)
    best = FitState.from_fit(fit, radius, fit.common)
    best.fit_linear(reweighted)
    least = best.compute_cost(reweighted)
    found = []
    for share, blur in product(OTHER_SHARES, _list_blurs(profiles, fit)):
        state = FitState.from_fit(fit, radius, Common(share, blur))
        state.fit_linear(reweighted)
        for _ in range(OTHER_ITERATIONS):
            take_step(state, reweighted, hold_common=True)
        found.append(Alternative(state.log_radius, state.compute_cost(reweighted) - least))
    return found


def _list_blurs(profiles: Profiles, fit: TubeFit) -> list[float]:
    """Logarithms of the blurs that are held: that of the fit alone where the blur is well known."""
    if profiles.log_blur_sd <= MIN_BLUR_SEARCH:
        return [fit.common.log_blur]
    return [sd * profiles.log_blur_sd for sd in OTHER_BLURS]


@dataclass(frozen=True, slots=True, eq=False)
class _Trial:
    """A starting point, and its cost: the smaller, the better."""

    cost: float
    state: FitState


def _search_grid(profiles: Profiles, radius: Floats) -> FitState:
    """The best radius scale, lumen share and blur of the whole vessel, and the best shift of each window."""
    shifts = [shift * radius for shift in SHIFTS]
    trials = []
    for scale, share in product(SCALES, SHARES):
        trials.append(_try_start(profiles, radius, shifts, scale, Common(share)))
    best = _choose_best(trials)
    if profiles.log_blur_sd <= MIN_BLUR_SEARCH:
        return best.state
    trials = [best]
    for scale, share, blur in product(SCALES, SHARES, BLURS):
        common = Common(share, blur * profiles.log_blur_sd)
        trials.append(_try_start(profiles, radius, [best.state.centre], scale, common))
    return _choose_best(trials).state


def _choose_best(trials: list[_Trial]) -> _Trial:
    """The trial of least cost; of equal ones the first."""
    return min(trials, key=lambda trial: trial.cost)


def _try_start(profiles: Profiles, radius: Floats, centres: list[Floats], scale: float, common: Common) -> _Trial:
    """Tubes of one scale, in each window at the best of some centres, each of shape (W,)."""
    # all centres at once: what takes time is the number of calls, not the size of their arrays
    count = len(centres)
    together = FitState.from_radius(np.tile(radius * scale, count), common)
    misfit = together.fit_skew(profiles.repeat(count), np.concatenate(centres)).reshape(count, -1)
    best = (misfit.argmin(axis=0), np.arange(len(radius)))
    state = FitState.from_radius(radius * scale, common)
    state.expected = np.log(radius)
    state.centre = together.centre.reshape(count, -1)[best]
    state.skew = together.skew.reshape(count, -1)[best]
    bins = np.maximum((profiles.weight > 0).sum(axis=1), 1)
    # the noise may be more than given: then a misfit counts by its ratio to the best one
    by_windows = (bins * np.log1p(misfit.min(axis=0) / bins)).sum()
    by_prior = (np.log(scale) / LOG_RADIUS_SD) ** 2
    by_prior += (common.log_blur / log_blur_sd(profiles)) ** 2
    return _Trial(float(by_windows + by_prior), state)
