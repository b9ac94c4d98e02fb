"""Parameters of the tubes on their way to the best fit, and how well they explain the profiles."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Floats
from calcinet.measure.calibre.least_squares import least_squares, predict
from calcinet.measure.calibre.profiles import Common, Profiles, TubeFit
from calcinet.measure.calibre.tube_model import TubeShape, tube_shape

SKEW_SD: Final = 0.5
"""Plausible imbalance of the two walls, (right - left) / (right + left). Our choice: one bare wall (1) is two sd."""

LOG_RADIUS_SD: Final = 0.3
"""Sd of the first estimate of the radius, as a natural logarithm: a factor of 1.35. Our choice: it matters only where
the picture itself leaves the radius open."""

CENTRE_SD_OF_RADIUS: Final = 0.5
"""Sd of the distance between the given centre line and the vessel's middle, in outer radii. Our choice."""

LEAST_LOG_BLUR_SD: Final = 0.02
"""Smallest relative sd of the blur. Our choice: no film is blurred by a Gaussian exactly."""


@dataclass(slots=True, eq=False, kw_only=True)
class FitState:
    """Parameters of W windows; the fit moves them from their first estimate to the optimum."""

    log_radius: Floats
    """Natural logarithm of the outer radius, shape (W,)."""

    centre: Floats
    """Shift of the tube's middle along `u`, shape (W,)."""

    skew: Floats
    """(right - left) / (right + left) of the two walls, shape (W,)."""

    linear: Floats
    """Amount of the tube, then the coefficients of the background, shape (W, 1 + B)."""

    common: Common
    """Lumen share and blur of the whole vessel."""

    centre_sd: Floats
    """Sd that `centre` is expected to have, shape (W,)."""

    expected: Floats
    """Logarithm of the expected radius, shape (W,)."""

    @classmethod
    def from_radius(cls, radius: Floats, common: Common) -> "FitState":
        """A state at the expected radius, shape (W,), with nothing fitted yet."""
        zero = np.zeros_like(radius)
        return cls(
            log_radius=np.log(radius),
            centre=zero,
            skew=zero.copy(),
            linear=np.zeros((len(radius), 1)),
            common=common,
            centre_sd=CENTRE_SD_OF_RADIUS * radius,
            expected=np.log(radius),
        )

    @classmethod
    def from_fit(cls, fit: TubeFit, radius: Floats, common: Common) -> "FitState":
        """The state at which another fit ended, with other common parameters."""
        state = cls.from_radius(radius, common)
        state.log_radius = fit.log_radius.copy()
        state.centre = fit.centre.copy()
        state.skew = fit.skew.copy()
        return state

    @property
    def log_radius_sd(self) -> float:
        """Sd of the first estimate: it errs for all windows alike, so that each of them trusts it less."""
        return float(LOG_RADIUS_SD * np.sqrt(len(self.log_radius)))

    def compute_shape(self, profiles: Profiles) -> TubeShape:
        """Profile of the tube of unit line integral, and its derivatives, each of shape (W, K)."""
        return tube_shape(
            profiles.u - self.centre[:, None],
            np.exp(self.log_radius)[:, None],
            profiles.sigma[:, None] * np.exp(self.common.log_blur),
            self.common.share,
            self.skew[:, None],
        )

    def compute_basis(self, profiles: Profiles) -> Floats:
        """Tube and columns of the background, shape (W, K, 1 + B)."""
        return join_columns(profiles, self.compute_shape(profiles).plain)

    def fit_linear(self, profiles: Profiles) -> None:
        """Set amount and background to their least-squares values."""
        basis = self.compute_basis(profiles)
        self.linear = least_squares(profiles.value, profiles.weight, basis, profiles.stiffness)
        # a negative tube is no tube: leave it out
        self.linear[self.linear[:, 0] < 0, 0] = 0.0

    def fit_skew(self, profiles: Profiles, centre: Floats) -> Floats:
        """Move to `centre` and set the skew that fits best there; returns the chi-square of each window."""
        self.centre = centre
        shape = self.compute_shape(profiles)
        basis = join_columns(profiles, shape.plain, shape.by_skew)
        linear = least_squares(profiles.value, profiles.weight, basis, profiles.stiffness)
        least_amount = 1e-9 * np.abs(linear).max() + 1e-30
        self.skew = np.clip(linear[:, 1] / np.maximum(linear[:, 0], least_amount), -1, 1)
        linear[:, 1] = self.skew * np.maximum(linear[:, 0], 0)
        linear[:, 0] = np.maximum(linear[:, 0], 0)
        residual = profiles.value - predict(basis, linear)
        background = (profiles.stiffness * linear[:, 2:] ** 2).sum(axis=1)
        return np.asarray((profiles.weight * residual**2).sum(axis=1) + background)

    def compute_cost(self, profiles: Profiles) -> float:
        """Minus twice the logarithm of the probability, up to a constant; every lumen share is equally likely.

        sum over windows of (ln R - ln R0)^2 / sd^2 + c^2 / sd_c^2 + skew^2 / sd_s^2 + sum_b stiffness_b a_b^2
        + sum_k weight_k (value_k - model_k)^2, and (log blur)^2 / sd_b^2.
        """
        residual = profiles.value - predict(self.compute_basis(profiles), self.linear)
        from_radius = ((self.log_radius - self.expected) / self.log_radius_sd) ** 2
        windows = from_radius + (self.centre / self.centre_sd) ** 2
        from_background = (profiles.stiffness * self.linear[:, 1:] ** 2).sum(axis=1)
        windows += (self.skew / SKEW_SD) ** 2 + from_background
        windows += (profiles.weight * residual**2).sum(axis=1)
        return float(windows.sum() + (self.common.log_blur / log_blur_sd(profiles)) ** 2)


def join_columns(profiles: Profiles, *shapes: Floats) -> Floats:
    """Shapes of the tube, then the columns of the background, shape (W, K, S + B)."""
    return np.concatenate([np.stack(shapes, axis=-1), profiles.background], axis=-1)


def log_blur_sd(profiles: Profiles) -> float:
    """Sd of the blur's logarithm, `LEAST_LOG_BLUR_SD` at least."""
    return max(profiles.log_blur_sd, LEAST_LOG_BLUR_SD)
