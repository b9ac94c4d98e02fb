"""Profiles across a vessel, and the tubes that were fitted to them."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from calcinet.arrays import Floats

LUMEN_SHARE: Final = 0.5
LUMEN_SHARE_SD: Final = 0.29
"""What is assumed of lumen area over outer area before looking: anything from 0 (solid) to 1 (thin wall), that is the
mean and sd of a uniform distribution. It decides only where the blur hides the lumen, and it widens the interval."""


@dataclass(frozen=True, slots=True, eq=False)
class Profiles:
    """Binned profiles across a vessel, one row a window along it. Bins without pixels have weight 0."""

    u: Floats
    """Mean distance of a bin's pixels from the centre line, shape (W, K)."""

    value: Floats
    """Mean pixel of a bin, shape (W, K)."""

    weight: Floats
    """1 / variance of `value`, shape (W, K)."""

    sigma: Floats
    """Blur across the line, in the unit of `u`, shape (W,)."""

    background: Floats
    """Columns of which the background may be made, shape (W, K, B)."""

    stiffness: Floats
    """1 / variance that each column's coefficient is expected to have, shape (W, B); 0 leaves it free."""

    log_blur_sd: float = 0.0
    """How well `sigma` is known, as the sd of its logarithm."""

    def times(self, count: int) -> "Profiles":
        """All windows `count` times, one set after the other."""

        def again(rows: Floats) -> Floats:
            return np.concatenate([rows] * count)

        return Profiles(
            again(self.u),
            again(self.value),
            again(self.weight),
            again(self.sigma),
            again(self.background),
            again(self.stiffness),
            self.log_blur_sd,
        )


@dataclass(frozen=True, slots=True)
class Common:
    """What is alike in all windows of a vessel."""

    share: float = LUMEN_SHARE
    """Lumen area over outer area."""

    log_blur: float = 0.0
    """Logarithm of the blur over the one that was given."""


@dataclass(frozen=True, slots=True, eq=False)
class TubeFit:
    """A tube in each window, with one lumen share for all of them."""

    log_radius: Floats
    """Natural logarithm of the outer radius, shape (W,)."""

    centre: Floats
    """Shift of the tube's middle along `u`, shape (W,)."""

    skew: Floats
    amount: Floats
    """Line integral across the tube (pixel value times length), shape (W,), and its sd below."""

    amount_sd: Floats
    common: Common
    """What all windows share."""

    own_sd: Floats
    """Sd of `log_radius` from each window's noise and tissue alone, shape (W,)."""

    influence: Floats
    """Change of `log_radius` with each bin's value, shape (W, K)."""

    weight: Floats
    """1 / variance of each bin as the residuals bear it out, shape (W, K)."""

    common_effect: Floats
    """Change of `log_radius` when what all windows share changes by one sd, two independent ways, shape (W, 2)."""
