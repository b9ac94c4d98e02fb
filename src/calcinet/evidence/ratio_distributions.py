"""How sure a share or a ratio of shares is: distributions over the logarithm, by quadrature, without random numbers."""

from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol, Self

import numpy as np

from calcinet.arrays import Floats
from calcinet.errors import BadInput

STEP: Final = 0.004
"""Width of a cell of the logarithm. Our choice: 0.4 % of a ratio, far inside any interval here."""

LOWEST_LOG: Final = -24.0
"""A share below exp(-24) counts as exp(-24). Our choice: a Beta(1/2, n) lies below it once in 100,000 times."""

EDGES: Final = np.arange(round(LOWEST_LOG / STEP), 1) * STEP
"""Edges of the cells of the logarithm of a share, the last one 0."""

SIMPSON: Final = np.array([1, 4, 1]) / 6
"""Weights of Simpson's rule within a cell. Our choice: exact to 1 in 10,000 up to some thousand counted people."""

NEARLY_ZERO: Final = 1e-12
"""Angle at which the first cell begins. Our choice: its logarithm is a number, and nothing lies below it."""

QUANTILES: Final = (0.5, 0.025, 0.975)
"""Median, low and high."""


class Share(Protocol):
    """A share between 0 and 1 that is not known exactly."""

    def __hash__(self) -> int:
        """Shares are compared once for all patients."""

    def masses(self) -> Floats:
        """Probability of each cell of `EDGES`; what lies below the lowest is put into the first."""

    def rest(self) -> "Share":
        """What is left to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """Angles whose squared sine is a share: the two ends and the middle of each cell."""

    log_sine: Floats
    """Shape (cells, 3)."""
    log_cosine: Floats
    widths: Floats
    """Of each cell, in radians."""


@cache
def _lay_grid() -> _Grid:
    """The angles of `EDGES`, the same for every share."""
    angles = np.arcsin(np.exp(EDGES / 2))
    angles[0] = NEARLY_ZERO
    widths = np.diff(angles)
    points = angles[:-1, None] + widths[:, None] * np.linspace(0, 1, len(SIMPSON))
    return _Grid(np.log(np.sin(points)), np.log(np.cos(points)), widths)


@dataclass(frozen=True, slots=True)
class Counted:
    """A share of which `with_it` and `without` were counted: Beta(with_it + 1/2, without + 1/2)."""

    with_it: float
    without: float

    def __post_init__(self) -> None:
        if self.with_it < 0 or self.without < 0 or self.with_it + self.without == 0:
            raise BadInput(f"counts cannot be {self.with_it} with and {self.without} without")

    def masses(self) -> Floats:
        """Integrate the density over each cell by Simpson's rule.

        Of a share sin^2(angle) the density is sin^(2 with_it) cos^(2 without), smooth and without poles at its ends.
        """
        grid = _lay_grid()
        logs = 2 * self.with_it * grid.log_sine + 2 * self.without * grid.log_cosine
        masses = np.exp(logs - logs.max()) @ SIMPSON * grid.widths
        return np.asarray(masses / masses.sum())

    def rest(self) -> "Counted":
        """Those without it."""
        return Counted(self.without, self.with_it)


@dataclass(frozen=True, slots=True)
class Between:
    """A share of which nothing is known but its bounds: uniform."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.low < self.high <= 1:
            raise BadInput(f"a share runs from low to high between 0 and 1, got {self.low} to {self.high}")

    def masses(self) -> Floats:
        """In proportion to how much of each cell lies between the bounds."""
        reached = np.clip((np.exp(EDGES) - self.low) / (self.high - self.low), 0, 1)
        reached[0] = 0.0
        return np.diff(reached)

    def rest(self) -> "Between":
        """Mirrored at one half."""
        return Between(1 - self.high, 1 - self.low)


@dataclass(frozen=True, slots=True, eq=False)
class LogRatio:
    """Distribution of the logarithm of a positive number, on cells of `STEP`."""

    first: int
    """Centre of the first cell, in steps."""
    mass: Floats
    """Probability of each cell."""

    @classmethod
    def one(cls) -> Self:
        """The ratio 1, known exactly."""
        return cls(0, np.ones(1))

    @classmethod
    def of(cls, above: Share, under: Share) -> Self:
        """Ratio of two independent shares."""
        return cls(1 - len(EDGES) + 1, _convolve(above.masses(), under.masses()[::-1]))

    def times(self, other: "LogRatio") -> "LogRatio":
        """Product with an independent ratio."""
        return LogRatio(self.first + other.first, _convolve(self.mass, other.mass))

    def quantiles(self) -> tuple[float, float, float]:
        """Median and the ends of the 95 % interval, of the logarithm."""
        if len(self.mass) == 1:
            return (self.first * STEP,) * 3
        reached = np.concatenate([[0.0], np.cumsum(self.mass)])
        edge = (self.first + np.arange(len(reached)) - 0.5) * STEP
        middle, low, high = np.interp(QUANTILES, reached / reached[-1], edge)
        return float(middle), float(low), float(high)

    def ratio(self) -> tuple[float, float, float]:
        """Median, low and high of the ratio itself."""
        middle, low, high = np.exp(self.quantiles())
        return float(middle), float(low), float(high)


def _convolve(a: Floats, b: Floats) -> Floats:
    size = len(a) + len(b) - 1
    fast = 1 << (size - 1).bit_length()  # a power of two is transformed fastest
    # The Fourier transform leaves rounding errors of either sign where there is nothing.
    return np.clip(np.fft.irfft(np.fft.rfft(a, fast) * np.fft.rfft(b, fast), fast)[:size], 0, None)
