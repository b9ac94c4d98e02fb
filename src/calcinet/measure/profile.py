"""What a blurred tube looks like across, and the least-squares fit of it to measured profiles."""

from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
from numpy.typing import NDArray

from calcinet.measure.disc import blurred_disc

Array = NDArray[np.float64]

LUMEN_SHARE: Final = 0.5
LUMEN_SHARE_SD: Final = 0.29
"""What is assumed of lumen area over outer area before looking: anything from 0 (solid) to 1 (thin wall), that is the
mean and sd of a uniform distribution. It decides only where the blur hides the lumen, and it widens the interval."""

MAX_LUMEN_SHARE: Final = 0.97
"""A thinner wall is drawn like this one. Our choice: it is under 1.6 % of the radius thick, below any blur here."""

SKEW_SD: Final = 0.5
"""Plausible imbalance of the two walls, (right - left) / (right + left). Our choice: one bare wall (1) is two sd."""

LOG_RADIUS_SD: Final = 0.5
"""How far off the first estimate of the radius may plausibly be, as a natural logarithm: a factor of 1.65. Our choice:
felt only where the picture itself leaves the radius open."""

CENTRE_SD_OF_RADIUS: Final = 0.5
"""How far, in outer radii, a given centre line may plausibly lie beside the vessel's middle. Our choice."""

SCALES: Final = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.12, 1.25, 1.4, 1.6)
SHARES: Final = (0.1, 0.5, 0.85)
SHIFTS: Final = (-0.5, -0.25, 0.0, 0.25, 0.5)
"""Starting points: outer radius over its first estimate, lumen share, and shift of the centre in radii. Our choice."""

OUTLIER_SIGMAS: Final = 3.0
"""A bin that misses the model by this much has half its weight (Cauchy's weight). Our choice: hardly felt by noise, it
keeps a neighbouring line or bone edge from bending the fit."""

UNKNOWNS: Final = 6
"""Radius, centre, skew, amount, level and slope of a window."""

STIFF: Final = 1e9
"""Factor that holds a parameter where it is."""

ITERATIONS: Final = 12
SETTLED: Final = 1e-3
"""Most steps, and the largest relative change of a radius at which they end. Our choice: far below any noise."""


@dataclass(frozen=True, slots=True, eq=False)
class Profiles:
    """Binned profiles across a vessel, one row a window along it. Bins without pixels have weight 0."""

    u: Array
    """Mean distance of a bin's pixels from the centre line, shape (W, K)."""

    value: Array
    """Mean pixel of a bin, shape (W, K)."""

    weight: Array
    """1 / variance of `value`, shape (W, K)."""

    sigma: Array
    """Blur across the line, in the unit of `u`, shape (W,)."""

    background: Array
    """Columns of which the background may be made, shape (W, K, B)."""

    stiffness: Array
    """1 / variance that each column's coefficient is expected to have, shape (W, B); 0 leaves it free."""


@dataclass(frozen=True, slots=True, eq=False)
class TubeFit:
    """A tube in each window, with one lumen share for all of them."""

    log_radius: Array
    """Natural logarithm of the outer radius, shape (W,)."""

    centre: Array
    """Shift of the tube's middle along `u`, shape (W,)."""

    skew: Array
    amount: Array
    """Line integral across the tube (pixel value times length), shape (W,), and its sd below."""

    amount_sd: Array
    share: float
    """Lumen area over outer area."""

    own_sd: Array
    """Sd of `log_radius` from each window's noise alone, shape (W,)."""

    share_effect: Array
    """Change of `log_radius` when the lumen share changes by one sd, common to all windows, shape (W,)."""


def fit_tubes(profiles: Profiles, radius: Array, *, start: Array | None = None, share: float | None = None) -> TubeFit:
    """Fit a tube to every window.

    The model is that of a circular tube in parallel rays, chord(R) - chord(r), blurred by a Gaussian, on a straight
    background, bent where the surroundings ask for it. The two walls may differ: the calcium density changes linearly
    across the tube. Gauss-Newton on all windows at once; the lumen share r^2/R^2 is common to them and eliminated last
    (Schur complement). Where tissue that is no noise remains, it counts as noise of its own size and coarseness.

    Parameters
    ----------
    profiles
        W windows of K bins.
    radius
        What the outer radius is expected to be, shape (W,).
    start, share
        Outer radius (W,) and lumen share near the optimum; without them both are searched on a coarse grid first.
    """
    if start is None or share is None:
        state = _State.from_grid(profiles, radius)
    else:
        state = _State.at(radius, share)
        state.log_radius = np.log(start)
    state.solve_linear(profiles)
    for _ in range(ITERATIONS):
        if state.step(profiles) < SETTLED:
            break
    return state.result(profiles)


@dataclass(slots=True, eq=False)
class _State:
    """Parameters on the way to the optimum; `linear` holds the amount and the background of each window."""

    log_radius: Array
    centre: Array
    skew: Array
    linear: Array
    share: float
    centre_sd: Array
    expected: Array
    """Logarithm of the expected radius, shape (W,)."""

    @classmethod
    def at(cls, radius: Array, share: float) -> "_State":
        zero = np.zeros_like(radius)
        linear = np.zeros((len(radius), 1))
        return cls(np.log(radius), zero, zero.copy(), linear, share, CENTRE_SD_OF_RADIUS * radius, np.log(radius))

    @classmethod
    def from_grid(cls, profiles: Profiles, radius: Array) -> "_State":
        """The best radius scale and lumen share of the whole vessel, and the best shift of each window."""
        best, found = np.inf, cls.at(radius, LUMEN_SHARE)
        bins = np.maximum((profiles.weight > 0).sum(axis=1), 1)
        for scale, share in product(SCALES, SHARES):
            trials = [cls.at(radius * scale, share) for _ in SHIFTS]
            pairs = zip(trials, SHIFTS, strict=True)
            misfit = np.array([trial.tilted(profiles, shift * radius) for trial, shift in pairs])
            # the noise may be more than given: then a misfit counts by its ratio to the best one
            cost = bins * np.log1p(misfit / bins) + (np.log(scale) / LOG_RADIUS_SD) ** 2
            if cost.min(axis=0).sum() < best:
                best = cost.min(axis=0).sum()
                window = (cost.argmin(axis=0), np.arange(len(radius)))
                found = trials[0]
                found.expected = np.log(radius)
                found.centre = np.array([trial.centre for trial in trials])[window]
                found.skew = np.array([trial.skew for trial in trials])[window]
        return found

    def tilted(self, profiles: Profiles, centre: Array) -> Array:
        """Move to `centre` and take the skew that fits best there; returns the chi-square of each window."""
        self.centre = centre
        shape, _, _, by_skew, _ = self.shape(profiles)
        basis = self.basis(profiles, shape, by_skew)
        linear = _least_squares(profiles, basis)
        amount = np.maximum(linear[:, 0], 1e-9 * np.abs(linear).max() + 1e-30)
        self.skew = np.clip(linear[:, 1] / amount, -1, 1)
        linear[:, 1] = self.skew * np.maximum(linear[:, 0], 0)
        linear[:, 0] = np.maximum(linear[:, 0], 0)
        residual = profiles.value - np.einsum("wki,wi->wk", basis, linear)
        return np.asarray((profiles.weight * residual**2).sum(axis=1))

    def solve_linear(self, profiles: Profiles) -> None:
        """Set amount and background to their least-squares values."""
        self.linear = _least_squares(profiles, self.basis(profiles, self.shape(profiles)[0]))
        # a negative tube is no tube: leave it out
        self.linear[self.linear[:, 0] < 0, 0] = 0.0

    def basis(self, profiles: Profiles, *shapes: Array) -> Array:
        """Shapes of the tube and the columns of the background, shape (W, K, S + B)."""
        return np.concatenate([np.stack(shapes, axis=-1), profiles.background], axis=-1)

    def residual(self, profiles: Profiles, basis: Array) -> Array:
        """What amount and background leave unexplained, shape (W, K)."""
        return np.asarray(profiles.value - np.einsum("wki,wi->wk", basis, self.linear))

    def shape(self, profiles: Profiles) -> tuple[Array, Array, Array, Array, Array]:
        """Tube of unit line integral, and its derivatives by log radius, centre, skew and lumen share."""
        radius = np.exp(self.log_radius)[:, None]
        sigma = profiles.sigma[:, None]
        x = profiles.u - self.centre[:, None]
        inner = radius * np.sqrt(self.share)
        outer_disc, outer_x, outer_r = blurred_disc(x, radius, sigma)
        inner_disc, inner_x, inner_r = blurred_disc(x, inner, sigma)
        area = np.pi * radius**2 * (1 - self.share)
        plain = (outer_disc - inner_disc) / area
        tilt = 1 + self.skew[:, None] * x / radius
        slope = (outer_x - inner_x) / area
        by_x = slope * tilt + plain * self.skew[:, None] / radius
        by_log_radius = (outer_r * radius - inner_r * inner) / area * tilt - 2 * plain * tilt
        by_log_radius -= plain * self.skew[:, None] * x / radius
        by_share = (plain - inner_r * radius / (2 * np.sqrt(self.share)) / area * (1 - self.share)) / (1 - self.share)
        return plain * tilt, by_log_radius, -by_x, plain * x / radius, by_share * tilt

    def normal(self, profiles: Profiles) -> tuple[Array, Array, Array, float, float]:
        """Normal equations: windows' own blocks (W, P, P), coupling (W, P), right sides, and those of the share."""
        shape, by_log_radius, by_centre, by_skew, by_share = self.shape(profiles)
        amount = self.linear[:, :1]
        curved = np.stack([amount * by_log_radius, amount * by_centre, amount * by_skew], axis=-1)
        basis = self.basis(profiles, shape)
        own = np.concatenate([curved, basis], axis=-1)
        common = amount * by_share
        residual = self.residual(profiles, basis)
        weight = trusted(residual, profiles.weight)
        weighted = own * weight[..., None]
        block = np.einsum("wki,wkj->wij", weighted, own)
        right = np.einsum("wki,wk->wi", weighted, residual)
        for index, excess, sd in (
            (0, self.log_radius - self.expected, LOG_RADIUS_SD),
            (1, self.centre, self.centre_sd),
            (2, self.skew, SKEW_SD),
        ):
            block[:, index, index] += 1 / np.square(sd)
            right[:, index] -= excess / np.square(sd)
        columns = np.arange(4, own.shape[-1])
        block[:, columns, columns] += profiles.stiffness
        right[:, 4:] -= profiles.stiffness * self.linear[:, 1:]
        coupling = np.einsum("wki,wk->wi", weighted, common)
        share_block = float((weight * common**2).sum()) + LUMEN_SHARE_SD**-2
        share_right = float((weight * common * residual).sum()) + (LUMEN_SHARE - self.share) / LUMEN_SHARE_SD**2
        return block, coupling, right, share_block, share_right

    def step(self, profiles: Profiles) -> float:
        """One damped Gauss-Newton step; returns the largest relative change of a radius."""
        block, coupling, right, share_block, share_right = self.normal(profiles)
        both = _solve(block, np.stack([right, coupling], axis=-1))
        # a skew that leans on its limit stays there, and the others step without it
        leaning = (np.abs(self.skew) >= 1) & (both[:, 2, 0] * self.skew > 0)
        if leaning.any():
            block[leaning, 2, 2] *= STIFF
            right[leaning, 2] = 0.0
            both = _solve(block, np.stack([right, coupling], axis=-1))
        by_right, by_share = both[..., 0], both[..., 1]
        schur = share_block - float((coupling * by_share).sum())
        change = (share_right - float((coupling * by_right).sum())) / max(schur, LUMEN_SHARE_SD**-2)
        change = float(np.clip(self.share + np.clip(change, -0.2, 0.2), 0.01, MAX_LUMEN_SHARE)) - self.share
        delta = by_right - by_share * change
        self.share += change
        self.log_radius = self.log_radius + np.clip(delta[:, 0], -0.2, 0.2)
        room = np.exp(self.log_radius) / 2
        self.centre = np.clip(self.centre + np.clip(delta[:, 1], -room, room), -4 * self.centre_sd, 4 * self.centre_sd)
        self.skew = np.clip(self.skew + np.clip(delta[:, 2], -0.5, 0.5), -1, 1)
        self.solve_linear(profiles)
        return float(np.abs(delta[:, 0]).max())

    def result(self, profiles: Profiles) -> TubeFit:
        """The fit with its covariance."""
        block, coupling, _, share_block, _ = self.normal(profiles)
        inverse = _solve(block, np.broadcast_to(np.eye(block.shape[-1]), block.shape))
        by_share = np.einsum("wij,wj->wi", inverse, coupling)
        schur = max(share_block - float((coupling * by_share).sum()), LUMEN_SHARE_SD**-2)
        own_sd, amount_sd = np.sqrt(np.maximum(inverse[:, (0, 3), (0, 3)], 0)).T
        effect = by_share[:, 0] / np.sqrt(schur)
        return TubeFit(
            self.log_radius, self.centre, self.skew, self.linear[:, 0], amount_sd, self.share, own_sd, effect
        )


def trusted(residual: Array, weight: Array) -> Array:
    """`weight` (1 / variance) as the residuals bear it out, shape (W, K).

    Bins far from the model lose weight (Cauchy); a window whose scatter exceeds its noise loses in proportion; and so
    does the whole vessel where neighbouring bins err together, for then they are fewer than they look.
    """
    z = residual * np.sqrt(weight)
    seen = weight > 0
    scatter = np.maximum((z**2).sum(axis=1) / np.maximum(seen.sum(axis=1), 1), 1.0)[:, None]
    kept = 1 / (1 + z**2 / (scatter * OUTLIER_SIGMAS**2))
    scatter = np.maximum((kept * z**2).sum(axis=1) / np.maximum(seen.sum(axis=1) - UNKNOWNS, 1), 1.0)[:, None]
    unit = z * np.sqrt(kept / scatter)
    both = seen[:, 1:] & seen[:, :-1]
    alike = float((unit[:, 1:] * unit[:, :-1] * both).sum()) / max(float((unit**2).sum()), 1e-12)
    fewer = max((1 + alike) / max(1 - alike, 0.05), 1.0)
    return np.asarray(weight * kept / scatter / fewer)


def _least_squares(profiles: Profiles, basis: Array) -> Array:
    """Coefficients of the columns of `basis`, the last of which are the background's."""
    weighted = basis * profiles.weight[..., None]
    normal = np.einsum("wki,wkj->wij", weighted, basis)
    columns = np.arange(basis.shape[-1] - profiles.stiffness.shape[-1], basis.shape[-1])
    normal[:, columns, columns] += profiles.stiffness
    return _solve(normal, np.einsum("wki,wk->wi", weighted, profiles.value))


def _solve(normal: Array, right: Array) -> Array:
    """Solve the windows' equations; parameters that the data leave open stay where they are."""
    vector = right.ndim == normal.ndim - 1
    scale = np.sqrt(np.maximum(np.einsum("wii->wi", normal), 1e-30))
    scaled = normal / (scale[:, :, None] * scale[:, None, :]) + 1e-9 * np.eye(normal.shape[-1])
    columns = (right[..., None] if vector else right) / scale[:, :, None]
    solved = np.linalg.solve(scaled, columns) / scale[:, :, None]
    return np.asarray(solved[..., 0] if vector else solved)
