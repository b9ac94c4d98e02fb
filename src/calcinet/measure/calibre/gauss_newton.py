"""One Gauss-Newton step of all windows at once: each window's own parameters, and two that the vessel has in common."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Floats, Mask
from calcinet.measure.calibre.fit_state import SKEW_SD, FitState, join_columns, log_blur_sd
from calcinet.measure.calibre.least_squares import predict, solve, trust_residuals
from calcinet.measure.calibre.profiles import LUMEN_SHARE, LUMEN_SHARE_SD, Common, Profiles, TubeFit
from calcinet.measure.calibre.tube_model import TubeShape

MAX_LUMEN_SHARE: Final = 0.97
"""Largest lumen share. Our choice: the wall is then under 1.6 % of the radius thick, which is below any blur here."""

LOG_RADIUS_RANGE: Final = (-0.8, 0.4)
"""Smallest and largest logarithm of the radius over its first estimate: from 0.45 to 1.5 of it. Our choice: the trace
of a fine line is as wide as the blur, but a tube half as wide again belongs to another line."""

MAX_LOG_BLUR: Final = 1.0
"""Largest logarithm of the blur over the given one, to either side. Our choice: a factor of 2.7."""

LIMIT_MARGIN: Final = 1e-3
"""A radius this near to its upper limit, as a logarithm, was held by the limit. Our choice."""

UNKNOWN_SD: Final = 10.0
"""Sd of the logarithm of a radius that its limit held. Our choice: as good as infinite."""

STIFF: Final = 1e9
"""Factor on the information of a parameter that holds it where it is."""

MAX_LOG_STEP: Final = 0.2
"""Largest change in one step of the logarithms of radius and blur, and of the lumen share. Our choice."""

MAX_SKEW_STEP: Final = 0.5
"""Largest change of the skew in one step. Our choice."""


@dataclass(slots=True, eq=False, kw_only=True)
class NormalEquations:
    """Normal equations of W windows with P parameters each, and two parameters in common.

    With the Jacobian J of the windows' own parameters p, the Jacobian C of the common ones c, weights w and residuals
    r, the step solves

        (J'wJ + prior) dp +        (J'wC) dc = J'wr - prior (p - p0)        for each window,
        sum (C'wJ) dp + (sum C'wC + prior) dc = sum C'wr - prior (c - c0).
    """

    weight: Floats
    """1 / variance of each bin as the residuals bear it out, shape (W, K)."""

    weighted: Floats
    """J'w, shape (W, P, K)."""

    block: Floats
    """J'wJ + prior, shape (W, P, P)."""

    coupling: Floats
    """J'wC, shape (W, P, 2)."""

    right: Floats
    """J'wr - prior (p - p0), shape (W, P)."""

    common_block: Floats
    """Sum of C'wC, plus the prior, shape (2, 2)."""

    common_right: Floats
    """Sum of C'wr - prior (c - c0), shape (2,)."""

    common_prior: Floats
    """1 / variance of the common parameters before looking, shape (2,)."""

    def solve_windows(self) -> tuple[Floats, Floats]:
        """Steps of the windows at dc = 0, shape (W, P), and how they change with dc, shape (W, P, 2)."""
        both = solve(self.block, np.concatenate([self.right[..., None], self.coupling], axis=-1))
        return both[..., 0], both[..., 1:]

    def compute_schur(self, by_common: Floats) -> Floats:
        """Information on the common parameters when the windows' own are free (Schur complement), shape (2, 2)."""
        left = self.common_block - np.einsum("wpc,wpd->cd", self.coupling, by_common)
        values, vectors = np.linalg.eigh((left + left.T) / 2 - np.diag(self.common_prior))
        return np.asarray((vectors * np.maximum(values, 0)) @ vectors.T + np.diag(self.common_prior))

    def hold_skew(self, windows: Mask) -> None:
        """Let the skew of these windows, shape (W,), stay where it is."""
        self.block[windows, 2, 2] *= STIFF
        self.right[windows, 2] = 0.0


def build_equations(state: FitState, profiles: Profiles) -> NormalEquations:
    """Normal equations at a state; a window's parameters are log radius, centre, skew, amount and background."""
    shape = state.compute_shape(profiles)
    basis = join_columns(profiles, shape.plain)
    own = np.concatenate([_derive_own(shape, state), basis], axis=-1)
    common = _derive_common(shape, state)
    residual = profiles.value - predict(basis, state.linear)
    weight = trust_residuals(residual, profiles.weight)[..., None]
    weighted = np.swapaxes(own * weight, 1, 2)
    block, right = weighted @ own, (weighted @ residual[..., None])[..., 0]
    _add_priors(state, profiles, block, right)
    prior = np.array([LUMEN_SHARE_SD, log_blur_sd(profiles)]) ** -2.0
    excess = np.array([state.common.share - LUMEN_SHARE, state.common.log_blur])
    return NormalEquations(
        weight=weight[..., 0],
        weighted=weighted,
        block=block,
        coupling=weighted @ common,
        right=right,
        common_block=(np.swapaxes(common * weight, 1, 2) @ common).sum(axis=0) + np.diag(prior),
        common_right=(common * weight * residual[..., None]).sum(axis=(0, 1)) - prior * excess,
        common_prior=prior,
    )


def _derive_own(shape: TubeShape, state: FitState) -> Floats:
    """Derivatives of the model by log radius, centre and skew, shape (W, K, 3)."""
    columns = np.stack([shape.by_log_radius, shape.by_centre, shape.by_skew], axis=-1)
    return np.asarray(state.linear[:, :1, None] * columns)


def _derive_common(shape: TubeShape, state: FitState) -> Floats:
    """Derivatives of the model by lumen share and log blur, shape (W, K, 2)."""
    columns = np.stack([shape.by_share, shape.by_log_blur], axis=-1)
    return np.asarray(state.linear[:, :1, None] * columns)


def _add_priors(state: FitState, profiles: Profiles, block: Floats, right: Floats) -> None:
    """Add what is expected of a window before looking to its equations."""
    _add_prior(block, right, 0, state.log_radius - state.expected, state.log_radius_sd)
    _add_prior(block, right, 1, state.centre, state.centre_sd)
    _add_prior(block, right, 2, state.skew, SKEW_SD)
    columns = np.arange(4, block.shape[-1])
    block[:, columns, columns] += profiles.stiffness
    right[:, 4:] -= profiles.stiffness * state.linear[:, 1:]


def _add_prior(block: Floats, right: Floats, index: int, excess: Floats, sd: Floats | float) -> None:
    """Add one parameter's deviation `excess` (W,) from what is expected, of standard deviation `sd`."""
    block[:, index, index] += 1 / np.square(sd)
    right[:, index] -= excess / np.square(sd)


def take_step(state: FitState, profiles: Profiles, *, hold_common: bool = False) -> float:
    """Take one damped Gauss-Newton step, and return the largest change of a logarithm of a radius.

    Parameters
    ----------
    state
        Changed in place.
    profiles
        W windows.
    hold_common
        Keep lumen share and blur as they are.
    """
    equations = build_equations(state, profiles)
    by_right, by_common = equations.solve_windows()
    # a skew that is pushed beyond its limit stays there, and the others step without it
    pushed = (np.abs(state.skew) >= 1) & (by_right[:, 2] * state.skew > 0)
    if pushed.any():
        equations.hold_skew(pushed)
        by_right, by_common = equations.solve_windows()
    change = np.zeros(2)
    if not hold_common:
        change = _step_common(state, equations, by_right, by_common)
    step = by_right - by_common @ change
    _step_windows(state, step)
    state.fit_linear(profiles)
    return float(np.abs(step[:, 0]).max())


def _step_common(state: FitState, equations: NormalEquations, by_right: Floats, by_common: Floats) -> Floats:
    """Step lumen share and blur; returns their changes, shape (2,)."""
    right = equations.common_right - np.einsum("wpc,wp->c", equations.coupling, by_right)
    step = np.clip(np.linalg.solve(equations.compute_schur(by_common), right), -MAX_LOG_STEP, MAX_LOG_STEP)
    before = state.common
    share = np.clip(before.share + step[0], 0.01, MAX_LUMEN_SHARE)
    log_blur = np.clip(before.log_blur + step[1], -MAX_LOG_BLUR, MAX_LOG_BLUR)
    state.common = Common(float(share), float(log_blur))
    return np.array([state.common.share - before.share, state.common.log_blur - before.log_blur])


def _step_windows(state: FitState, step: Floats) -> None:
    """Step radius, centre and skew of every window, each within its limits."""
    low, high = LOG_RADIUS_RANGE
    log_radius = state.log_radius + np.clip(step[:, 0], -MAX_LOG_STEP, MAX_LOG_STEP)
    state.log_radius = np.clip(log_radius, state.expected + low, state.expected + high)
    half_radius = np.exp(state.log_radius) / 2
    farthest = 4 * state.centre_sd
    centre = state.centre + np.clip(step[:, 1], -half_radius, half_radius)
    state.centre = np.clip(centre, -farthest, farthest)
    skew = state.skew + np.clip(step[:, 2], -MAX_SKEW_STEP, MAX_SKEW_STEP)
    state.skew = np.clip(skew, -1, 1)


def summarise_fit(state: FitState, profiles: Profiles) -> TubeFit:
    """The fit with its covariance."""
    equations = build_equations(state, profiles)
    inverse = solve(equations.block, np.broadcast_to(np.eye(equations.block.shape[-1]), equations.block.shape))
    by_common = inverse @ equations.coupling
    root = np.linalg.cholesky(np.linalg.inv(equations.compute_schur(by_common)))
    own_sd, amount_sd = np.sqrt(np.maximum(inverse[:, (0, 3), (0, 3)], 0)).T
    own_sd[state.log_radius - state.expected >= LOG_RADIUS_RANGE[1] - LIMIT_MARGIN] = UNKNOWN_SD
    return TubeFit(
        log_radius=state.log_radius,
        centre=state.centre,
        skew=state.skew,
        amount=state.linear[:, 0],
        amount_sd=amount_sd,
        common=state.common,
        own_sd=own_sd,
        influence=(inverse[:, :1] @ equations.weighted)[:, 0],
        weight=equations.weight,
        common_effect=by_common[:, 0] @ root,
    )
