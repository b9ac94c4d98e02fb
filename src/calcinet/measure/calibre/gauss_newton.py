"""Tubes on their way to the best fit: one Gauss-Newton step of all windows at once."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Floats
from calcinet.measure.calibre.least_squares import least_squares, solve, trusted
from calcinet.measure.calibre.profiles import LUMEN_SHARE, LUMEN_SHARE_SD, Common, Profiles, TubeFit
from calcinet.measure.calibre.tube_model import Shape, tube_shape

MAX_LUMEN_SHARE: Final = 0.97
"""A thinner wall is drawn like this one. Our choice: it is under 1.6 % of the radius thick, below any blur here."""

SKEW_SD: Final = 0.5
"""Plausible imbalance of the two walls, (right - left) / (right + left). Our choice: one bare wall (1) is two sd."""

LOG_RADIUS_SD: Final = 0.3
"""How far off the first estimate of the radius may plausibly be, as a natural logarithm: a factor of 1.35. Our choice:
felt only where the picture itself leaves the radius open."""

LOG_RADIUS_RANGE: Final = (-0.8, 0.4)
"""Farther off it is never believed to be: from 0.45 to 1.5 of it. Our choice: a trace of a fine line is as wide as the
blur, but what is half as wide again is another line's tube."""

CENTRE_SD_OF_RADIUS: Final = 0.5
"""How far, in outer radii, a given centre line may plausibly lie beside the vessel's middle. Our choice."""

LEAST_LOG_BLUR_SD: Final = 0.02
"""A blur is never known better, relatively. Our choice: no film is blurred by a Gaussian exactly."""

MAX_LOG_BLUR: Final = 1.0
"""Nor is it farther off than this, as a logarithm. Our choice: a factor of 2.7."""

LEANING: Final = 1e-3
UNKNOWN_SD: Final = 10.0
"""Sd of the logarithm of a radius that is this near to its limit: as good as infinite."""

STIFF: Final = 1e9
"""Factor that holds a parameter where it is."""


@dataclass(slots=True, eq=False)
class FitState:
    """Parameters on the way to the optimum; `linear` holds the amount and the background of each window."""

    log_radius: Floats
    centre: Floats
    skew: Floats
    linear: Floats
    common: Common
    centre_sd: Floats
    expected: Floats
    """Logarithm of the expected radius, shape (W,)."""

    @classmethod
    def at(cls, radius: Floats, common: Common) -> "FitState":
        """As expected, with nothing fitted yet."""
        zero = np.zeros_like(radius)
        linear = np.zeros((len(radius), 1))
        return cls(np.log(radius), zero, zero.copy(), linear, common, CENTRE_SD_OF_RADIUS * radius, np.log(radius))

    @classmethod
    def like(cls, fit: TubeFit, radius: Floats, common: Common) -> "FitState":
        """Where another fit ended, with something else in common."""
        state = cls.at(radius, common)
        state.log_radius, state.centre, state.skew = fit.log_radius.copy(), fit.centre.copy(), fit.skew.copy()
        return state

    def tilted(self, profiles: Profiles, centre: Floats) -> Floats:
        """Move to `centre` and take the skew that fits best there; returns the chi-square of each window."""
        self.centre = centre
        shape = self.shape(profiles)
        basis = self.basis(profiles, shape.plain, shape.by_skew)
        linear = least_squares(profiles.value, profiles.weight, basis, profiles.stiffness)
        amount = np.maximum(linear[:, 0], 1e-9 * np.abs(linear).max() + 1e-30)
        self.skew = np.clip(linear[:, 1] / amount, -1, 1)
        linear[:, 1] = self.skew * np.maximum(linear[:, 0], 0)
        linear[:, 0] = np.maximum(linear[:, 0], 0)
        residual = profiles.value - (basis @ linear[..., None])[..., 0]
        unlikely = (profiles.stiffness * linear[:, 2:] ** 2).sum(axis=1)
        return np.asarray((profiles.weight * residual**2).sum(axis=1) + unlikely)

    def solve_linear(self, profiles: Profiles) -> None:
        """Set amount and background to their least-squares values."""
        basis = self.basis(profiles, self.shape(profiles).plain)
        self.linear = least_squares(profiles.value, profiles.weight, basis, profiles.stiffness)
        # a negative tube is no tube: leave it out
        self.linear[self.linear[:, 0] < 0, 0] = 0.0

    def basis(self, profiles: Profiles, *shapes: Floats) -> Floats:
        """Shapes of the tube and the columns of the background, shape (W, K, S + B)."""
        return np.concatenate([np.stack(shapes, axis=-1), profiles.background], axis=-1)

    def shape(self, profiles: Profiles) -> Shape:
        """The tube of unit line integral."""
        return tube_shape(
            profiles.u - self.centre[:, None],
            np.exp(self.log_radius)[:, None],
            profiles.sigma[:, None] * np.exp(self.common.log_blur),
            self.common.share,
            self.skew[:, None],
        )

    def normal(self, profiles: Profiles) -> "Normal":
        """Normal equations at the state."""
        shape = self.shape(profiles)
        amount = self.linear[:, :1]
        curved = amount[..., None] * np.stack([shape.by_log_radius, shape.by_centre, shape.by_skew], axis=-1)
        basis = self.basis(profiles, shape.plain)
        own = np.concatenate([curved, basis], axis=-1)
        common = amount[..., None] * np.stack([shape.by_share, shape.by_log_blur], axis=-1)
        residual = profiles.value - (basis @ self.linear[..., None])[..., 0]
        weight = trusted(residual, profiles.weight)[..., None]
        weighted = np.swapaxes(own * weight, 1, 2)
        block, right = weighted @ own, (weighted @ residual[..., None])[..., 0]
        for index, excess, sd in (
            # the first estimate errs for all windows alike, so each believes it less
            (0, self.log_radius - self.expected, LOG_RADIUS_SD * np.sqrt(len(self.log_radius))),
            (1, self.centre, self.centre_sd),
            (2, self.skew, SKEW_SD),
        ):
            block[:, index, index] += 1 / np.square(sd)
            right[:, index] -= excess / np.square(sd)
        columns = np.arange(4, own.shape[-1])
        block[:, columns, columns] += profiles.stiffness
        right[:, 4:] -= profiles.stiffness * self.linear[:, 1:]
        prior = np.array([LUMEN_SHARE_SD, max(profiles.log_blur_sd, LEAST_LOG_BLUR_SD)]) ** -2.0
        excess = np.array([self.common.share - LUMEN_SHARE, self.common.log_blur])
        together = (np.swapaxes(common * weight, 1, 2) @ common).sum(axis=0) + np.diag(prior)
        pull = (common * weight * residual[..., None]).sum(axis=(0, 1)) - prior * excess
        return Normal(weight[..., 0], weighted, block, weighted @ common, right, together, pull, prior)

    def cost(self, profiles: Profiles) -> float:
        """Minus twice the logarithm of the probability, up to a constant; any lumen share is as likely."""
        residual = profiles.value - (self.basis(profiles, self.shape(profiles).plain) @ self.linear[..., None])[..., 0]
        believed = LOG_RADIUS_SD * np.sqrt(len(self.log_radius))
        windows = ((self.log_radius - self.expected) / believed) ** 2 + (self.centre / self.centre_sd) ** 2
        windows += (self.skew / SKEW_SD) ** 2 + (profiles.stiffness * self.linear[:, 1:] ** 2).sum(axis=1)
        windows += (profiles.weight * residual**2).sum(axis=1)
        return float(windows.sum() + (self.common.log_blur / max(profiles.log_blur_sd, LEAST_LOG_BLUR_SD)) ** 2)

    def step(self, profiles: Profiles, *, held: bool = False) -> float:
        """One damped Gauss-Newton step, what is common held or not; returns the largest relative change of a radius."""
        normal = self.normal(profiles)
        by_right, by_common = normal.solved()
        # a skew that leans on its limit stays there, and the others step without it
        leaning = (np.abs(self.skew) >= 1) & (by_right[:, 2] * self.skew > 0)
        if leaning.any():
            normal.block[leaning, 2, 2] *= STIFF
            normal.right[leaning, 2] = 0.0
            by_right, by_common = normal.solved()
        change = np.zeros(2) if held else self.moved(normal, by_right, by_common)
        delta = by_right - by_common @ change
        step = np.clip(delta[:, 0], -0.2, 0.2)
        low, high = LOG_RADIUS_RANGE
        self.log_radius = np.clip(self.log_radius + step, self.expected + low, self.expected + high)
        room = np.exp(self.log_radius) / 2
        self.centre = np.clip(self.centre + np.clip(delta[:, 1], -room, room), -4 * self.centre_sd, 4 * self.centre_sd)
        self.skew = np.clip(self.skew + np.clip(delta[:, 2], -0.5, 0.5), -1, 1)
        self.solve_linear(profiles)
        return float(np.abs(delta[:, 0]).max())

    def moved(self, normal: "Normal", by_right: Floats, by_common: Floats) -> Floats:
        """Step what the windows share; returns by how much."""
        pull = normal.pull - np.einsum("wpc,wp->c", normal.coupling, by_right)
        share, log_blur = np.linalg.solve(normal.schur(by_common), pull)
        before = self.common
        self.common = Common(
            float(np.clip(before.share + np.clip(share, -0.2, 0.2), 0.01, MAX_LUMEN_SHARE)),
            float(np.clip(before.log_blur + np.clip(log_blur, -0.2, 0.2), -MAX_LOG_BLUR, MAX_LOG_BLUR)),
        )
        return np.array([self.common.share - before.share, self.common.log_blur - before.log_blur])

    def result(self, profiles: Profiles) -> TubeFit:
        """The fit with its covariance."""
        normal = self.normal(profiles)
        inverse = solve(normal.block, np.broadcast_to(np.eye(normal.block.shape[-1]), normal.block.shape))
        by_common = inverse @ normal.coupling
        root = np.linalg.cholesky(np.linalg.inv(normal.schur(by_common)))
        own_sd, amount_sd = np.sqrt(np.maximum(inverse[:, (0, 3), (0, 3)], 0)).T
        own_sd[self.log_radius - self.expected >= LOG_RADIUS_RANGE[1] - LEANING] = UNKNOWN_SD
        return TubeFit(
            self.log_radius,
            self.centre,
            self.skew,
            self.linear[:, 0],
            amount_sd,
            self.common,
            own_sd,
            (inverse[:, :1] @ normal.weighted)[:, 0],
            normal.weight,
            by_common[:, 0] @ root,
        )


@dataclass(slots=True, eq=False)
class Normal:
    """Normal equations: windows' own parameters, P of them, and the two that are common."""

    weight: Floats
    """Of each bin, shape (W, K)."""
    weighted: Floats
    """Derivatives by the own ones times their weights, shape (W, P, K)."""
    block: Floats
    """Shape (W, P, P)."""
    coupling: Floats
    """Of own and common parameters, shape (W, P, 2)."""
    right: Floats
    """Shape (W, P)."""
    together: Floats
    """Of the common ones, shape (2, 2)."""
    pull: Floats
    """Their right side, shape (2,)."""
    prior: Floats
    """Their information before looking, shape (2,)."""

    def solved(self) -> tuple[Floats, Floats]:
        """The windows' own steps, shape (W, P), and how they follow the common ones, shape (W, P, 2)."""
        both = solve(self.block, np.concatenate([self.right[..., None], self.coupling], axis=-1))
        return both[..., 0], both[..., 1:]

    def schur(self, by_common: Floats) -> Floats:
        """Information on the common parameters when the windows' own are free, shape (2, 2)."""
        left = self.together - np.einsum("wpc,wpd->cd", self.coupling, by_common)
        values, vectors = np.linalg.eigh((left + left.T) / 2 - np.diag(self.prior))
        return np.asarray((vectors * np.maximum(values, 0)) @ vectors.T + np.diag(self.prior))
