"""The least-squares fit of a blurred tube to measured profiles."""

from dataclasses import dataclass, replace
from itertools import product
from typing import Final

import numpy as np

from calcinet.arrays import Floats
from calcinet.measure.calibre.gauss_newton import LEAST_LOG_BLUR_SD, LOG_RADIUS_SD, FitState
from calcinet.measure.calibre.profiles import Common, Profiles, TubeFit

SCALES: Final = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.12, 1.25, 1.4, 1.6)
SHARES: Final = (0.1, 0.5, 0.85)
SHIFTS: Final = (-0.5, -0.25, 0.0, 0.25, 0.5)
BLURS: Final = (-1.2, 1.2)
"""Starting points: outer radius over its first estimate, lumen share, shift of the centre in radii, and blur in sd from
the given one. Our choice."""

OTHER_SHARES: Final = (0.03, 0.2, 0.4, 0.6, 0.8, 0.93)
OTHER_BLURS: Final = (-1.9, -1.0, 0.0, 1.0, 1.9)
OTHER_ITERATIONS: Final = 4
"""Lumen shares and blurs, in sd from the given one, that are held to see how far the radius follows. Our choice."""

MIN_BLUR_SEARCH: Final = 0.05
"""A blur that is known better than this, relatively, needs no other starting point. Our choice."""

ITERATIONS: Final = 12
SETTLED: Final = 1e-3
"""Most steps, and the largest relative change of a radius at which they end. Our choice: far below any noise."""


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
        state = _from_grid(profiles, radius)
    else:
        state = FitState.at(radius, common)
        state.log_radius = np.log(start)
    state.solve_linear(profiles)
    for _ in range(ITERATIONS):
        if state.step(profiles) < SETTLED:
            break
    return state.result(profiles)


@dataclass(frozen=True, slots=True, eq=False)
class Alternative:
    """The best fit when something else is held of what all windows share."""

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
    borne_out = replace(profiles, weight=fit.weight)
    known = profiles.log_blur_sd <= MIN_BLUR_SEARCH
    blurs = [fit.common.log_blur] if known else [sd * profiles.log_blur_sd for sd in OTHER_BLURS]
    best = FitState.like(fit, radius, fit.common)
    best.solve_linear(borne_out)
    least = best.cost(borne_out)
    found = []
    for share, blur in product(OTHER_SHARES, blurs):
        state = FitState.like(fit, radius, Common(share, blur))
        state.solve_linear(borne_out)
        for _ in range(OTHER_ITERATIONS):
            state.step(borne_out, held=True)
        found.append(Alternative(state.log_radius, state.cost(borne_out) - least))
    return found


def _from_grid(profiles: Profiles, radius: Floats) -> FitState:
    """The best radius scale, lumen share and blur of the whole vessel, and the best shift of each window."""
    shifts = [shift * radius for shift in SHIFTS]
    trials = [_best_of(profiles, radius, shifts, scale, Common(share)) for scale, share in product(SCALES, SHARES)]
    centred = min(trials, key=lambda trial: trial[0])
    if profiles.log_blur_sd > MIN_BLUR_SEARCH:
        blurs = [sd * profiles.log_blur_sd for sd in BLURS]
        there = [centred[1].centre]
        common = [(scale, Common(share, blur)) for scale, share, blur in product(SCALES, SHARES, blurs)]
        trials = [_best_of(profiles, radius, there, scale, one) for scale, one in common]
    return min([centred, *trials], key=lambda trial: trial[0])[1]


def _best_of(
    profiles: Profiles, radius: Floats, centres: list[Floats], scale: float, common: Common
) -> tuple[float, FitState]:
    """Cost, and state, of tubes of one scale at the best of some centres in each window."""
    # all centres at once: what takes time is the number of calls, not the size of their arrays
    count = len(centres)
    trial, found = FitState.at(np.tile(radius * scale, count), common), FitState.at(radius * scale, common)
    misfit = trial.tilted(profiles.times(count), np.concatenate(centres)).reshape(count, -1)
    bins = np.maximum((profiles.weight > 0).sum(axis=1), 1)
    window = (misfit.argmin(axis=0), np.arange(len(radius)))
    found.expected = np.log(radius)
    found.centre = trial.centre.reshape(count, -1)[window]
    found.skew = trial.skew.reshape(count, -1)[window]
    # the noise may be more than given: then a misfit counts by its ratio to the best one
    unlikely = (np.log(scale) / LOG_RADIUS_SD) ** 2
    unlikely += (common.log_blur / max(profiles.log_blur_sd, LEAST_LOG_BLUR_SD)) ** 2
    return float((bins * np.log1p(misfit.min(axis=0) / bins)).sum() + unlikely), found
